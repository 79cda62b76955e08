"""Age at which all articles of a feed are due for a check, for tests of revisions."""

import time
from datetime import datetime

from tests.conftest import Crawls


def recheck_age(crawls: Crawls) -> str:
    """Wait until every article of SPORTS is past an age at which none was checked yet; return that age in hours."""
    seen, read = (
        [datetime.fromisoformat(line[name]).timestamp() for line in crawls.lines("sports")]
        for name in ("first_seen_at", "fetched_at")
    )
    age = max(read) - min(seen) + 1
    time.sleep(max(0, max(seen) + age + 1 - time.time()))
    return str(age / 3600)
