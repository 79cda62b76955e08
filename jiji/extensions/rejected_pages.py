"""Pages that were fetched and could not be accepted: kept, with the reason, for a person to look at."""

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Self, cast

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.http import Response

from jiji.feed.errors import named_os_errors
from jiji.feedexport import SectionFeed, output_dir
from jiji.items import Article, Rejected, Unreadable, utc_text


class Rejects:
    """Write each rejected page, and a line on it, below ``rejected/``."""

    def __init__(self, folder: Path, name: str, crawler: Crawler) -> None:
        self.folder = folder
        self.name = name
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the extension, listening."""
        if crawler.spider is None or not hasattr(crawler.spider, "section"):
            raise NotConfigured("not a section of the site")
        rejects = cls(output_dir(crawler.settings) / "rejected", crawler.spider.name, crawler)
        crawler.signals.connect(rejects.item_dropped, signals.item_dropped)
        return rejects

    def item_dropped(self, item: Article | Unreadable, response: Response | None, exception: Exception) -> None:
        """Keep the page of a rejected item; the same bytes are kept once."""
        if not isinstance(exception, Rejected) or response is None:
            return
        page = Path("pages", self.name, f"{hashlib.sha256(response.body).hexdigest()[:32]}.html")
        told = {
            "at": utc_text(datetime.now(UTC)),
            "id": item.id or None,
            "url": cast("Request", response.request).url,
            "answered_by": response.url,
            "http_status": response.status,
            "reason": str(exception),
            "page": str(page),
        }
        with SectionFeed.of(self.crawler).guarded(), named_os_errors(self.folder / page):
            (self.folder / page).parent.mkdir(parents=True, exist_ok=True)
            (self.folder / page).write_bytes(response.body)
            with (self.folder / f"{self.name}.jsonl").open("ab", buffering=0) as lines:
                lines.write(json.dumps(told).encode("ascii") + b"\n")
