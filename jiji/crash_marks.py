"""Crash marks of a crawl: the page at work is marked on disk during every step of the work on it.

Work on a page is a coroutine that waits, for bytes or for its turn, between its steps. A run that is killed during a
wait has no page to blame. So the mark stands during the steps only.
"""

from collections.abc import Coroutine, Generator
from typing import Any, Generic, TypeVar

from scrapy import Request

from jiji.section_run import SectionRun
from jiji.site.listing import Listing

Result = TypeVar("Result")


class CrashMarks:
    """The crash marks of one run. A failure to write one ends the run."""

    def __init__(self, run: SectionRun) -> None:
        self._run = run
        self._marker = run.feed.crash_marker

    def mark(self, page: str | None) -> None:
        """Mark a page; None for no page."""
        with self._run.feed_errors_end_the_run():
            self._marker.mark(page)

    def clear(self, page: str) -> None:
        """Clear the mark of this page; that of any other stays."""
        if self._marker.page == page:
            self.mark(None)

    def survived(self, page: str) -> None:
        """Reset the deaths of a page that was parsed."""
        with self._run.feed_errors_end_the_run():
            self._marker.survived(page)

    async def during(self, page: str, work: Coroutine[Any, Any, Result]) -> Result:
        """Return the result of ``work``, each of whose steps is marked."""
        return await _Steps(self, page, work)


class _Steps(Generic[Result]):
    """Awaitable that drives a coroutine step by step."""

    def __init__(self, marks: CrashMarks, page: str, work: Coroutine[Any, Any, Result]) -> None:
        self._marks, self._page, self._work = marks, page, work

    def __await__(self) -> Generator[Any, Any, Result]:
        error: BaseException | None = None
        while True:
            self._marks.mark(self._page)
            try:
                awaited = self._work.throw(error) if error else self._work.send(None)
            except StopIteration as end:
                result: Result = end.value
                return result
            finally:
                self._marks.clear(self._page)
            try:
                error = None
                yield awaited
            except BaseException as raised:  # CancelledError too: the coroutine has to hear of it
                error = raised


def listing_of(request: Request | None) -> Listing | None:
    """Return the listing of an article's request."""
    listing = request.cb_kwargs.get("listing") if request else None
    return listing if isinstance(listing, Listing) else None


def page_of(request: Request | None) -> str:
    """Return the name of a page across runs: an article ID, else the requested URL."""
    if listing := listing_of(request):
        return listing.id
    return request.url if request else ""
