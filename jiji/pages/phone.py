"""Article page on the template for phones."""

from jiji.pages.article_box import Selectors
from jiji.pages.base_article import BaseArticlePage
from jiji.site.urls import PHONE_PATH


class PhonePage(BaseArticlePage):
    """Article page without breadcrumbs and boxes of other headlines. The publisher's copyright line ends it.

    The template is seen; its selectors are a guess. They are those of the article page.
    """

    SELECTORS = Selectors(
        headline="h1#article-title", paragraphs="p.full-article-txt, #article-body > p, #article-body"
    )

    @property
    def may_apply(self) -> bool:
        """True for an address of the template."""
        return PHONE_PATH in self.url

    @property
    def matches(self) -> bool:
        """True for an article at an address of the template."""
        return self.may_apply and self.is_article
