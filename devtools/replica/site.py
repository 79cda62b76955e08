"""Answers requests: which page stands at an address, and what is on it. Knows nothing of HTTP servers."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from random import Random

from markupsafe import Markup

from devtools.replica.blocks import Block, Desk, Labels, Link
from devtools.replica.layouts import Hand, dress, look, render
from devtools.replica.newsstand import Newsstand
from devtools.replica.pictures import FULL, THUMB, png
from devtools.replica.sections import HEADLINES, HEADLINES_PATH, HOME, SECTIONS, STORY_PATHS, Section, story_address
from devtools.replica.stories import Picture, Story

ROBOTS = "User-agent: *\nDisallow: /jc/private/\n"
PICTURE_PATH = re.compile(r"/img/((\d{13})-\d+)(-s)?\.png")
NOTICES = {
    "/jc/service": ("About the Service", "Subscribers read every story in full. There is nothing to buy here."),
    "/jc/private/login": ("Members", "This corner is for members; robots are asked to stay out."),
}

Lead = Sequence[tuple[Link, str]]
"""The top story and how it begins, if there is one."""


@dataclass(eq=False)
class Habits:
    """How the site behaves; may be changed at any time."""

    shift_every: int = 0
    """After each so many requests for lists a new story comes out; 0: never."""
    endless: bool = False
    """Whether a list's last page leads on to further pages that repeat the list, for ever."""
    redesigned: bool = False
    """Whether story pages come in a layout never seen before."""
    outage: int | None = None
    """The HTTP status that answers every request; None: all is well."""
    lists_are_empty: bool = False
    """Whether the sections' lists show no story; home and the boxes still do."""
    home_is_a_picture: bool = False
    """Whether the home page's address answers with a picture."""
    sends_away_to: str = ""
    """Where the pages of stories redirect to; empty: they do not."""
    broken: set[str] = field(default_factory=set)
    """Keys of the stories whose pages answer 500."""


@dataclass(frozen=True)
class Answer:
    """What the site says to a request; story pages have an ETag and the time of their last change."""

    body: bytes
    content_type: str = "text/html"
    status: int = 200
    etag: str | None = None
    changed: datetime | None = None
    location: str | None = None


