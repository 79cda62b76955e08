"""Pages that no longer have the markup that is known: said, and some of them kept, for a person to look at."""

import hashlib
from collections import Counter, defaultdict
from pathlib import Path
from typing import Self

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.http import Response

from jiji.feed.export import output_dir

FEWEST = 5
"""Pages with a field; of fewer no share says anything."""
KEPT = 5
"""Pages kept of a field."""


class Drift:
    """Say at the end of a run which fields other rules than the known markup answered too often, and keep pages."""

    def __init__(self, crawler: Crawler, folder: Path, share: float) -> None:
        self.crawler = crawler
        self.folder = folder
        self.share = share
        self.answers: dict[str, Counter[str]] = defaultdict(Counter)
        self.pages: dict[str, list[bytes]] = defaultdict(list)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the extension, listening; raises ValueError for a share that is none."""
        if crawler.spider is None or not hasattr(crawler.spider, "section"):
            raise NotConfigured("not a section of the site")
        told = crawler.settings["JIJI_DRIFT_SHARE"]
        try:
            share = float(told)
        except (TypeError, ValueError):
            share = -1
        if not 0 <= share <= 1:
            raise ValueError(f"JIJI_DRIFT_SHARE={told} is not understood; accepted: a number from 0 to 1")
        drift = cls(crawler, output_dir(crawler.settings) / "drift" / crawler.spider.name, share)
        crawler.signals.connect(drift.item_read, signals.item_scraped)
        crawler.signals.connect(drift.item_read, signals.item_dropped)
        crawler.signals.connect(drift.spider_closed, signals.spider_closed)
        return drift

    def item_read(self, response: Response | None) -> None:
        """Take note of the rules by which a page was read, and hold on to it if the known markup was not enough."""
        rules: dict[str, str] = response.meta.get("rules", {}) if response is not None and response.request else {}
        for field, rule in rules.items():
            self.answers[field][rule] += 1
            if response is not None and rule != "selector" and len(self.pages[field]) < KEPT:
                self.pages[field].append(response.body)

    def spider_closed(self) -> None:
        """Set ``jiji/drift/<field>`` for each field that drifted, and write its pages."""
        for field, answers in self.answers.items():
            total = answers.total()
            share = 1 - answers["selector"] / total
            if total >= FEWEST and share > self.share:
                self.crawler.stats.set_value(f"jiji/drift/{field}", round(share, 3))
                self.keep(self.pages[field])
                self.crawler.spider.logger.warning(  # type: ignore[union-attr] # there is one in a run
                    "Drift: %s: expected by the known markup on %.0f%% of pages, found so on %s of %s (%s); kept in %s",
                    field, 100 * (1 - self.share), answers["selector"], total, dict(answers), self.folder,
                )  # fmt: skip

    def keep(self, pages: list[bytes]) -> None:
        """Write pages as they came, up to the number that is kept; the same bytes are kept once."""
        self.folder.mkdir(parents=True, exist_ok=True)
        for page in pages:
            path = self.folder / f"{hashlib.sha256(page).hexdigest()[:32]}.html"
            if path.exists() or len(list(self.folder.iterdir())) < KEPT:
                path.write_bytes(page)
