"""Published stories of the replica, and the order in which index pages list them."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import chain, islice

from devtools.newsroom import wire
from devtools.newsroom.story import Story
from devtools.replica.sections import SECTIONS


class PublishedStories:
    """Published stories and the listed article IDs of each section."""

    def __init__(self, seed: int, days: int, per_day: int) -> None:
        self._stories: dict[str, Story] = {}
        self._listed: dict[str, list[str]] = {name: [] for name in SECTIONS}
        self._layout_changes: Counter[str] = Counter()
        national = wire.national(seed, per_day)
        for source in (national, wire.journal(seed), wire.photos(seed)):
            for story in chain.from_iterable(islice(source, days)):
                self._add(story)
        self._upcoming: Iterator[Story] = chain.from_iterable(national)

    def publish(self, count: int) -> list[str]:
        """Publish the next stories of NATIONAL. Return their article IDs in order of publication."""
        return [self._add(story) for story in islice(self._upcoming, count)]

    def revise(self, key: str, headline: str | None, body: str | None, drop_images: bool) -> None:
        """Change a story under its article ID. `body` is paragraphs separated by a blank line."""
        story = self._stories[key]
        self._stories[key] = replace(
            story,
            headline=story.headline if headline is None else headline,
            paragraphs=story.paragraphs if body is None else tuple(body.split("\n\n")),
            pictures=() if drop_images else story.pictures,
            edition=story.edition + 1,
        )

    def restyle(self, key: str) -> None:
        """Give a story's page another layout."""
        self._layout_changes[self._stories[key].key] += 1

    def withdraw(self, key: str) -> None:
        """Remove a story and its listings."""
        self.unlist(key)
        del self._stories[key]

    def unlist(self, key: str) -> None:
        """Remove a story's listings. Its page stays."""
        story = self._stories[key]
        for name in (story.section, story.category):
            if name and key in self._listed[name]:
                self._listed[name].remove(key)

    def relist(self, keys: Sequence[str]) -> None:
        """List stories again, as the oldest ones."""
        for key in keys:
            story = self._stories[key]
            for name in filter(None, (story.section, story.category)):
                self._listed[name].insert(0, key)

    def story(self, key: str) -> Story | None:
        """Return the published story with this article ID."""
        return self._stories.get(key)

    def layout_changes(self, key: str) -> int:
        """Return the number of layout changes of a story's page."""
        return self._layout_changes[key]

    def last_modified(self, story: Story) -> datetime:
        """Return the time of the last change of a story's page, a minute after publication for each change."""
        return story.published + timedelta(minutes=story.edition - 1 + self.layout_changes(story.key))

    def of(self, section: str) -> list[Story]:
        """Return the stories of a section, newest first, including unlisted ones."""
        own = [story for story in self._stories.values() if section in (story.section, story.category)]
        return sorted(own, key=lambda story: story.published, reverse=True)

    def listed(self, section: str) -> list[Story]:
        """Return the listed stories of a section, newest first."""
        return self.newest(section, len(self._listed[section]))

    def newest(self, section: str, count: int) -> list[Story]:
        """Return the first `count` listed stories of a section."""
        return [self._stories[key] for key in self._listed[section][: -count - 1 : -1]]

    def _add(self, story: Story) -> str:
        self._stories[story.key] = story
        for name in (story.section, story.category):
            if name:
                self._listed[name].append(story.key)
        return story.key
