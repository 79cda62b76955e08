"""Rejected pages: each is kept below ``rejected/`` with a record of its reason, for a person to look at."""

import hashlib
import json
from datetime import UTC, datetime
from typing import Self

from scrapy.crawler import Crawler
from scrapy.http import Response

from jiji.feed.errors import named_os_errors
from jiji.items import utc_text
from jiji.runs.retention import prune
from jiji.section_run import SectionRun, page_rejected
from jiji.site.listing import Listing
from jiji.stats import RejectReason


class RejectedPages:
    """Writes each rejected page, and a line about it to ``rejected/<section>.jsonl``."""

    def __init__(self, run: SectionRun) -> None:
        self._run = run

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the extension, connected."""
        pages = cls(SectionRun.of_crawl(crawler))
        crawler.signals.connect(pages.page_rejected, page_rejected)
        return pages

    def page_rejected(self, listing: Listing, response: Response, reason: RejectReason, detail: str) -> None:
        """Write a page and its record; the same bytes are kept once."""
        output, section, now = self._run.output, self._run.section.name, datetime.now(UTC)
        page = output.rejected_pages(section) / f"{hashlib.sha256(response.body).hexdigest()[:32]}.html"
        record = {
            "at": utc_text(now),
            "id": listing.id,
            "url": listing.url,
            "answered_by": response.url,
            "http_status": response.status,
            "reason": f"{reason}: {detail}",
            "page": page.relative_to(output.rejected).as_posix(),
        }
        with self._run.feed_errors_end_the_run(), named_os_errors(page):
            page.parent.mkdir(parents=True, exist_ok=True)
            page.write_bytes(response.body)
            with output.rejected_records(section).open("ab", buffering=0) as lines:
                lines.write(json.dumps(record).encode("ascii") + b"\n")
            prune(page.parent.glob("*"), self._run.configuration.caps, now)
