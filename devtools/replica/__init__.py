"""A site that imitates Jiji Press's English one, with invented stories, for tests and demonstrations.

It is served on loopback and knows what a perfect reader would read on it (`Replica.ledger`). Nothing of the crawler is
used here, lest the crawler be measured by itself.
"""

from devtools.replica.server import Replica, serve
from devtools.replica.stories import Story

__all__ = ["Replica", "Story", "serve"]
