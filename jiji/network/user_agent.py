"""User-Agent of the crawler."""

import logging
from urllib.parse import urlsplit

from scrapy.settings import BaseSettings

from jiji.configuration import Configuration
from jiji.site.urls import is_loopback

VERSION = "0.1.0"

logger = logging.getLogger(__name__)


class UserAgentAddon:
    """Add-on that puts JIJI_CONTACT into the User-Agent, unless the user set USER_AGENT."""

    def update_settings(self, settings: BaseSettings) -> None:
        """Set USER_AGENT, and warn where a live site could not reach anybody; raises ConfigurationError."""
        configuration = Configuration.from_settings(settings)
        contact = " ".join(configuration.contact.split())
        settings.set("USER_AGENT", user_agent(contact), priority="addon")
        if not contact and not is_loopback(urlsplit(configuration.base_url).hostname or ""):
            logger.warning("JIJI_CONTACT is not set: name an address that the owner of the site can write to")


def user_agent(contact: str) -> str:
    """Return the User-Agent: product, purpose and contact.

    >>> user_agent("crawler@example.org")
    'jiji/0.1.0 (news crawler; crawler@example.org)'
    """
    return f"jiji/{VERSION} (news crawler; {contact or 'no contact given'})"
