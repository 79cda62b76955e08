"""Pagination of a list over several runs."""

from jiji.spiders.pagination import End, ListMemory, Pagination, Seen

IDS = [f"202601{27 - number // 4:02}{9 - number % 4:05}" for number in range(60)]
"""Article IDs of 15 days, the newest first."""
PAGES = {"/1": IDS[:20], "/2": IDS[20:40], "/3": IDS[40:]}


def test_an_article_that_an_audit_finds_makes_the_ones_above_no_pinned_ones() -> None:
    audit = Pagination(ListMemory(run=3, anchors=tuple(IDS), size=20), reads_on=True)
    for url, ids in PAGES.items():
        audit.read(url, [Seen(each, None if each == IDS[30] else 2) for each in ids], [*PAGES])
    assert audit.end is End.LAST_PAGE
    assert audit.missed == {IDS[30]}
    memory = audit.remembered(run=4)
    next_run = Pagination(memory)
    next_run.read("/1", [Seen(each, 4) for each in PAGES["/1"]], [*PAGES])
    assert next_run.end is End.CAUGHT_UP
