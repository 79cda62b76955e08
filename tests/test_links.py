"""Links in a feed: the pipeline over a real feed, rebuilds between runs, and a crawl of an updated story."""

import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from devtools.accuracy.retold import HELD_OUT, TUNING, pairs
from devtools.accuracy.retold import Article as Sample
from jiji.configuration import Configuration
from jiji.exporters import ArticleLinesExporter
from jiji.feed.feed import Feed
from jiji.items import Article, Dateline, content_hash, withdrawal
from jiji.pipelines import Link
from jiji.section_run import SectionRun
from jiji.text.features import ArticleSigner
from jiji.validation import ARTICLE
from tests.conftest import Crawls
from tests.feed.lines import NAME
from tests.feed.states import feed_path

HEADLINE = "Govt to Raise Tax Exemption"
BODY = (
    "The government plans to raise the threshold for tax exemption from fiscal 2027, informed sources said Monday.\n\n"
    "The plan will be included in the reform package to be adopted in December.\n\n"
    "Small business groups have called for the change, citing rising costs for materials and labor."
)


class Desk:
    """Publishes articles through the pipeline into one feed, each run of which may begin with a rebuild."""

    def __init__(self, output: Path, **settings: str) -> None:
        self.output = output
        self._configuration = Configuration.from_settings(settings)
        self._seconds = 0

    def publish(self, *articles: Article) -> list[Article]:
        """Link and append articles in one run."""
        with closing(Feed(self.output, NAME, ArticleSigner())) as feed:
            link = Link(cast("SectionRun", SimpleNamespace(feed=feed, configuration=self._configuration)))
            for article in articles:
                link.process_item(article)
                ArticleLinesExporter(cast("Any", SimpleNamespace(write=feed.append))).export_item(article)
        return list(articles)

    def rebuild(self) -> None:
        """Delete everything but the feed."""
        shutil.rmtree(self.output / "state")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def article(number: int, headline: str = HEADLINE, body: str = BODY, *, day: int = 26, **more: Any) -> Article:
    article = Article(
        id=f"202601{day:02}{number:05}", url="https://jen.jiji.com/", section=NAME, headline=headline, body=body,
        dateline=Dateline(f"Tokyo, Jan. {day}", ["Tokyo"], f"2026-01-{day:02}", "Jiji Press"),
        published_date=f"2026-01-{day:02}", first_seen_at="2026-01-26T00:00:00Z",
        fetched_at=f"2026-01-26T00:{number // 60:02}:{number % 60:02}Z", layout="ArticlePage", **more,
    )  # fmt: skip
    article.content_hash = content_hash(article)
    return article


def test_every_repost_names_the_earliest_article(desk: Desk) -> None:
    one, two, three = desk.publish(article(9), article(4), article(2))
    assert [each.near_duplicate_of for each in (one, two, three)] == [None, one.id, one.id]
    assert [each.update_of for each in (one, two, three)] == [None] * 3
    assert content_hash(two) == two.content_hash


def test_update_names_the_latest_version_and_its_number(desk: Desk) -> None:
    one, update1, update2, correction = desk.publish(
        article(1), article(2, f"(Update 1) {HEADLINE}"), article(3, f"(Update 2) {HEADLINE}"),
        article(4, f"(Correction) {HEADLINE}", BODY.replace("2027", "2028")),
    )  # fmt: skip
    assert [each.update for each in (one, update1, update2, correction)] == [None, 1, 2, None]
    assert [each.update_of for each in (one, update1, update2, correction)] == [None, one.id, update1.id, update2.id]
    assert {each.near_duplicate_of for each in (update1, update2, correction)} == {one.id}
    assert update2.headline == f"(Update 2) {HEADLINE}"


def test_update_without_an_earlier_version_keeps_its_number(desk: Desk) -> None:
    (update,) = desk.publish(article(1, f"(Update 3) {HEADLINE}"))
    assert (update.update, update.update_of, update.near_duplicate_of) == (3, None, None)


def test_article_too_short_to_compare_keeps_its_number(desk: Desk) -> None:
    (update,) = desk.publish(article(1, f"(Update 3) {HEADLINE}", "To follow."))
    assert update.update == 3


