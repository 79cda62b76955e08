"""What pages are made of: links to stories, and the boxes they stand in."""

from dataclasses import dataclass, field

from markupsafe import Markup

from devtools.replica.newsstand import Newsstand
from devtools.replica.sections import GROUPS, HEADLINES, NAVIGATION, SECTIONS, Section, spelled_address
from devtools.replica.stories import Story

GROUP_SETTINGS = (("bold", "title"), ("plain", "link"), ("ranking", "div"), ("items", "plain"))
"""List style and heading of the four boxes that stand side by side on an index."""
FURNITURE_STYLES = ("bold", "items", "plain", "bold")


class Labels:
    """The section labels as the site shows them at the moment."""

    def __init__(self) -> None:
        self._shown = {label: label for label in NAVIGATION}
        self._missing: set[str] = set()

    def rename(self, label: str, shown: str | None) -> None:
        """Show another text for a label; None leaves it out of the navigation."""
        if label not in self._shown:
            raise KeyError(label)
        self._missing.discard(label)
        if shown is None:
            self._missing.add(label)
        else:
            self._shown[label] = shown

    def __getitem__(self, label: str) -> str:
        return self._shown[label]

    def navigation(self) -> list[str]:
        """The labels of the navigation, as they were at first."""
        return [label for label in NAVIGATION if label not in self._missing]


@dataclass(frozen=True)
class Link:
    """A link to a story; `thumb` and `picture` are addresses of its first photo, small and full."""

    address: Markup
    text: str
    thumb: str = ""
    picture: str = ""


@dataclass(frozen=True)
class Block:
    """A list of links under a label, or under none; `more` is the address of a longer list."""

    label: str
    style: str
    links: list[Link]
    heading: str = "plain"
    address: str = ""
    more: str = ""


@dataclass(frozen=True)
class Furniture:
    """The boxes beside every page."""

    national: str
    headlines: str
    journal: Block
    photos: Block
    groups: list[Block] = field(default_factory=list)


class Desk:
    """Sets the boxes of one page, whose root-relative address is `page`; `base` is the site's root."""

    def __init__(self, newsstand: Newsstand, labels: Labels, page: str, base: str) -> None:
        self._newsstand = newsstand
        self._labels = labels
        self._page = page
        self._base = base

    def link(self, story: Story) -> Link:
        """A link to a story, spelled in this page's way."""
        name = f"/img/{story.pictures[0].name}" if story.pictures else ""
        address = spelled_address(story, self._page, self._base)
        return Link(address, story.headline, name and f"{name}-s.png", name and f"{name}.png")

    def links(self, stories: list[Story]) -> list[Link]:
        """Links to several stories."""
        return [self.link(story) for story in stories]

    def box(self, section: Section, count: int, style: str = "", heading: str = "plain", more: bool = True) -> Block:
        """The newest stories of a section under its label."""
        return Block(
            label=self._labels[section.label],
            style=style or section.style,
            links=self.links(self._newsstand.newest(section.name, count)),
            heading=heading,
            address=section.address(),
            more=section.address() if more else "",
        )

    def groups(self, count: int, first_setting: int = 0) -> list[Block]:
        """The boxes of the four groups, each set in another style."""
        settings = GROUP_SETTINGS[first_setting:] + GROUP_SETTINGS[:first_setting]
        return [
            self.box(SECTIONS[name], count, style, heading)
            for name, (style, heading) in zip(GROUPS, settings, strict=True)
        ]

    def furniture(self) -> Furniture:
        """Today's headlines, one a group, the journal and the photos."""
        return Furniture(
            national=self._labels["NATIONAL"],
            headlines=self._labels[HEADLINES],
            groups=[self.box(SECTIONS[name], 1, style) for name, style in zip(GROUPS, FURNITURE_STYLES, strict=True)],
            journal=self.box(SECTIONS["journal"], 4, "plain"),
            photos=self.box(SECTIONS["photos"], 3),
        )
