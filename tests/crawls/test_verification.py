"""Pages that are not the article of their listing: never published, at first sight and when they are read again."""

import html
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.conftest import Crawls, Line
from tests.crawls.recheck import recheck_age
from tests.faults import How, Misbehaving, status

NOTICE = ("can be read in full in our app.", "The app is free for readers of the printed paper, and easy to set up.")
DATED = "Tokyo, Dec. 6 (Jiji Press)--"
OPENING = "The harbor lamp of Furusaka was lit again on Friday after twelve dark winters, its keeper said."


@pytest.fixture
def site() -> Iterator[Misbehaving]:
    with Misbehaving(days=4) as served:
        yield served


@pytest.fixture
def crawls(site: Misbehaving, tmp_path: Path) -> Crawls:
    return Crawls(site, tmp_path / "output")


def story(headline: str, *paragraphs: str) -> How:
    """Answer with a page in the layout of an article."""
    lines = "".join(f'<p class="full-article-txt">&nbsp; &nbsp; &nbsp; {html.escape(each)}</p>' for each in paragraphs)
    return status(
        200,
        f'<html><body><p class="breadcrumb">HOME &gt; NATIONAL &gt; Article</p><h1 id="article-title">{headline}</h1>'
        f'{lines}<p class="full-article-txt">To read a full story, please click here to find out how to subscribe.</p>'
        "</body></html>".encode(),
        Content_Type="text/html; charset=utf-8",
    )


def page(site: Misbehaving, key: str) -> bytes:
    """Return the page of an article as the replica has it."""
    with urlopen(f"{site.url}jc/eng?g=eco&k={key}") as answer:  # noqa: S310 # loopback
        return bytes(answer.read())


def headlines(site: Misbehaving) -> dict[str, str]:
    """Return the headlines of SPORTS by article ID, oldest first."""
    rows = site.ledger("sports")
    return {key: next(row["headline"] for row in rows if row["id"] == key) for key in sorted(site.listed("sports"))}


def reasons(crawls: Crawls) -> dict[str, int]:
    """Return the reasons of rejected pages in the latest run."""
    record = json.loads((crawls.output / "runs" / "sports" / "latest.json").read_text(encoding="utf-8"))
    return dict(record["articles"]["rejected_by_reason"])


def two_notices(site: Misbehaving) -> None:
    for key, headline in list(headlines(site).items())[:2]:
        site.spoil(key, story(headline, DATED + "The paper is being printed.", "It will be with its readers at six."))


def old_article_everywhere(site: Misbehaving) -> None:
    first, *others = headlines(site)
    for key in others:
        site.spoil(key, status(200, page(site, first)))


def notice_with_own_headline(site: Misbehaving) -> None:
    for key, headline in headlines(site).items():
        site.spoil(key, story(headline, f'{DATED}"{headline}" {NOTICE[0]}', NOTICE[1]))


def notice_with_one_headline(site: Misbehaving) -> None:
    for key in headlines(site):
        site.spoil(key, story("Service Resumes Soon", f"{DATED}{NOTICE[1]}", NOTICE[1]))


def out_of_step(site: Misbehaving) -> None:
    keys = list(headlines(site))
    for key, before in [*zip(keys[1:], keys, strict=False)]:
        site.spoil(key, status(200, page(site, before)))


def sites_name_as_headline(site: Misbehaving) -> None:
    for key, headline in headlines(site).items():
        text = page(site, key).decode("latin-1")
        site.spoil(key, status(200, text.replace(html.escape(headline, quote=False), "JIJI PRESS").encode("latin-1")))


def sixty_characters(site: Misbehaving) -> None:
    for key, headline in headlines(site).items():
        site.spoil(key, story(headline, f"{DATED}{headline.lower()[:50]} again."))


