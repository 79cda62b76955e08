"""Spider as in a tutorial, for comparison: fetches one page, and yields one item."""

from collections.abc import AsyncIterator, Iterator

from scrapy import Request, Spider
from scrapy.http import Response


class TutorialSpider(Spider):
    """Fetches the page `url`."""

    name = "tutorial"
    url: str

    async def start(self) -> AsyncIterator[Request]:
        """Yield the request."""
        yield Request(self.url)

    def parse(self, response: Response) -> Iterator[dict[str, str | None]]:
        """Yield the title."""
        yield {"title": response.css("title::text").get()}
