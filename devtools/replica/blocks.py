"""Blocks of a page: links to stories, and the boxes that group them."""

from dataclasses import dataclass, field

from markupsafe import Markup

from devtools.newsroom.story import Story
from devtools.replica.behaviour import Behaviour
from devtools.replica.labels import Labels
from devtools.replica.published import PublishedStories
from devtools.replica.sections import GROUPS, HEADLINES, SECTIONS, Section, link_address

MOVED_GENRE = "mov"
"""Parameter `g` of stories that have moved to another address."""
GROUP_STYLES = (("bold", "title"), ("plain", "link"), ("ranking", "div"), ("items", "plain"))
"""List style and heading of the four group boxes on an index page."""
BOILERPLATE_STYLES = ("bold", "items", "plain", "bold")
"""List style of the four group boxes in the boilerplate."""


@dataclass(frozen=True)
class Link:
    """Link to a story, with the addresses of its first photo's thumbnail and file."""

    address: Markup
    text: str
    thumb: str = ""
    picture: str = ""


@dataclass(frozen=True)
class Block:
    """Box of links."""

    label: str
    """Empty: no label."""
    style: str
    links: list[Link]
    heading: str = "plain"
    address: str = ""
    more: str = ""
    """Address of the next or the complete index page. Empty: no link."""
    numbers: list[tuple[str, str]] = field(default_factory=list)
    """Numbers and addresses of the pages of the list."""


@dataclass(frozen=True)
class Boilerplate:
    """Boxes of other headlines that stand on every page."""

    national: str
    headlines: str
    journal: Block
    photos: Block
    groups: list[Block] = field(default_factory=list)


class BlockBuilder:
    """Builder of the blocks of one page. `page` is its root-relative address, `base` the site's root."""

    def __init__(self, stories: PublishedStories, labels: Labels, page: str, base: str, behaviour: Behaviour) -> None:
        self._stories = stories
        self._labels = labels
        self._page = page
        self._base = base
        self._behaviour = behaviour

    def link(self, story: Story) -> Link:
        """Return a link to a story in the page's spelling."""
        name = f"/img/{story.pictures[0].name}" if story.pictures else ""
        address = link_address(story, self._page, self._base)
        if story.key in self._behaviour.moved:
            address = Markup(f"/jc/eng?g={MOVED_GENRE}&k={story.key}")
        note = self._behaviour.list_note
        return Link(
            address,
            f"{note} {int(story.key) % 1000}" if note else story.headline,
            name and f"{name}-s.png",
            name and f"{name}.png",
        )

    def links(self, stories: list[Story]) -> list[Link]:
        """Return links to several stories."""
        return [self.link(story) for story in stories]

    def box(self, section: Section, count: int, style: str = "", heading: str = "plain") -> Block:
        """Return the newest stories of a section under its label."""
        return Block(
            label=self._labels[section.label],
            style=style or section.style,
            links=self.links(self._stories.newest(section.name, count)),
            heading=heading,
            address=section.address(),
            more=section.address(),
        )

    def groups(self, count: int, first_style: int = 0) -> list[Block]:
        """Return the boxes of the four groups, each in another style."""
        styles = GROUP_STYLES[first_style:] + GROUP_STYLES[:first_style]
        return [
            self.box(SECTIONS[name], count, style, heading)
            for name, (style, heading) in zip(GROUPS, styles, strict=True)
        ]

    def boilerplate(self) -> Boilerplate:
        """Return the boxes of today's headlines (one of each group), the journal and the photos."""
        return Boilerplate(
            national=self._labels["NATIONAL"],
            headlines=self._labels[HEADLINES],
            groups=[self.box(SECTIONS[name], 1, style) for name, style in zip(GROUPS, BOILERPLATE_STYLES, strict=True)],
            journal=self.box(SECTIONS["journal"], 4, "plain"),
            photos=self.box(SECTIONS["photos"], 3),
        )
