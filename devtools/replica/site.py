"""Site: the page at each address of the replica, independent of the web server."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from random import Random
from urllib.parse import parse_qsl, urlencode

from markupsafe import Markup

from devtools.newsroom.story import Picture, Story
from devtools.replica import scripted
from devtools.replica.behaviour import Behaviour, SecondPage
from devtools.replica.blocks import MOVED_GENRE, Block, BlockBuilder, Link
from devtools.replica.labels import Labels
from devtools.replica.layouts import MarkupStyle, encoding_of, layout_of, render
from devtools.replica.pictures import FULL, THUMB, png
from devtools.replica.published import PublishedStories
from devtools.replica.sections import HEADLINES, HEADLINES_PATH, HOME, SECTIONS, STORY_PATHS, Section, story_address

ROBOTS = "User-agent: *\nDisallow: /jc/private/\n"
PICTURE_PATH = re.compile(r"/img/((\d{13})-\d+)(-s)?\.png")
NOTICES = {
    "/jc/service": ("About the Service", "Subscribers read every story in full. There is nothing to buy here."),
    "/jc/private/login": ("Members", "This corner is for members; robots are asked to stay out."),
}

TopStory = Sequence[tuple[Link, str]]
"""Link and first paragraph of the top story. Empty: no top story."""


@dataclass(frozen=True)
class Page:
    """Page or file of the site. Article pages have an ETag and the time of their last change."""

    body: bytes
    content_type: str = "text/html"
    status: int = 200
    etag: str | None = None
    last_modified: datetime | None = None
    location: str | None = None


class Site:
    """Pages over the published stories. `base` is the site's root, `http://host:port/`."""

    def __init__(self, stories: PublishedStories, labels: Labels, behaviour: Behaviour) -> None:
        self.base = ""
        self._stories = stories
        self._labels = labels
        self._behaviour = behaviour
        self._index_requests = 0

    def page(self, path: str, query: Mapping[str, str]) -> Page:
        """Return the page for a request."""
        if self._behaviour.outage:
            return Page(b"Out of order.\n", "text/plain", self._behaviour.outage)
        if path == "/robots.txt":
            more = "Disallow: /*k=\n" if self._behaviour.disallows_articles else ""
            return Page(f"{ROBOTS}{more}".encode(), "text/plain")
        if path == "/css/site.css":
            return Page(render("site.css").encode(), "text/css")
        if picture := PICTURE_PATH.fullmatch(path):
            return self._picture(*picture.groups()) or self._not_found()
        if file := self._script_file(path, query):
            return file
        page = self._html_page(path, query)
        if page and page.status == 200 and self._behaviour.scripted & self._sections_of(path, query):
            return self._shell(path, query)
        return page or self._not_found()

    def breadcrumbs(self, story: Story) -> list[str]:
        """Return the breadcrumbs of a story's page."""
        return [self._labels[HOME], self._labels[SECTIONS[story.section].label], "Article"]

    def _sections_of(self, path: str, query: Mapping[str, str]) -> set[str | None]:
        """Return the sections to which a page belongs."""
        if story := self._stories.story(query.get("k", "")):
            return {story.section, story.category}
        index_pages = {(section.path, section.genre): name for name, section in SECTIONS.items()}
        return {"home" if path == "/" else index_pages.get((path, query.get("g", "")))}

    def _shell(self, path: str, query: Mapping[str, str]) -> Page:
        """Return a shell. Its validators never change, unlike its content."""
        mischief = self._behaviour.mischief.get(query.get("k", ""))
        address = f"{path}?{urlencode(query)}" if query else path
        html = scripted.shell(address, mischief, self._behaviour.elsewhere)
        return Page(html.encode(), etag="shell", last_modified=datetime(2026, 1, 1, tzinfo=UTC))

    def _script_file(self, path: str, query: Mapping[str, str]) -> Page | None:
        """Return a file that scripted pages ask for."""
        if path == scripted.SCRIPT_PATH:
            return Page(render("page.js").encode(), "text/javascript")
        if path == scripted.FILE_PATH:
            return Page(b"PK\5\6" + bytes(18), "application/zip")
        if path == scripted.ELSEWHERE_PATH:
            return Page(b"", status=302, location=f"http://{self._behaviour.elsewhere}/redirect")
        if path == scripted.CONTENT_PATH:
            address, _, parameters = query["of"].partition("?")
            page = self._html_page(address, dict(parse_qsl(parameters))) or self._not_found()
            return Page(scripted.content(page.body), "application/json")
        return None

    def _html_page(self, path: str, query: Mapping[str, str]) -> Page | None:
        if path == "/" and self._behaviour.home_is_national:
            return _redirect(SECTIONS["national"].address())
        if path == "/":
            return Page(png("home"), "image/png") if self._behaviour.home_is_a_picture else self._home()
        if path == HEADLINES_PATH:
            return self._index(path, [HOME, HEADLINES], self._blocks(path).groups(10))
        if path in NOTICES:
            title, text = NOTICES[path]
            return self._rendered("notice.html", path, title, text=text)
        if "k" in query:
            return self._article(path, query["k"], query.get("g", ""))
        for section in SECTIONS.values():
            if (path, query.get("g", "")) == (section.path, section.genre):
                return self._section_index(section, query.get("p", "1"))
        return None

    def _home(self) -> Page:
        blocks = self._blocks("/")
        newest = self._stories.newest("national", 40)
        shown = [
            Block(self._labels["NATIONAL"], "items", blocks.links(newest[1:9]), "link", SECTIONS["national"].address()),
            Block("Most Read", "ranking", blocks.links(newest[3:24:4])),
            *blocks.groups(4, first_style=1),
            blocks.box(SECTIONS["journal"], 5, "bold"),
            blocks.box(SECTIONS["photos"], 3),
        ]
        top_story = [(blocks.link(story), story.paragraphs[0]) for story in newest[:1]]
        return self._index("/", [HOME], shown, top_story)

    def _section_index(self, section: Section, number: str) -> Page | None:
        behaviour = self._behaviour
        if other := behaviour.swapped.get(section.name):
            return _redirect(SECTIONS[other].address())
        page = int(number) if number.isdecimal() else 0
        if page == 2 and (answer := self._second_page(section)):
            return answer
        stories = self._stories.listed(section.name)[behaviour.hidden_newest :]
        stories = stories[: behaviour.shrunk_to] if behaviour.shrunk_to else stories
        pins = [story for key in behaviour.pinned if section.name == "national" and (story := self._stories.story(key))]
        last = max(1, -(-len(stories) // section.page_size)) + bool(pins)
        if not (1 <= page <= last or (behaviour.endless and page > last)):
            return None
        start = (page - 1 - bool(pins)) % last * section.page_size
        shown = pins if pins and page == 1 else stories[start : start + section.page_size]
        if page == 2 and behaviour.second_page is SecondPage.COPY:
            shown = stories[: section.page_size]
        elif page == 2 and behaviour.second_page is SecondPage.EMPTY:
            shown = []
        elif page == 2 and behaviour.second_page is SecondPage.SHORT:
            shown, last = shown[:5], page
        index = self._list_page(section, page, last, shown)
        self._count_index_request()
        return index

    def _second_page(self, section: Section) -> Page | None:
        """Return the answer of a list's second page that is no index page."""
        targets = {
            SecondPage.TO_HOME: "/",
            SecondPage.TO_FIRST: section.address(),
            SecondPage.TO_ITSELF: section.address(2),
        }
        if self._behaviour.second_page is SecondPage.BROKEN:
            return Page(b"Out of order.\n", "text/plain", 500)
        target = targets.get(self._behaviour.second_page)
        return _redirect(target) if target else None

    def _list_page(self, section: Section, page: int, last: int, stories: list[Story]) -> Page:
        """Return a page of a section's list with some stories."""
        behaviour = self._behaviour
        address = section.address(page)
        blocks = self._blocks(address)
        # The groups' index pages have a label above the list, NATIONAL's has none.
        label = "" if section.name == "national" else self._labels[section.label]
        more = section.address(page + 1) if page < last or behaviour.endless else ""
        if page == 2 and behaviour.second_page is SecondPage.COPY:
            more = section.address(2)
        numbered = range(1, behaviour.numbered_pages + 1)
        numbers = [(str(number), section.address(number)) for number in numbered if number <= last]
        shown = [Block(label, section.style, blocks.links(stories), more="" if numbers else more, numbers=numbers)]
        if behaviour.lists_are_empty:
            shown = []
        elif behaviour.short_groups:
            shown = [replace(block, more="") for block in blocks.groups(8)] if section.name == "national" else []
        elif section.name == "national" and page == 1:
            shown += blocks.groups(5)
        return self._index(address, [HOME, section.label], shown)

    def _count_index_request(self) -> None:
        self._index_requests += 1
        if self._behaviour.shift_every and self._index_requests % self._behaviour.shift_every == 0:
            self._stories.publish(1)

    def _article(self, path: str, key: str, genre: str) -> Page | None:
        if self._behaviour.sends_away_to:
            return _redirect(self._behaviour.sends_away_to)
        if status := self._behaviour.article_status or (500 if key in self._behaviour.broken else None):
            return Page(b"Out of order.\n", "text/plain", status)
        if key in self._behaviour.deleted:
            return None
        if (genre == MOVED_GENRE) != (key in self._behaviour.moved):
            return None
        story = self._stories.story(key)
        return self._story(story) if story and path in STORY_PATHS[story.section] else None

    def _story(self, story: Story) -> Page:
        changes = self._stories.layout_changes(story.key)
        layout = layout_of(story, changes)
        template = "redesigned.html" if self._behaviour.redesigned else layout.template
        style = layout.style
        context = {
            "headline": style.markup(story.headline),
            "byline": style.paragraph(story.byline) if story.byline else "",
            "paragraphs": _paragraphs(story, style),
            "pictures": [self._photo(picture) for picture in story.pictures],
            "truncated": story.truncated,
            "date": story.printed_date,
            "crumbs": self.breadcrumbs(story),
        }
        frame = self._frame(story_address(story))
        html = render(template, page=context, title=story.headline, encoding=layout.encoding, **frame)
        return Page(
            layout.encoding.encode(html),
            layout.encoding.content_type,
            etag=f"{story.key}-{story.edition}-{changes}-{template.partition('.')[0]}",
            last_modified=self._stories.last_modified(story),
        )

    def _photo(self, picture: Picture) -> dict[str, str]:
        start = Random(picture.name).choice(("/", "/", "../", self.base))
        return {"address": f"{start}img/{picture.name}.png", "printed": picture.printed}

    def _picture(self, name: str, key: str, small: str | None) -> Page | None:
        story = self._stories.story(key)
        if story is None or name not in {picture.name for picture in story.pictures}:
            return None
        return Page(png(name, THUMB if small else FULL), "image/png")

    def _not_found(self) -> Page:
        text = "The page you asked for is not here, or no longer."
        page = self._rendered("notice.html", "/404/", "Not Found", text=text)
        return Page(page.body, page.content_type, 404)

    def _index(self, page: str, labels: list[str], blocks: list[Block], top_story: TopStory = ()) -> Page:
        crumbs = [self._labels[label] for label in labels]
        return self._rendered("index.html", page, crumbs[-1], crumbs=crumbs, blocks=blocks, top_story=top_story)

    def _rendered(self, template: str, page: str, title: str, **context: object) -> Page:
        encoding = encoding_of(page)
        html = render(template, title=title, encoding=encoding, **self._frame(page), **context)
        return Page(encoding.encode(html), encoding.content_type)

    def _frame(self, page: str) -> dict[str, object]:
        """Return the variables that all templates need."""
        addresses = {section.label: section.address() for section in SECTIONS.values()}
        addresses |= {HOME: "/", HEADLINES: HEADLINES_PATH}
        return {
            "navigation": [(self._labels[label], addresses[label]) for label in self._labels.navigation()],
            "boilerplate": self._blocks(page).boilerplate(),
        }

    def _blocks(self, page: str) -> BlockBuilder:
        return BlockBuilder(self._stories, self._labels, page, self.base, self._behaviour)


def _redirect(address: str) -> Page:
    return Page(b"", status=302, location=address)


def _paragraphs(story: Story, style: MarkupStyle) -> list[Markup]:
    dateline = f"{story.dateline.text} ({story.dateline.agency})--" if story.dateline else ""
    first, *others = story.paragraphs
    return [style.paragraph(text) for text in (dateline + first, *others)]
