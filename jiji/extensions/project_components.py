"""Add-on that settles which components a crawl has: the project's, the user's, and those of Scrapy that are on.

A setting such as ``-s ITEM_PIPELINES={"my.Pipeline": 900}`` replaces the whole dict in Scrapy, and unvalidated lines
would be published. Here the user's components are merged into the project's.

Scrapy imports a component before it asks its switch. The modules of those that are off take an eighth of a run without news.
"""

from collections.abc import Mapping
from typing import Any

from scrapy.settings import BaseSettings

from jiji import settings as project
from jiji.configuration import ConfigurationError

MERGED = ("ITEM_PIPELINES", "EXTENSIONS", "SPIDER_MIDDLEWARES", "DOWNLOADER_MIDDLEWARES", "DOWNLOAD_HANDLERS")

SWITCHES = {
    "TELNETCONSOLE_ENABLED": ("EXTENSIONS", "scrapy.extensions.telnet.TelnetConsole"),
    "REMOTE_CONTROL_ENABLED": ("EXTENSIONS", "scrapy.extensions.remote_control.RemoteControl"),
    "COOKIES_ENABLED": ("DOWNLOADER_MIDDLEWARES", "scrapy.downloadermiddlewares.cookies.CookiesMiddleware"),
    "HTTPCACHE_ENABLED": ("DOWNLOADER_MIDDLEWARES", "scrapy.downloadermiddlewares.httpcache.HttpCacheMiddleware"),
}
"""Setting that switches one of Scrapy's components on, and the component. Off, its module is not even imported."""


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
        _leave_out_switched_off(settings)


def _leave_out_switched_off(settings: BaseSettings) -> None:
    """Remove the components whose switch is off from Scrapy's defaults: one that is set to None is imported, too."""
    for switch, (kind, path) in SWITCHES.items():
        if not settings.getbool(switch):
            defaults = settings.getdict(f"{kind}_BASE")
            defaults.pop(path, None)
            settings.set(f"{kind}_BASE", defaults, priority="cmdline")


def _path(component: Any) -> str:
    """Return the import path of a component: Scrapy takes paths and classes."""
    return component if isinstance(component, str) else f"{component.__module__}.{component.__qualname__}"
