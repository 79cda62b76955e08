"""Page of the AFP-Jiji Press News Journal."""

from jiji.pages.article_box import Selectors
from jiji.pages.base_article import BaseArticlePage


class JournalPage(BaseArticlePage):
    """Journal page with a large headline, a printed date and the whole text."""

    SELECTORS = Selectors(headline="h1.text4L", paragraphs="p.full-article-txt, #article-body > p, #article-body")

    @property
    def matches(self) -> bool:
        """True if the page has the large headline and a body."""
        return bool(self.line(self.SELECTORS.headline)) and (self.is_article or bool(self.published[0] and self.body))
