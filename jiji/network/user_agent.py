"""Who the crawler says it is to the site."""

import logging
from urllib.parse import urlsplit

from scrapy.settings import BaseSettings

from jiji.configuration import Configuration
from jiji.site.urls import is_loopback

VERSION = "0.1.0"

logger = logging.getLogger(__name__)


class Identity:
    """Put the contact into the User-Agent, unless the user set one of his own."""

    def update_settings(self, settings: BaseSettings) -> None:
        """Set USER_AGENT from JIJI_CONTACT; says so when the site's owner would not know where to write."""
        configuration = Configuration.from_settings(settings)
        contact = " ".join(configuration.contact.split())
        settings.set("USER_AGENT", user_agent(contact), priority="addon")
        if not contact and not is_loopback(urlsplit(configuration.base_url).hostname or ""):
            logger.warning("JIJI_CONTACT is not set: name an address the site's owner can write to")


def user_agent(contact: str) -> str:
    """Return the User-Agent: what it is, and where to write.

    >>> user_agent("crawler@example.org")
    'jiji/0.1.0 (news crawler; crawler@example.org)'
    """
    return f"jiji/{VERSION} (news crawler; {contact or 'no contact given'})"
