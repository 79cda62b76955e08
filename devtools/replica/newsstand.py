"""The stories that are out at the moment, and what happens to them."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import chain, islice

from devtools.replica import newsroom
from devtools.replica.sections import SECTIONS
from devtools.replica.stories import Story


class Newsstand:
    """Keeps the published stories and the lists they stand in."""

    def __init__(self, seed: int, days: int, per_day: int) -> None:
        self._stories: dict[str, Story] = {}
        self._lists: dict[str, list[str]] = {name: [] for name in SECTIONS}
        self._styles: Counter[str] = Counter()
        national = newsroom.national(seed, per_day)
        for source in (national, newsroom.journal(seed), newsroom.photos(seed)):
            for story in chain.from_iterable(islice(source, days)):
                self._add(story)
        self._to_come: Iterator[Story] = chain.from_iterable(national)

    def publish(self, count: int) -> list[str]:
        """Bring out the next stories of the wire; their keys, in order of publication."""
        return [self._add(story) for story in islice(self._to_come, count)]

    def revise(self, key: str, headline: str | None, body: str | None, drop_images: bool) -> None:
        """Rewrite a story under its key; `body` as in the ledger."""
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
        self._styles[self._stories[key].key] += 1

    def withdraw(self, key: str) -> None:
        """Take a story off the site."""
        self.unlist(key)
        del self._stories[key]

    def unlist(self, key: str) -> None:
        """Take a story off every list; its page stays."""
        story = self._stories[key]
        for name in (story.section, story.category):
            if name and key in self._lists[name]:
                self._lists[name].remove(key)

    def story(self, key: str) -> Story | None:
        """The story of this key, if it is out."""
        return self._stories.get(key)

    def style(self, key: str) -> int:
        """How often the story was given another layout."""
        return self._styles[key]

    def changed(self, story: Story) -> datetime:
        """When the story's page last changed, in Japan time: a minute more for each change."""
        return story.published + timedelta(minutes=story.edition - 1 + self.style(story.key))

    def of(self, section: str) -> list[Story]:
        """The stories that belong to a section, newest first, whether a list shows them or not."""
        own = [story for story in self._stories.values() if section in (story.section, story.category)]
        return sorted(own, key=lambda story: story.published, reverse=True)

    def listed(self, section: str) -> list[Story]:
        """The stories on a section's list, newest first."""
        return self.newest(section, len(self._lists[section]))

    def newest(self, section: str, count: int) -> list[Story]:
        """The first stories on a section's list."""
        return [self._stories[key] for key in self._lists[section][: -count - 1 : -1]]

    def _add(self, story: Story) -> str:
        self._stories[story.key] = story
        for name in (story.section, story.category):
            if name:
                self._lists[name].append(story.key)
        return story.key
