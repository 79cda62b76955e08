"""Behaviour of the replica that tests change while it serves."""

import threading
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest

from devtools.replica import Replica, serve
from devtools.replica.ledger import Row
from tests.devtools.visits import visible_text, visit


@pytest.fixture
def replica() -> Iterator[Replica]:
    with Replica(days=4) as serving:
        yield serving


def row_of(replica: Replica, key: str) -> Row:
    [row] = [row for row in replica.ledger("national") if row["id"] == key]
    return row


def linked_ids(replica: Replica, path: str) -> set[str]:
    """Return the article IDs of all links on a page."""
    links = [parse_qs(urlsplit(url).query) for url in visit(replica.url + path).addresses("a::attr(href)")]
    return {link["k"][0] for link in links if "k" in link}


def test_publish_continues_after_the_last_day(replica: Replica) -> None:
    before = replica.ledger("national")
    published = replica.publish(9)
    rows = replica.ledger("national")
    assert [row["id"] for row in rows] == [*published[::-1], *(row["id"] for row in before)]
    assert {row["published_date"] for row in rows[:9]} == {"2025-12-09", "2025-12-10"}
    assert set(published) <= linked_ids(replica, "jc/eng?g=eco")
    assert visit(row_of(replica, published[0])["url"]).status == 200


def test_publish_gives_the_stories_of_a_longer_replica(replica: Replica) -> None:
    longer = Replica(days=5).listed("national")
    replica.publish(len(longer) - len(replica.listed("national")))
    assert replica.listed("national") == longer


def test_revise_changes_the_page_under_its_article_id(replica: Replica) -> None:
    story = next(row for row in replica.ledger("national") if row["images"])
    before = visit(story["url"])
    replica.revise(story["id"], headline="Corrected Headline", body="One.\n\nTwo.", drop_images=True)
    now = row_of(replica, story["id"])
    assert (now["headline"], now["body"], now["images"]) == ("Corrected Headline", "One.\n\nTwo.", [])
    after = visit(story["url"], If_None_Match=before.headers["ETag"], If_Modified_Since=before.headers["Last-Modified"])
    assert after.status == 200
    assert visible_text(after.page.css("h1")) == "Corrected Headline"
    assert "Corrected Headline" in visible_text(visit(f"{replica.url}jc/eng?g=eco").page)
    assert visit(story["images"][0]["url"]).status == 404


def test_restyle_changes_the_layout_but_not_the_text(replica: Replica) -> None:
    story = replica.ledger("national")[0]
    before = visit(story["url"])
    replica.restyle(story["id"])
    after = visit(story["url"], If_None_Match=before.headers["ETag"])
    assert row_of(replica, story["id"]) == story
    assert after.status == 200
    assert after.body != before.body
    for paragraph in story["body"].split("\n\n"):
        assert paragraph in visible_text(after.page)


def test_withdrawn_story_answers_404_and_is_not_listed(replica: Replica) -> None:
    story = replica.ledger("national")[0]
    replica.withdraw(story["id"])
    assert visit(story["url"]).status == 404
    assert story["id"] not in {row["id"] for row in replica.ledger("national")}
    assert story["id"] not in linked_ids(replica, "jc/eng?g=eco") | linked_ids(replica, "")


def test_unlisted_story_keeps_its_page_and_its_ledger_row(replica: Replica) -> None:
    story = replica.ledger("politics")[0]
    replica.unlist(story["id"])
    assert visit(story["url"]).status == 200
    assert story in replica.ledger("politics")
    assert story["id"] not in linked_ids(replica, "jc/eng?g=eco") | linked_ids(replica, "") | linked_ids(
        replica, "jc/list?g=pol"
    )


def test_shift_every_publishes_between_index_page_requests(replica: Replica) -> None:
    replica.shift_every = 2
    count = len(replica.ledger("national"))
    for path in ("jc/eng?g=eco", "", "jc/list?g=pol", "jc/service", "jc/photos", "jc/afpbb"):
        visit(replica.url + path)
    assert len(replica.ledger("national")) == count + 2


