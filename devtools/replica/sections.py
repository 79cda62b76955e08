"""What stands where: the site's sections, their labels and addresses.

All addresses but NATIONAL's are made up: a crawler has to find them through the labels.
"""

from dataclasses import dataclass
from random import Random
from urllib.parse import urlencode

from markupsafe import Markup

from devtools.replica.stories import Story

HOME, HEADLINES = "HOME", "HEADLINES"
HEADLINES_PATH = "/jc/headlines"


@dataclass(frozen=True)
class Section:
    """A list of stories under a label."""

    name: str
    label: str
    path: str
    genre: str
    """The parameter `g` of its lists; empty: none."""
    page_size: int
    style: str
    """How its lists are set: "bold", "items", "plain", "ranking" or "photos"."""

    def address(self, page: int = 1) -> str:
        """The root-relative address of one page of its list."""
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
"""Section of a story → the paths that all lead to its page; the first is the plain one."""
STORY_GENRES = {"national": "eco", "journal": "afp", "photos": "pho"}


def story_address(story: Story) -> str:
    """The root-relative address of a story's page in its plain form."""
    return f"{STORY_PATHS[story.section][0]}?g={STORY_GENRES[story.section]}&k={story.key}"


def spelled_address(story: Story, page: str, base: str) -> Markup:
    """One of the many forms in which a page (its root-relative address) writes a link to a story.

    `base` is the site's root. Which form it is follows from the page and the story.
    """
    rng = Random(f"{page} {story.key}")
    usual, *twins = STORY_PATHS[story.section]
    path = rng.choice((usual, usual, usual, *twins))
    query = [f"g={STORY_GENRES[story.section]}", f"k={story.key}"]
    if rng.random() < 0.3:
        query.reverse()
    query += rng.choice(([], [], [], [], ["m=rss"], ["rel=top"]))
    start = rng.choice((path, path, path, base.rstrip("/") + path, _relative(path, page)))
    fragment = rng.choice(("", "", "", "", "#top"))
    # Old templates write the bare ampersand, new ones the reference; neither needs more escaping than that.
    return Markup(f"{start}?{rng.choice(('&', '&amp;')).join(query)}{fragment}")


def _relative(path: str, page: str) -> str:
    directory, _, _ = page.partition("?")[0].rpartition("/")
    return {"": path[1:], "/jc": path.removeprefix("/jc/")}.get(directory, path)
