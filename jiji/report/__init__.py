"""Report of all sections for ``scrapy report``: content, charts, and one HTML page."""
