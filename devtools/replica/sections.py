"""Sections of the replica: labels, addresses of index pages and article pages.

All addresses but NATIONAL's are invented, so that a crawler has to find them through the labels.
"""

from dataclasses import dataclass
from random import Random
from urllib.parse import urlencode

from markupsafe import Markup

from devtools.newsroom.story import Story

HOME, HEADLINES = "HOME", "HEADLINES"
HEADLINES_PATH = "/jc/headlines"


@dataclass(frozen=True)
class Section:
    """Section of the site, with its index pages."""

    name: str
    label: str
    path: str
    genre: str
    """Parameter `g` of its index pages. Empty: no parameter."""
    page_size: int
    style: str
    """List style of its index pages: "bold", "items", "plain", "ranking" or "photos"."""

    def address(self, page: int = 1) -> str:
        """Return the root-relative address of an index page."""
        query = {"g": self.genre} if self.genre else {}
        if page > 1:
            query["p"] = str(page)
        return f"{self.path}?{urlencode(query)}" if query else self.path


SECTIONS = {
    section.name: section
    for section in (
        Section("national", "NATIONAL", "/jc/eng", "eco", 25, "items"),
        Section("politics", "POLITICS", "/jc/list", "pol", 20, "bold"),
        Section("economy", "ECONOMY", "/jc/list", "ecn", 20, "items"),
        Section("sports", "SPORTS", "/jc/list", "spo", 20, "ranking"),
        Section("other", "OTHER", "/jc/list", "oth", 20, "plain"),
        Section("journal", "AFP-JIJI PRESS NEWS JOURNAL", "/jc/afpbb", "", 20, "items"),
        Section("photos", "Photos", "/jc/photos", "", 10, "photos"),
    )
}
GROUPS = ("politics", "economy", "sports", "other")
NAVIGATION = (HOME, "NATIONAL", HEADLINES, *(SECTIONS[name].label for name in (*GROUPS, "journal", "photos")))

STORY_PATHS = {"national": ("/jc/eng", "/jc/i"), "journal": ("/jc/afp",), "photos": ("/jc/photo",)}
"""Section of a story → equivalent paths of its page, the canonical one first."""
STORY_GENRES = {"national": "eco", "journal": "afp", "photos": "pho"}


def story_address(story: Story) -> str:
    """Return the canonical root-relative address of a story's page."""
    return f"{STORY_PATHS[story.section][0]}?g={STORY_GENRES[story.section]}&k={story.key}"


def link_address(story: Story, page: str, base: str) -> Markup:
    """Return the address of a story in one of many equivalent spellings, which page and story decide.

    `page` is the root-relative address of the linking page, `base` the site's root.
    """
    rng = Random(f"{page} {story.key}")
    canonical, *others = STORY_PATHS[story.section]
    path = rng.choice((canonical, canonical, canonical, *others))
    query = [f"g={STORY_GENRES[story.section]}", f"k={story.key}"]
    if rng.random() < 0.3:
        query.reverse()
    query += rng.choice(([], [], [], [], ["m=rss"], ["rel=top"]))
    start = rng.choice((path, path, path, base.rstrip("/") + path, _relative(path, page)))
    fragment = rng.choice(("", "", "", "", "#top"))
    # Old templates print a bare ampersand, new ones the character reference. No other character needs escaping.
    return Markup(f"{start}?{rng.choice(('&', '&amp;')).join(query)}{fragment}")


def _relative(path: str, page: str) -> str:
    directory, _, _ = page.partition("?")[0].rpartition("/")
    return {"": path[1:], "/jc": path.removeprefix("/jc/")}.get(directory, path)
