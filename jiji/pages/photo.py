"""Photo page."""

from jiji.pages.article_box import Selectors
from jiji.pages.base_article import BaseArticlePage


class PhotoPage(BaseArticlePage):
    """Photo page with a text of its own and pictures with captions and credits."""

    SELECTORS = Selectors(
        headline="h1.text4L, h1#article-title",
        paragraphs="div.photos-data, div.photos-data > p, div.photos-data > div > p",
    )

    @property
    def matches(self) -> bool:
        """True if the page has the text of a photo page, a headline, and pictures or an article."""
        has_text = bool(self.article_id and self.line("div.photos-data") and self.headline)
        return has_text and bool(self.images or self.is_article)
