"""Probe of the site: findings about its pages and advice on them, for ``scrapy probe``."""
