"""Scrapy as it comes: fetches pages and parses nothing."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

from scrapy import Request, Spider
from scrapy.http import Response
from scrapy.settings import BaseSettings
from scrapy.settings import default_settings as defaults


class BareSpider(Spider):
    """Fetch the URLs that stand in a file."""

    name = "bare"
    urls: str

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        """Undo the project's settings: Scrapy's defaults, one request at a time as the project has it."""
        for name in settings:
            if (
                name.isupper()
                and hasattr(defaults, name)
                and name not in ("LOG_LEVEL", "CONCURRENT_REQUESTS", "ADDONS")
            ):
                settings.set(name, getattr(defaults, name), priority="cmdline")
        settings.set("DOWNLOAD_DELAY", 0, priority="cmdline")

    async def start(self) -> AsyncIterator[Request]:
        """Ask for every URL."""
        for url in Path(self.urls).read_text().splitlines():
            yield Request(url)

    def parse(self, response: Response) -> Iterator[None]:
        """Do nothing with the page."""
        yield from ()
