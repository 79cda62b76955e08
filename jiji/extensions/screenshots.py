"""Screenshots: a full-page PNG of each published article, with its SHA-256 in the run's manifest."""

import hashlib
import logging
from typing import IO, Self

from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured

from jiji.feed.errors import named_os_errors
from jiji.items import Article
from jiji.network.render_request import RenderedResponse
from jiji.runs.manifests import Screenshot
from jiji.section_run import FetchedArticle, SectionRun, article_published

LARGEST = 20 * 1024 * 1024
"""Bytes of a screenshot that is kept."""

logger = logging.getLogger(__name__)


class Screenshots:
    """Writes the screenshot of each article that the feed has just received."""

    def __init__(self, run: SectionRun) -> None:
        self._run = run

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the extension, connected; raises NotConfigured unless JIJI_SCREENSHOTS is set."""
        screenshots = cls(SectionRun.of_crawl(crawler))
        if not screenshots._run.configuration.screenshots:
            raise NotConfigured
        crawler.signals.connect(screenshots.article_published, article_published)
        return screenshots

    def article_published(self, article: Article, fetched: FetchedArticle) -> None:
        """Write the screenshot of an article, named by ID and revision."""
        response = fetched.response
        if not isinstance(response, RenderedResponse) or response.screenshot is None:
            logger.warning("No screenshot of article %s: its page was not rendered", article.id)
            return
        png = _content(response.screenshot)
        if len(png) > LARGEST:
            logger.warning("No screenshot of article %s: it has %s bytes", article.id, len(png))
            return
        path = self._run.output.screenshots(self._run.section.name) / f"{article.id}-{article.revision}.png"
        draft = path.with_suffix(".part")
        with self._run.feed_errors_end_the_run(), named_os_errors(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            draft.write_bytes(png)
            draft.replace(path)
            self._run.screenshots.append(
                Screenshot(
                    id=article.id,
                    revision=article.revision,
                    file=path.relative_to(self._run.output.path).as_posix(),
                    sha256=hashlib.sha256(png).hexdigest(),
                )
            )


def _content(file: IO[bytes]) -> bytes:
    with file:
        file.seek(0)
        return file.read()
