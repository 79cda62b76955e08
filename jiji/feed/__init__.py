"""Crash-safe JSON Lines feed; knows neither Scrapy nor the site."""
