"""Add-on that keeps the project's own components in place beside those of the user.

A setting such as ``-s ITEM_PIPELINES={"my.Pipeline": 900}`` replaces the whole dict in Scrapy, and unvalidated lines
would be published. Here the user's components are merged into the project's.
"""

from collections.abc import Mapping
from typing import Any

from scrapy.settings import BaseSettings

from jiji import settings as project
from jiji.configuration import ConfigurationError

MERGED = ("ITEM_PIPELINES", "EXTENSIONS", "SPIDER_MIDDLEWARES", "DOWNLOADER_MIDDLEWARES", "DOWNLOAD_HANDLERS")


class ProjectComponents:
    """Merges the component settings of the user into those of the project."""

    def update_settings(self, settings: BaseSettings) -> None:
        """Merge; raises ConfigurationError for a component of the project that is set to None."""
        for name in MERGED:
            own: Mapping[str, int | str | None] = getattr(project, name)
            merged = {**own, **{_path(key): value for key, value in settings.getdict(name).items()}}
            if missing := [path for path, value in own.items() if value is not None and merged[path] is None]:
                raise ConfigurationError(f"{name} switches off {missing[0]}, which the project needs; leave it out")
            settings.set(name, merged, priority="cmdline")


def _path(component: Any) -> str:
    """Return the import path of a component: Scrapy takes paths and classes."""
    return component if isinstance(component, str) else f"{component.__module__}.{component.__qualname__}"