@pytest.mark.parametrize("shown_as", ["JAPAN NEWS", "National", "Photos »", "NATIONAL\u00a0NEWS", "R&D <News>"])
def test_renamed_label_is_printed_everywhere(replica: Replica, shown_as: str) -> None:
    replica.rename_label("NATIONAL", shown_as)
    page = visit(replica.ledger("national")[0]["url"]).page
    plain = " ".join(shown_as.split())
    assert visible_text(page.css("ul.clearfix > li > a")[1]) == plain
    assert visible_text(page.css("#side h2")[0]) == plain
    assert replica.ledger("national")[0]["breadcrumbs"] == ["HOME", plain, "Article"]
    assert plain in visible_text(page.css(".breadcrumb, #breadcrumb"))


def test_label_renamed_to_none_leaves_the_navigation(replica: Replica) -> None:
    replica.rename_label("SPORTS", None)
    page = visit(replica.url).page
    assert "SPORTS" not in visible_text(page.css("ul.clearfix"))
    assert "SPORTS" in visible_text(page.css("#side"))
    with pytest.raises(KeyError):
        replica.rename_label("WEATHER", "STORMS")


def test_endless_pagination_repeats_stories(replica: Replica) -> None:
    beyond = f"{replica.url}jc/list?g=pol&p=50"
    assert visit(beyond).status == 404
    replica.endless = True
    seen = visit(beyond)
    assert seen.status == 200
    assert seen.addresses("#main .link-more a::attr(href)") == [f"{replica.url}jc/list?g=pol&p=51"]
    assert linked_ids(replica, "jc/list?g=pol&p=50") <= {row["id"] for row in replica.ledger("national")} | linked_ids(
        replica, ""
    )


def test_every_spelling_of_an_address_gives_the_same_page(replica: Replica) -> None:
    key = replica.ledger("national")[0]["id"]
    paths = (f"jc/eng?g=eco&k={key}", f"jc/eng?k={key}&g=eco", f"jc/i?g=eco&k={key}", f"jc/eng?k={key}&m=rss")
    assert len({visit(replica.url + path).body for path in paths}) == 1


def test_conditional_requests_answer_304(replica: Replica) -> None:
    url = replica.ledger("national")[0]["url"]
    headers = visit(url).headers
    assert visit(url, If_None_Match=headers["ETag"]).status == 304
    assert visit(url, If_Modified_Since=headers["Last-Modified"]).status == 304
    assert visit(url, If_None_Match='"another"', If_Modified_Since=headers["Last-Modified"]).status == 200


@pytest.mark.parametrize(
    "path", ["nowhere", "jc/eng", "jc/eng?g=eco&k=2025120599999", "jc/eng?g=eco&p=0", "jc/eng?g=eco&p=x", "jc/photo?k="]
)
def test_unknown_addresses_answer_404(replica: Replica, path: str) -> None:
    assert visit(replica.url + path).status == 404


def test_robots_txt_disallows_only_the_members_pages(replica: Replica) -> None:
    assert visit(f"{replica.url}robots.txt").body.split() == [b"User-agent:", b"*", b"Disallow:", b"/jc/private/"]


def test_requests_are_counted_by_address(replica: Replica) -> None:
    story = replica.ledger("national")[0]
    for url in (replica.url, replica.url, story["url"]):
        visit(url)
    assert replica.requests == {"/": 2, f"/jc/eng?g=eco&k={story['id']}": 1}
    assert replica.article_requests == 1


def test_outage_answers_every_request_with_its_status(replica: Replica) -> None:
    replica.outage = 503
    assert {visit(replica.url + path).status for path in ("", "robots.txt", "jc/eng?g=eco")} == {503}
    replica.outage = None
    assert visit(replica.url).status == 200


def test_redesigned_articles_match_no_known_selector(replica: Replica) -> None:
    replica.redesigned = True
    page = visit(replica.ledger("national")[0]["url"]).page
    assert not page.css("h1, p.full-article-txt, #article-body, .photos-data")


def test_restarted_replica_keeps_its_port_and_stories() -> None:
    replica = Replica(days=1)
    replica.start()
    url, [key] = replica.url, replica.publish()
    replica.stop()
    with pytest.raises(ConnectionRefusedError):
        visit(url)
    with replica:
        assert replica.url == url
        assert replica.listed("national")[0] == key
        assert visit(url).status == 200


def test_serve_calls_ready_when_requests_are_answered() -> None:
    def stop_after_reading(url: str) -> None:
        assert visit(url).status == 200
        raise KeyboardInterrupt

    before = set(threading.enumerate())
    with pytest.raises(KeyboardInterrupt):
        serve(0, days=1, ready=stop_after_reading)
    assert not [thread for thread in set(threading.enumerate()) - before if thread.name == "replica"]
