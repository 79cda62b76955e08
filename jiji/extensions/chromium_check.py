"""Check for Chromium before the first request, where a run may open pages in it."""

import logging
from typing import Self

from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured

from jiji.configuration import Configuration, ConfigurationError, RenderMode
from jiji.network.find_chromium import NAMES, find_chromium

logger = logging.getLogger(__name__)


class ChromiumCheck:
    """Refuses to start a run that needs a missing Chromium; warns about one that may need it."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the extension; raises NotConfigured where nothing is rendered, ConfigurationError without Chromium."""
        configuration = Configuration.from_settings(crawler.settings)
        if not configuration.may_render:
            raise NotConfigured
        if find_chromium(configuration.chromium) is None:
            cause = f"no Chromium was found on PATH ({', '.join(NAMES)}); install it or set JIJI_CHROMIUM"
            if configuration.screenshots or configuration.render is RenderMode.ALWAYS:
                setting = "JIJI_SCREENSHOTS" if configuration.screenshots else "JIJI_RENDER=always"
                raise ConfigurationError(f"{setting} needs a browser, and {cause}")
            logger.warning("Pages that need scripts will not be read (JIJI_RENDER=fallback): %s", cause)
        return cls()