FIRST_SIGHT: dict[Callable[[Misbehaving], None], tuple[int, ...]] = {
    two_notices: (22, 21),
    old_article_everywhere: (21, 22),
    notice_with_own_headline: (21,),
    notice_with_one_headline: (21,),
    out_of_step: (21, 22),
    sites_name_as_headline: (21,),
    sixty_characters: (21,),
}
"""Arrangement, and the possible exit statuses: 21 where most pages or one text prove it."""


def agree(lines: list[Line], site: Misbehaving) -> bool:
    rows = {row["id"]: row for row in site.ledger("sports")}
    return all(
        (line["headline"], line["body"]) == (rows[line["id"]]["headline"], rows[line["id"]]["body"]) for line in lines
    )


@pytest.mark.parametrize("arrange", FIRST_SIGHT, ids=lambda arrange: arrange.__name__)
def test_another_page_is_not_published_until_its_address_shows_the_article(
    site: Misbehaving, crawls: Crawls, arrange: Callable[[Misbehaving], None]
) -> None:
    arrange(site)
    run = crawls.run("sports")
    assert run.status in FIRST_SIGHT[arrange], run.log
    assert agree(crawls.lines("sports"), site)
    assert sum(reasons(crawls).values()) == len(headlines(site)) - len(crawls.lines("sports")) >= 2
    site.heal()
    assert crawls.run("sports").status == 0
    assert {line["id"] for line in crawls.lines("sports")} == set(headlines(site))
    assert agree(crawls.lines("sports"), site)


def test_a_repost_with_its_headline_in_the_lists_is_published_each_time(site: Misbehaving, crawls: Crawls) -> None:
    keys = list(headlines(site))[:4]
    body = f"{OPENING}\n\nVisitors may climb the tower from May, she added."
    for key in keys:
        site.revise(key, headline="Harbor Lamp of Furusaka Lit Again", body=body)
    run = crawls.run("sports")
    assert run.status == 0, run.log
    assert set(keys) <= {line["id"] for line in crawls.lines("sports")}
    assert agree(crawls.lines("sports"), site)


def test_one_kind_of_story_from_two_towns_is_published_twice(site: Misbehaving, crawls: Crawls) -> None:
    keys = list(headlines(site))[:2]
    for key, town in zip(keys, ("Kamishiro", "Wakamizu"), strict=True):
        body = (
            f"A library that stays open until two in the morning has become a refuge for workers in {town}.\n\n"
            "Some come for the warmth and a cup of tea, others to prepare for examinations without the noise of a flat."
            "\n\nThe doors are open to anyone with a card, the shelves are filled again before the first bus leaves."
        )
        site.revise(key, headline=f'"Night Library" in {town} Lends Books Until 2 A.M.', body=body)
    run = crawls.run("sports")
    assert run.status == 0, run.log
    assert {line["id"] for line in crawls.lines("sports")} == set(headlines(site))
    assert agree(crawls.lines("sports"), site)


def test_articles_whose_lists_show_no_headline_are_published(site: Misbehaving, crawls: Crawls) -> None:
    def without_headlines(body: bytes) -> bytes:
        return re.sub(rb"(<a [^>]*k=\d{13}[^>]*>)[^<]+(</a>)", rb"\1<img src='/img/more.png'>\2", body)

    for address in ("", "jc/list?g=spo", "jc/eng?g=eco"):
        with urlopen(site.url + address) as answer:  # noqa: S310 # loopback
            site.spoil(f"/{address}", status(200, without_headlines(answer.read())))
    run = crawls.run("sports")
    assert {line["id"] for line in crawls.lines("sports")} == set(headlines(site)), run.log
    assert f"'jiji/unverified': {len(headlines(site))}" in run.log
    assert agree(crawls.lines("sports"), site)


