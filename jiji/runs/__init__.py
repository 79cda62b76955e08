"""Results, manifests and status of runs; knows neither Scrapy nor the site."""
