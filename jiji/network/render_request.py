"""Request for a page as a browser shows it, and the response to it; imports no browser."""

from typing import IO, Any

from scrapy import Request
from scrapy.http import HtmlResponse, TextResponse


class RenderRequest(Request):
    """Request for a page after its scripts have run.

    ``document`` is the response without scripts. The browser opens it, so that it is not downloaded twice.
    """

    attributes: tuple[str, ...] = (*Request.attributes, "document", "wants_screenshot")

    def __init__(self, *args: Any, document: TextResponse, wants_screenshot: bool = False, **more: Any) -> None:
        super().__init__(*args, **more)
        self.document = document
        self.wants_screenshot = wants_screenshot


class RenderedResponse(HtmlResponse):
    """Page after its scripts have run, in UTF-8. It has no validators: those of the document say nothing about it."""

    attributes: tuple[str, ...] = (*HtmlResponse.attributes, "screenshot")

    def __init__(self, *args: Any, screenshot: IO[bytes] | None = None, **more: Any) -> None:
        super().__init__(*args, **more)
        self.screenshot = screenshot
        """Full-page PNG in a file without a name, which ends with the process; None where none was wanted."""
