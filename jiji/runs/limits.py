"""Limits of the process (``ulimit``) that a run could not end properly under."""

import resource

FEWEST_OPEN_FILES = 40
"""Open files that a run needs: about 25 of its own, and sockets."""


class LimitTooLow(ValueError):
    """A limit of the process is too low for a run."""


def check_open_files() -> None:
    """Raise the limit on open files as far as needed and allowed; raises LimitTooLow."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    allowed = FEWEST_OPEN_FILES if hard == resource.RLIM_INFINITY else min(hard, FEWEST_OPEN_FILES)
    if soft != resource.RLIM_INFINITY and soft < allowed:
        resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, hard))
        soft = allowed
    if soft != resource.RLIM_INFINITY and soft < FEWEST_OPEN_FILES:
        raise LimitTooLow(
            f"the process may open {soft} files (`ulimit -n`), and a run needs {FEWEST_OPEN_FILES}; raise the limit"
        )
