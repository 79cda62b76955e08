"""``scrapy crawl``: Scrapy's command with an exit status that states the result of the run."""

import argparse

from scrapy.commands import crawl
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.exceptions import UsageError
from scrapy.settings import BaseSettings


class Command(crawl.Command):
    """Runs the spider of a section; exits with the result of the run."""

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Process the options; logging, which is configured next, needs the standard streams."""
        from jiji.runs.standard_streams import open_closed_streams
        from jiji.terminal import set_log_level

        open_closed_streams()
        super().process_options(args, opts)
        if self.settings is not None:
            set_log_level(self.settings)
            _rotate_log(self.settings)

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Crawl; raises UsageError for anything but one known spider."""
        from jiji.crawl_process import crawl_section, crawl_unjudged
        from jiji.site.sections import Section
        from jiji.terminal import quieten_scrapy

        process = self.crawler_process
        if not isinstance(process, AsyncCrawlerProcess):
            raise UsageError("the project needs Scrapy's asyncio reactor: leave TWISTED_REACTOR at its default")
        quieten_scrapy(process.settings)
        names = process.spider_loader.list()
        if len(args) != 1 or args[0] not in names:
            raise UsageError(f"name one section of: {', '.join(names)}", print_help=False)
        section = getattr(process.spider_loader.load(args[0]), "section", None)
        if not isinstance(section, Section):
            self.exitcode = crawl_unjudged(process, args[0], opts.spargs)
        else:
            self.exitcode = crawl_section(process, args[0], section.name, opts.spargs)


def _rotate_log(settings: BaseSettings) -> None:
    """Rotate the log file that this run will append to; invalid settings are refused later, with a manifest."""
    if not settings.get("LOG_FILE") or not settings.getbool("LOG_FILE_APPEND"):
        return
    from contextlib import suppress
    from datetime import UTC, datetime
    from pathlib import Path

    from jiji.configuration import Configuration, ConfigurationError
    from jiji.feed.errors import FeedError
    from jiji.runs.retention import rotate_log

    with suppress(ConfigurationError, FeedError):
        rotate_log(Path(settings["LOG_FILE"]), Configuration.from_settings(settings).caps, datetime.now(UTC))
