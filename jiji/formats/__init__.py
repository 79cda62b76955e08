"""Formats of ``scrapy export``: each module writes a stream of articles as one file or stream."""