@pytest.mark.parametrize(("days", "is_linked"), [("2", False), ("3", True), ("0", False)])
def test_near_duplicate_days_bound_the_links(tmp_path: Path, days: str, is_linked: bool) -> None:
    desk = Desk(tmp_path, JIJI_NEAR_DUPLICATE_DAYS=days)
    _, later = desk.publish(article(1, day=23), article(2, day=26))
    assert bool(later.near_duplicate_of) is is_linked


def test_revision_keeps_its_link_as_long_as_the_text_is_the_same_story(desk: Desk) -> None:
    one, _ = desk.publish(article(1), article(2))
    changed = BODY.replace("materials", "energy")
    (revised,) = desk.publish(article(2, body=changed, revision=2, status="updated"))
    assert revised.near_duplicate_of == one.id
    (first,) = desk.publish(article(1, body=changed, revision=2, status="updated"))
    assert first.near_duplicate_of is None, "not of a later article"
    (other,) = desk.publish(article(2, "Snow", "Snow fell on Sapporo on Monday, closing schools.", revision=3))
    assert other.near_duplicate_of is None


def test_withdrawal_keeps_its_links_and_reads_lines_of_schema_version_1(desk: Desk) -> None:
    _, two = desk.publish(article(1), article(2))
    line = feed_path(desk.output).read_bytes().splitlines()[1]
    old = line.replace(b'"schema_version": "2"', b'"schema_version": "1"')
    old = old.replace(b'"update_of": null, "update": null, ', b"")
    assert old != line and len(old) < len(line) - 30
    for each in (line, old):
        gone = withdrawal(each, id=two.id, url=two.url, headline=None, section=NAME, now="2026-02-01T00:00:00Z")
        (published,) = desk.publish(ARTICLE.validate_python(gone, strict=True))
        assert (published.schema_version, published.near_duplicate_of) == ("2", two.near_duplicate_of)


# ---- the same links after any rebuild


def samples() -> Iterator[Sample]:
    """Yield each story followed by what is sent later, reports of all kinds among them."""
    for half in (TUNING, HELD_OUT):
        for pair in pairs(half, 3)[::6]:
            yield from (pair.earlier, pair.later)


def articles() -> list[Article]:
    return [
        article(number, sample.headline, sample.body, day=min(sample.day.day, 31)) for number, sample in
        enumerate(samples(), start=1)
    ]  # fmt: skip


def test_rebuilds_change_no_link(tmp_path: Path) -> None:
    steady, rebuilt = Desk(tmp_path / "steady"), Desk(tmp_path / "rebuilt")
    steady.publish(*articles())
    sent = articles()
    for begin in range(0, len(sent), 60):
        rebuilt.publish(*sent[begin : begin + 60])
        if begin == 180:
            feed_path(rebuilt.output).rename(rebuilt.output / f"{NAME}.jsonl.1")
        rebuilt.rebuild()
    lines = feed_path(steady.output).read_bytes()
    rotated = rebuilt.output / f"{NAME}.jsonl.1"
    assert rotated.read_bytes() + feed_path(rebuilt.output).read_bytes() == lines
    linked = [each for each in sent if each.near_duplicate_of]
    assert len(linked) > 80 and any(each.update_of for each in sent)


# ---- a crawl


def test_crawl_links_an_update_to_its_story(crawls: Crawls) -> None:
    *_, one, two = sorted(row["id"] for row in crawls.replica.ledger("sports"))
    crawls.replica.revise(one, headline=HEADLINE, body=BODY)
    crawls.replica.revise(two, headline=f"(Update 2) {HEADLINE}", body=f"{BODY}\n\nThe opposition welcomed the plan.")
    assert crawls.run("sports").status == 0
    lines = {line["id"]: line for line in crawls.lines("sports")}
    assert lines[two]["near_duplicate_of"] == lines[two]["update_of"] == one
    assert (lines[two]["update"], lines[one]["update"], lines[one]["near_duplicate_of"]) == (2, None, None)
