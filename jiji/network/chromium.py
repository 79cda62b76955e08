"""Chromium on this machine: its place, and its start without any access to the network.

All requests of a page are answered by `browser.PageVisit`. The arguments below cut every other way to the network.
They hold for redirects, WebSockets, WebRTC, workers, prefetches and the browser's own services.
"""

import logging
import os
from pathlib import Path

from playwright.async_api import Browser, BrowserContext, Error, Playwright, async_playwright
from scrapy.exceptions import NotSupported

ARGUMENTS = (
    "--proxy-server=http://127.0.0.1:9",  # nothing listens there
    "--proxy-bypass-list=<-loopback>",  # loopback has no way around the proxy
    "--host-resolver-rules=MAP * ~NOTFOUND",  # no name and no address is found, not even the proxy's
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--disable-quic",
    "--dns-prefetch-disable",
    "--js-flags=--max-old-space-size=256",  # MiB a page
    "--disable-gpu",
)
LAUNCH_SECONDS = 60.0

logger = logging.getLogger(__name__)


class ChromiumProvider:
    """Provider of the browser for scrapy-playwright's handler (its protocol ``BrowserProvider``)."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._playwright: Playwright | None = None

    async def start(self) -> None:
        """Start Playwright, whose process ends with this one."""
        self._playwright = await async_playwright().start()

    async def launch_browser(self) -> Browser:
        """Return a new browser; raises playwright's Error."""
        if os.geteuid() == 0:  # Chromium has no sandbox for root
            return await self._launch(has_sandbox=False)
        try:
            return await self._launch(has_sandbox=True)
        except Error:
            logger.warning(
                "Chromium does not start in its sandbox on this machine; starting it without: %s", self._path
            )
            return await self._launch(has_sandbox=False)

    async def launch_persistent_context(self, context_kwargs: dict[str, object]) -> BrowserContext:
        """Raise NotSupported: no page leaves anything to the next one."""
        raise NotSupported

    async def close(self) -> None:
        """End Playwright and its browsers."""
        if self._playwright:
            await self._playwright.stop()

    async def _launch(self, *, has_sandbox: bool) -> Browser:
        assert self._playwright is not None  # noqa: S101 - the handler calls `start` first
        return await self._playwright.chromium.launch(
            executable_path=self._path,
            args=ARGUMENTS,
            chromium_sandbox=has_sandbox,
            timeout=LAUNCH_SECONDS * 1000,
            handle_sigint=False,  # a run finishes its page after a first signal
            handle_sigterm=False,
            handle_sighup=False,
        )
