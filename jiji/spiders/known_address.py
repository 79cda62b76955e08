"""Known address: the URL of the section's index page, as earlier runs found it on home.

A run that has it need not read home, which saves a request. Home is read again in every eighth run, in an audit, and
whenever the page at the address shows nothing of what it showed before.
"""

import json
from dataclasses import asdict, dataclass

from jiji.feed.catalog import Catalog

ADDRESS = "address"
"""Note in the catalog."""
CONFIRMATIONS = 3
"""Runs in a row that found the same address on home, before it is trusted."""
HOME_EVERY = 8
"""Runs of which one reads home."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Noted:
    url: str
    confirmations: int = 1
    used: int = 0
    """Runs since home was read."""


class KnownAddress:
    """The address of one section's index page."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        noted = catalog.noted(ADDRESS)
        self._noted = _Noted(**json.loads(noted)) if noted else None

    def take(self) -> str | None:
        """Return the address for a run that need not read home, and count its use; None where home is to be read."""
        noted = self._noted
        if noted is None or noted.confirmations < CONFIRMATIONS or noted.used + 1 >= HOME_EVERY:
            return None
        self._note(_Noted(url=noted.url, confirmations=noted.confirmations, used=noted.used + 1))
        return noted.url

    def found(self, url: str) -> None:
        """Record the address that home shows."""
        is_same = self._noted is not None and self._noted.url == url
        self._note(_Noted(url=url, confirmations=self._noted.confirmations + 1 if self._noted and is_same else 1))

    def _note(self, noted: _Noted) -> None:
        self._noted = noted
        self._catalog.note(ADDRESS, json.dumps(asdict(noted)))