def damaged(site: Misbehaving, key: str, headline: str) -> dict[str, How]:
    """Return the damages of a page that is read again, by name."""
    text = page(site, key).decode("latin-1")
    printed = html.escape(headline, quote=False)
    other = next(each for each in headlines(site) if each != key)
    paragraphs = next(row["body"] for row in site.ledger("sports") if row["id"] == key).split("\n\n")
    return {
        "loading": story(headline, "Loading..."),
        "error text": story(headline, "An error occurred. Please try again later.", "Our engineers know of it by now."),
        "error headline": story("Something Went Wrong", "An error occurred. Please try again later, or write to us."),
        "template variable in the headline": status(200, text.replace(printed, "{{headline}}").encode("latin-1")),
        "template variable in the text": story(headline, "{{ article.body }}"),
        "only the first word of the headline": status(
            200, text.replace(printed, headline.split()[0]).encode("latin-1")
        ),
        "only the first word": story(headline, paragraphs[0].split()[0]),
        "another article": status(200, page(site, other)),
        "cut text": story(headline, paragraphs[0][: len(paragraphs[0]) // 2].rsplit(" ", 1)[0]),
        "no text": story(headline, ""),
    }


def test_a_damaged_page_makes_no_revision(site: Misbehaving, crawls: Crawls) -> None:
    assert crawls.run("sports").status == 0
    before, soon = crawls.lines("sports"), recheck_age(crawls)
    keys = list(headlines(site))
    names = list(damaged(site, keys[0], headlines(site)[keys[0]]))
    for start in range(0, len(names), len(keys)):
        site.heal()
        for key, name in zip(keys, names[start:], strict=False):
            site.spoil(key, damaged(site, key, headlines(site)[key])[name])
        run = crawls.run("sports", JIJI_RECHECK_HOURS=soon)
        assert run.status in (21, 22), run.log
        assert sum(reasons(crawls).values()) == len(names[start : start + len(keys)])
        assert crawls.lines("sports") == before, names[start:]


def test_corrections_and_updates_become_revisions(site: Misbehaving, crawls: Crawls) -> None:
    keys = list(headlines(site))[:4]
    body = f"{OPENING}\n\nVisitors may climb the tower from May, she added.\n\nThe lamp can be seen from 30 kilometers."
    for key in keys:
        site.revise(key, headline="Harbor Lamp of Furusaka Lit Again", body=body)
    assert crawls.run("sports").status == 0
    soon = recheck_age(crawls)
    changes = [
        {
            "headline": "(Update 1) Furusaka Harbor Lamp Shines after 12 Years",
            "body": f"{OPENING}\n\nThe mayor came.\n\n{body}",
        },
        {"body": body.replace("30", "35")},
        {"body": f"{OPENING}\n\nVisitors may climb the tower from May, she added."},
        {"headline": "Harbor Lamp of Furusaka Lit Again", "body": f"A lamp that was dark for years shines.\n\n{body}"},
    ]
    for key, change in zip(keys, changes, strict=True):
        site.revise(key, change.get("headline"), change.get("body"))
    run = crawls.run("sports", JIJI_RECHECK_HOURS=soon)
    assert run.status == 0, run.log
    assert [line["id"] for line in crawls.lines("sports") if line["revision"] == 2] == keys


def test_another_rendition_of_a_picture_or_another_hash_makes_no_revision(site: Misbehaving, crawls: Crawls) -> None:
    assert crawls.run("sports").status == 0
    assert any(line["images"] for line in crawls.lines("sports"))
    feed = crawls.output / "sports.jsonl"
    feed.write_text(
        re.sub(r'("content_hash": ?")[0-9a-f]{64}', rf"\g<1>{'0' * 64}", feed.read_text()), encoding="utf-8"
    )
    soon = recheck_age(crawls)
    for file in (crawls.output / "state").glob("sports.sqlite*"):
        file.unlink()
    before = crawls.lines("sports")
    for key in headlines(site):
        site.spoil(key, status(200, page(site, key).replace(b".png", b".png?w=640&amp;sig=4f2a")))
    run = crawls.run("sports", JIJI_RECHECK_HOURS=soon)
    assert run.status == 0, run.log
    assert f"'jiji/unchanged': {len(before)}" in run.log
    assert crawls.lines("sports") == before
