"""Layout drift: pages on which the known selectors no longer match are reported, and some are kept."""

import hashlib
import logging
from collections import Counter, defaultdict
from collections.abc import Mapping
from itertools import islice
from pathlib import Path
from typing import Self

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.http import Response

from jiji.extract.rule import ExtractionRule
from jiji.feed.errors import named_os_errors
from jiji.runs.manifests import ManifestStore
from jiji.section_run import SectionRun, page_parsed

logger = logging.getLogger(__name__)

FEWEST_PAGES = 5
"""Pages with a field from which on a share is meaningful."""
WINDOW = 20
"""Pages with a field that are considered, those of earlier runs too where a run brings fewer."""
KEPT_PAGES = 5
"""Pages kept of a field."""


class LayoutDrift:
    """Counts the extraction rules of each field; reports fields that selectors missed too often."""

    def __init__(self, run: SectionRun) -> None:
        self._run = run
        self._folder = run.output.drift(run.section.name)
        self._rules: dict[str, Counter[str]] = defaultdict(Counter)
        self._pages: dict[str, list[bytes]] = defaultdict(list)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the extension, connected."""
        drift = cls(SectionRun.of_crawl(crawler))
        crawler.signals.connect(drift.page_parsed, page_parsed)
        crawler.signals.connect(drift.spider_closed, signals.spider_closed)
        return drift

    def page_parsed(self, rules: Mapping[str, ExtractionRule], response: Response) -> None:
        """Count the rules of a page, once a page; keep the first pages that selectors did not read."""
        for field, rule in rules.items():
            self._rules[field][rule] += 1
            if not rule.is_known_layout and len(self._pages[field]) < KEPT_PAGES:
                self._pages[field].append(response.body)

    def spider_closed(self) -> None:
        """Report each field with layout drift, and write its pages."""
        allowed = self._run.configuration.drift_share
        for field, rules in self._with_earlier_runs().items():
            known = sum(rules[rule] for rule in ExtractionRule if rule.is_known_layout)
            share = 1 - known / rules.total()
            if rules.total() < FEWEST_PAGES or share <= allowed:
                continue
            self._run.stats.drift[field] = round(share, 3)
            self._keep(self._pages[field])
            logger.warning(
                "Layout drift: %s: selectors found it on %s of %s pages (%s), JIJI_DRIFT_SHARE allows %.0f%% without; "
                "pages are kept in %s",
                field, known, rules.total(), dict(rules), 100 * allowed, self._folder,
            )  # fmt: skip

    def _with_earlier_runs(self) -> dict[str, Counter[str]]:
        """Return the rules of each field that selectors missed in this run, with those of the runs before it."""
        missed = {
            field: Counter(rules)
            for field, rules in self._rules.items()
            if not all(ExtractionRule(rule).is_known_layout for rule in rules)
        }
        manifests = ManifestStore(self._run.output.runs(self._run.section.name)).newest_first()
        for manifest in islice(manifests, WINDOW):
            short = [field for field, rules in missed.items() if rules.total() < WINDOW]
            if not short:
                break
            for field in short:
                for rule in ExtractionRule:
                    missed[field][rule] += manifest.rules.get(f"{field}/{rule}", 0)
        return missed

    def _keep(self, pages: list[bytes]) -> None:
        """Write pages as received; the same bytes are kept once."""
        with self._run.feed_errors_end_the_run(), named_os_errors(self._folder):
            self._folder.mkdir(parents=True, exist_ok=True)
            for page in pages:
                path: Path = self._folder / f"{hashlib.sha256(page).hexdigest()[:32]}.html"
                if path.exists() or len(list(self._folder.iterdir())) < KEPT_PAGES:
                    path.write_bytes(page)
