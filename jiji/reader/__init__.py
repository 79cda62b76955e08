"""Reader of feeds: typed articles, and the column types of other readers. Knows neither Scrapy nor the site."""

from jiji.reader.articles import read
from jiji.reader.schemas import schema

__all__ = ["read", "schema"]