class Site:
    """The pages over the stories of a newsstand. `base` is the site's root, `http://host:port/`."""

    def __init__(self, newsstand: Newsstand, labels: Labels, habits: Habits) -> None:
        self.base = ""
        self._newsstand = newsstand
        self._labels = labels
        self._habits = habits
        self._lists_read = 0

    def answer(self, path: str, query: Mapping[str, str]) -> Answer:
        """The answer to a request for `path` with these parameters."""
        if self._habits.outage:
            return Answer(b"Out of order.\n", "text/plain", self._habits.outage)
        if path == "/robots.txt":
            return Answer(ROBOTS.encode(), "text/plain")
        if path == "/css/site.css":
            return Answer(render("site.css").encode(), "text/css")
        if picture := PICTURE_PATH.fullmatch(path):
            return self._picture(*picture.groups()) or self._missing()
        return self._page(path, query) or self._missing()

    def _page(self, path: str, query: Mapping[str, str]) -> Answer | None:
        if path == "/" and self._habits.home_is_a_picture:
            return Answer(png("home"), "image/png")
        if path == "/":
            return self._home()
        if path == HEADLINES_PATH:
            return self._index(path, [HOME, HEADLINES], self._desk(path).groups(10))
        if path in NOTICES:
            title, words = NOTICES[path]
            return self._set("notice.html", path, title, words=words)
        if "k" in query and self._habits.sends_away_to:
            return Answer(b"", status=302, location=self._habits.sends_away_to)
        if query.get("k") in self._habits.broken:
            return Answer(b"Out of order.\n", "text/plain", 500)
        if "k" in query:
            story = self._newsstand.story(query["k"])
            return self._story(story) if story and path in STORY_PATHS[story.section] else None
        for section in SECTIONS.values():
            if (path, query.get("g", "")) == (section.path, section.genre):
                return self._list(section, query.get("p", "1"))
        return None

    def _home(self) -> Answer:
        desk = self._desk("/")
        newest = self._newsstand.newest("national", 40)
        blocks = [
            Block(self._labels["NATIONAL"], "items", desk.links(newest[1:9]), "link", SECTIONS["national"].address()),
            Block("Most Read", "ranking", desk.links(newest[3:24:4])),
            *desk.groups(4, first_setting=1),
            desk.box(SECTIONS["journal"], 5, "bold"),
            desk.box(SECTIONS["photos"], 3),
        ]
        lead = [(desk.link(story), story.paragraphs[0]) for story in newest[:1]]
        return self._index("/", [HOME], blocks, lead)

    def _list(self, section: Section, number: str) -> Answer | None:
        stories = self._newsstand.listed(section.name)
        last = max(1, -(-len(stories) // section.page_size))
        page = int(number) if number.isdecimal() else 0
        if not (1 <= page <= last or (self._habits.endless and page > last)):
            return None
        address = section.address(page)
        start = (page - 1) % last * section.page_size
        desk = self._desk(address)
        # The groups can be told by the label above a list; NATIONAL's own list has none.
        label = "" if section.name == "national" else self._labels[section.label]
        more = section.address(page + 1) if page < last or self._habits.endless else ""
        blocks = [Block(label, section.style, desk.links(stories[start : start + section.page_size]), more=more)]
        if self._habits.lists_are_empty:
            blocks = []
        elif section.name == "national" and page == 1:
            blocks += desk.groups(5)
        answer = self._index(address, [HOME, section.label], blocks)
        self._count_list()
        return answer

    def _count_list(self) -> None:
        self._lists_read += 1
        if self._habits.shift_every and self._lists_read % self._habits.shift_every == 0:
            self._newsstand.publish(1)

    def _story(self, story: Story) -> Answer:
        style = self._newsstand.style(story.key)
        seen = look(story, style)
        template = "redesigned.html" if self._habits.redesigned else seen.template
        page = story_address(story)
        context = {
            "headline": seen.hand.ink(story.headline),
            "byline": seen.hand.paragraph(story.byline) if story.byline else "",
            "paragraphs": _paragraphs(story, seen.hand),
            "pictures": [self._photo(picture) for picture in story.pictures],
            "truncated": story.truncated,
            "date": story.published.strftime(story.date_form),
            "crumbs": self.breadcrumbs(story),
        }
        html = render(template, page=context, title=story.headline, dress=seen.dress, **self._frame(page))
        return Answer(
            seen.dress.encode(html),
            seen.dress.content_type,
            etag=f"{story.key}-{story.edition}-{style}-{template.partition('.')[0]}",
            changed=self._newsstand.changed(story),
        )

    def breadcrumbs(self, story: Story) -> list[str]:
        """The crumbs of a story's page."""
        return [self._labels[HOME], self._labels[SECTIONS[story.section].label], "Article"]

    def _photo(self, picture: Picture) -> dict[str, str]:
        start = Random(picture.name).choice(("/", "/", "../", self.base))
        return {"address": f"{start}img/{picture.name}.png", "printed": picture.printed}

    def _picture(self, name: str, key: str, small: str | None) -> Answer | None:
        story = self._newsstand.story(key)
        if story is None or name not in {picture.name for picture in story.pictures}:
            return None
        return Answer(png(name, THUMB if small else FULL), "image/png")

    def _missing(self) -> Answer:
        words = "The page you asked for is not here, or no longer."
        answer = self._set("notice.html", "/404/", "Not Found", words=words)
        return Answer(answer.body, answer.content_type, 404)

    def _index(self, page: str, labels: list[str], blocks: list[Block], lead: Lead = ()) -> Answer:
        crumbs = [self._labels[label] for label in labels]
        return self._set("index.html", page, crumbs[-1], crumbs=crumbs, blocks=blocks, lead=lead)

    def _set(self, template: str, page: str, title: str, **context: object) -> Answer:
        clothes = dress(page)
        html = render(template, title=title, dress=clothes, **self._frame(page), **context)
        return Answer(clothes.encode(html), clothes.content_type)

    def _frame(self, page: str) -> dict[str, object]:
        addresses = {section.label: section.address() for section in SECTIONS.values()}
        addresses |= {HOME: "/", HEADLINES: HEADLINES_PATH}
        return {
            "navigation": [(self._labels[label], addresses[label]) for label in self._labels.navigation()],
            "furniture": self._desk(page).furniture(),
        }

    def _desk(self, page: str) -> Desk:
        return Desk(self._newsstand, self._labels, page, self.base)


def _paragraphs(story: Story, hand: Hand) -> list[Markup]:
    opening = story.dateline.printed if story.dateline else ""
    first, *others = story.paragraphs
    return [hand.paragraph(text) for text in (opening + first, *others)]
