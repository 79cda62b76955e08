"""Pages that no longer have the markup that is known: said, and some of them kept, for a person to look at."""

import hashlib
from collections import Counter, defaultdict
from itertools import islice
from pathlib import Path
from typing import Self

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.http import Response

from jiji.configuration import Configuration
from jiji.feed.append_log import explained
from jiji.feedexport import SectionFeed, output_dir
from jiji.runs.manifests import Runs

FEWEST = 5
"""Pages with a field; of fewer no share says anything."""
WINDOW = 20
"""Pages with a field that are looked at, those of earlier runs too where a run brings fewer."""
RULES = ("selector", "structure", "wording")
KEPT = 5
"""Pages kept of a field."""


class Drift:
    """Say at the end of a run which fields other rules than the known markup answered too often, and keep pages."""

    def __init__(self, crawler: Crawler, output: Path, section: str, share: float) -> None:
        self.crawler = crawler
        self.folder = output / "drift" / section
        self.runs = Runs(output, section)
        self.share = share
        self.answers: dict[str, Counter[str]] = defaultdict(Counter)
        self.pages: dict[str, list[bytes]] = defaultdict(list)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the extension, listening; raises ValueError for a share that is none."""
        if crawler.spider is None or not hasattr(crawler.spider, "section"):
            raise NotConfigured("not a section of the site")
        share = Configuration.from_settings(crawler.settings).drift_share
        drift = cls(crawler, output_dir(crawler.settings), crawler.spider.name, share)
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
        for field, answers in self.with_earlier().items():
            total = answers.total()
            share = 1 - answers["selector"] / total
            if total >= FEWEST and share > self.share:
                self.crawler.stats.set_value(f"jiji/drift/{field}", round(share, 3))
                self.keep(self.pages[field])
                self.crawler.spider.logger.warning(  # type: ignore[union-attr] # there is one in a run
                    "Drift: %s: expected by the known markup on %.0f%% of pages, found so on %s of %s (%s); kept in %s",
                    field, 100 * (1 - self.share), answers["selector"], total, dict(answers), self.folder,
                )  # fmt: skip

    def with_earlier(self) -> dict[str, Counter[str]]:
        """Return the answers for each field that this run found by other rules, with those of the runs before it."""
        found = {field: Counter(rules) for field, rules in self.answers.items() if set(rules) != {"selector"}}
        for manifest in islice(self.runs.newest_first(), WINDOW):
            short = [field for field, rules in found.items() if rules.total() < WINDOW]
            if not short:
                break
            for field, rule in ((field, rule) for field in short for rule in RULES):
                found[field][rule] += manifest["counts"].get(f"jiji/rule/{field}/{rule}", 0)
        return found

    def keep(self, pages: list[bytes]) -> None:
        """Write pages as they came, up to the number that is kept; the same bytes are kept once."""
        with SectionFeed.of(self.crawler).guarded(), explained(self.folder):
            self.folder.mkdir(parents=True, exist_ok=True)
            for page in pages:
                path = self.folder / f"{hashlib.sha256(page).hexdigest()[:32]}.html"
                if path.exists() or len(list(self.folder.iterdir())) < KEPT:
                    path.write_bytes(page)
