"""Spiders of a user's own in the project: dicts, a subclass of a section's spider, a section that is unknown."""

from collections.abc import AsyncIterator, Iterator
from typing import Any

from scrapy import Request, Spider
from scrapy.http import Response

from jiji.spiders.photos import PhotosSpider
from jiji.spiders.section import SectionSpider


class DictSpider(Spider):
    name = "dicts"

    async def start(self) -> AsyncIterator[Request]:
        yield Request(self.settings["JIJI_BASE_URL"])

    def parse(self, response: Response) -> Iterator[dict[str, Any]]:
        yield {"url": response.url, "length": len(response.body)}


class MyPhotosSpider(PhotosSpider):
    name = "mine"


class UnnamedSpider(SectionSpider):
    """Base class of a user's own, without a name."""


class UnknownSectionSpider(UnnamedSpider):
    name = "unknown"
