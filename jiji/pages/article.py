"""Article page: the page of most articles of the wire."""

from jiji.pages.article_box import Selectors
from jiji.pages.base_article import BaseArticlePage


class ArticlePage(BaseArticlePage):
    """Article page with breadcrumbs, headline, byline, dateline and lead."""

    SELECTORS = Selectors(
        headline="h1#article-title", paragraphs="p.full-article-txt, #article-body > p, #article-body"
    )

    @property
    def matches(self) -> bool:
        """True for any article, whether by its markup or by its wording."""
        return self.is_article
