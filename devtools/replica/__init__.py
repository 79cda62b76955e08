"""Replica: a local imitation of Jiji Press's English site with invented stories, for tests and demonstrations.

It serves on loopback and knows the expected feed of each section (`Replica.ledger`). It imports nothing of the crawler,
so that the crawler is never measured by itself.
"""

from devtools.newsroom.story import Story
from devtools.replica.server import Replica, serve

__all__ = ["Replica", "Story", "serve"]
