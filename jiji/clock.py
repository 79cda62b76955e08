"""Clock of a run: the one place that tests replace to let days pass."""

from datetime import UTC, datetime

from jiji.items import utc_text


def now() -> datetime:
    """Return the present moment, in UTC."""
    return datetime.now(UTC)


def now_text() -> str:
    """Return the present moment as the feed and the catalog write it."""
    return utc_text(now())
