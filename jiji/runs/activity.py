"""Activity of a run at this moment, for people: its stage, and what it waits for."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum


class Stage(StrEnum):
    """Stage of a run."""

    STARTING = "starting"
    INDEX_PAGES = "reading index pages"
    ARTICLES = "fetching articles"
    HELD_ARTICLES = "judging unverified articles"


class Wait(StrEnum):
    """Cause of a wait."""

    DELAY = "the polite delay"
    RESPONSE = "the site's response"
    RETRY_AFTER = "the site, which asked for a pause"
    BACKOFF = "the back-off before a retry"
    OTHER_RUN = "another run's request to the site"


@dataclass(slots=True)
class Activity:
    """Stage of a run, the articles before it, and the cause of its wait."""

    stage: Stage = Stage.STARTING
    to_fetch: int = 0
    """Articles that the run knows and has not fetched."""
    wait: Wait = Wait.DELAY

    def fetched(self) -> None:
        """Count an article that was fetched, or could not be."""
        self.to_fetch = max(self.to_fetch - 1, 0)

    @contextmanager
    def waiting_for(self, wait: Wait) -> Iterator[None]:
        """State the cause of the waits inside."""
        before, self.wait = self.wait, wait
        try:
            yield
        finally:
            self.wait = before
