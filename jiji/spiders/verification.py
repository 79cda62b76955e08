"""Verification of fetched articles: their wording against listing, date, feed and earlier revision."""

import json
from contextlib import suppress
from datetime import date
from functools import cached_property
from statistics import median

from jiji.feed.catalog import Published
from jiji.items import Article
from jiji.section_run import SectionRun
from jiji.site.listing import Listing
from jiji.text.dates import day_of_id
from jiji.text.normalize import normalise
from jiji.text.verification import Judgement, Wording, judge_new, judge_revision

HISTORY, FEWEST = 60, 10
"""Articles of the feed that show the usual length, and the fewest that do."""

FAR_OFF = 366
"""Days to a dateline whose year is not certain, as it is not near the day of the article ID."""


class Verification:
    """Judges the articles of one run, and remembers their texts."""

    def __init__(self, run: SectionRun) -> None:
        self._run = run

    def judge(self, article: Article, listing: Listing) -> Judgement:
        """Return whether an article is the one of its listing; its text is known to the run from now on."""
        page = Wording(normalise(article.headline), normalise(article.body))
        self._run.texts.add(article.id, page.headline, page.body)
        announced = normalise(listing.headline or "") or None
        published = self._run.feed.catalog.published(article.id)
        if published is None:
            return judge_new(page, announced, days_off=_days_off(article), usual=self._usual_length)
        return judge_revision(page, announced, self._last_line(published), days_off=_days_off(article))

    @cached_property
    def _usual_length(self) -> int:
        lengths = [len(body) for line in self._run.feed.latest(HISTORY) if isinstance(body := line.get("body"), str)]
        return int(median(lengths)) if len(lengths) >= FEWEST else 0

    def _last_line(self, published: Published) -> Wording | None:
        """Return headline and body of the last line of an article; None where no file has it any more."""
        with suppress(ValueError, KeyError, TypeError):
            line = json.loads(self._run.feed.line(published) or b"")
            return Wording(line["headline"], line["body"])
        return None


def _days_off(article: Article) -> int | None:
    """Return the days between an article ID and the date on its page, None for a page without a date."""
    day = day_of_id(article.id)
    dateline = article.dateline
    if dateline and not dateline.date and any(map(str.isdigit, dateline.text)):
        return FAR_OFF
    printed = [dateline.date] if dateline else []
    if article.published_source == "page":
        printed.append(article.published_date)
    days = [abs((date.fromisoformat(each) - day).days) for each in printed if each and day]
    return max(days, default=None)
