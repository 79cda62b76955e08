"""Requests that only call their callback, without any download.

Scrapy takes items from callbacks only. A spider that holds items back until it is idle schedules a `LocalRequest` then,
and yields them from its callback.
"""

from scrapy import Request
from scrapy.http import Response


class LocalRequest(Request):
    """A request that `LocalRequestMiddleware` answers with an empty response."""


class LocalRequestMiddleware:
    """Answers local requests before any other middleware sees them; nothing is sent."""

    def process_request(self, request: Request) -> Response | None:
        """Return an empty response for a local request."""
        return Response(request.url) if isinstance(request, LocalRequest) else None
