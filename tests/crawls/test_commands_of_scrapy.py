"""Scrapy's own commands beside crawl: quiet, and without a feed, lock or manifest."""

import re

import pytest

from devtools.replica import Replica
from tests.conftest import Crawls
from tests.crawls.habits import log_of, scrapy


def article_url(replica: Replica) -> str:
    return str(replica.ledger("national")[0]["url"])


def requests_in(printed: str) -> list[str]:
    return re.findall(r"<GET (\S+)>", printed)


def quiet(log: str) -> bool:
    """Return whether a log has no warning or error but those that belong to Scrapy's commands.

    They are a deprecated way of its parse command, and the site that its bench command serves beside the replica.
    """
    lines = [line for line in log.splitlines() if re.search(r"\] (WARNING|ERROR|CRITICAL)|Traceback", line)]
    expected = ("returned a Deferred", "host not allowed by JIJI_BASE_URL): http://localhost:8998/")
    return not [line for line in lines if not any(each in line for each in expected)]


def test_parse_reads_an_article(crawls: Crawls) -> None:
    row = crawls.replica.ledger("national")[0]
    run = log_of(scrapy(crawls, "parse", "--spider=national", "--nocolour", row["url"]))
    assert run.status == 0, run.log
    assert f"'id': '{row['id']}'" in run.log
    assert row["headline"][:20] in run.log
    assert quiet(run.log), run.log
    assert not crawls.output.exists()


def test_parse_with_pipelines_completes_the_item(crawls: Crawls) -> None:
    run = log_of(scrapy(crawls, "parse", "--spider=photos", "--nocolour", "--pipelines", article_url(crawls.replica)))
    assert re.search(r"'content_hash': '[0-9a-f]{64}'", run.log), run.log
    assert not crawls.output.exists()


def test_parse_reads_home_and_an_index_page(crawls: Crawls) -> None:
    home = scrapy(crawls, "parse", "--spider=national", "--nocolour", crawls.replica.url)
    (index, *articles) = requests_in(home.stdout)
    assert articles
    listed = scrapy(crawls, "parse", "--spider=national", "--nocolour", index)
    ids = {row["id"] for row in crawls.replica.ledger("national")}
    assert {url[-13:] for url in requests_in(listed.stdout) if "k=" in url} <= ids
    assert len(requests_in(listed.stdout)) > 20
    assert quiet(home.stderr + listed.stderr), home.stderr + listed.stderr
    assert not crawls.output.exists()


@pytest.mark.parametrize("callback", ["parse_article", "parse_index", "parse_home"])
def test_parse_takes_a_callback_of_the_spider(crawls: Crawls, callback: str) -> None:
    urls = {
        "parse_article": article_url(crawls.replica),
        "parse_index": f"{crawls.replica.url}jc/eng?g=eco",
        "parse_home": crawls.replica.url,
    }
    run = log_of(scrapy(crawls, "parse", "--spider=national", "--nocolour", "-c", callback, urls[callback]))
    assert run.status == 0, run.log
    assert quiet(run.log), run.log
    assert ("'headline':" if callback == "parse_article" else "<GET http") in run.log


def test_parse_follows_to_the_articles(crawls: Crawls) -> None:
    run = log_of(scrapy(crawls, "parse", "--spider=photos", "--nocolour", "-d", "2", "-v", crawls.replica.url))
    assert "DEPTH LEVEL: 2" in run.log
    assert f"'id': '{crawls.replica.ledger('photos')[0]['id']}'" in run.log
    assert quiet(run.log), run.log
    assert not crawls.output.exists()


OTHERS: dict[str, tuple[str, ...]] = {
    "fetch": ("fetch", "HOME"),
    "fetch with a spider": ("fetch", "--spider=national", "HOME"),
    "view": ("view", "--spider=national", "HOME"),
    "shell": ("shell", "ARTICLE", "-c", "response.status"),
    "shell with a spider": ("shell", "--spider=national", "ARTICLE", "-c", "[*spider.parse(response)][0].headline"),
    "check": ("check",),
    "bench": ("bench", "-s", "CLOSESPIDER_TIMEOUT=1"),
}


@pytest.mark.parametrize("words", OTHERS.values(), ids=OTHERS)
def test_other_commands_are_quiet_and_leave_no_trace(
    crawls: Crawls, words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BROWSER", "true %s")  # of the command view
    row = crawls.replica.ledger("national")[0]
    urls = {"HOME": crawls.replica.url, "ARTICLE": row["url"]}
    done = scrapy(crawls, *(urls.get(word, word) for word in words))
    assert done.returncode == 0, done.stderr
    assert quiet(done.stderr), done.stderr
    if "fetch" in words:
        assert "<html" in done.stdout
    if "shell" in words:
        assert ("200" if "response.status" in words else row["headline"]) in done.stdout
    assert not crawls.output.exists()


def test_an_off_site_request_in_the_shell_names_the_setting(crawls: Crawls) -> None:
    run = log_of(scrapy(crawls, "fetch", "https://example.com/"))
    assert "JIJI_BASE_URL" in run.log
    assert not crawls.output.exists()
