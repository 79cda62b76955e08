"""Crash-safe JSON Lines feed. Knows neither Scrapy nor the site."""
