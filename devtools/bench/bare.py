"""Plain Scrapy spider for comparison, which fetches pages and parses nothing."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

from scrapy import Request, Spider
from scrapy.http import Response
from scrapy.settings import BaseSettings
from scrapy.settings import default_settings as defaults

KEPT = ("LOG_LEVEL", "CONCURRENT_REQUESTS", "ADDONS")


class BareSpider(Spider):
    """Fetches the URLs listed in the file `urls`."""

    name = "bare"
    urls: str

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        """Restore Scrapy's defaults, except for the settings `KEPT` and no delay."""
        for name in settings:
            if name.isupper() and hasattr(defaults, name) and name not in KEPT:
                settings.set(name, getattr(defaults, name), priority="cmdline")
        settings.set("DOWNLOAD_DELAY", 0, priority="cmdline")

    async def start(self) -> AsyncIterator[Request]:
        """Yield a request for each URL."""
        for url in Path(self.urls).read_text().splitlines():
            yield Request(url)

    def parse(self, response: Response) -> Iterator[None]:
        """Yield nothing."""
        yield from ()
