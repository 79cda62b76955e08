"""Plain Scrapy spiders for comparison. They run outside the project, with Scrapy's own settings and components."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

from scrapy import Request, Spider
from scrapy.http import Response


class BareSpider(Spider):
    """Fetches the URLs listed in the file `urls`, and yields nothing."""

    name = "bare"
    urls: str

    async def start(self) -> AsyncIterator[Request]:
        """Yield a request for each URL."""
        for url in Path(self.urls).read_text().splitlines():
            yield Request(url)

    def parse(self, response: Response) -> Iterator[None]:
        """Yield nothing."""
        yield from ()
