"""A page of photos."""

from jiji.pages.base_article import StoryPage


class PhotoPage(StoryPage):
    """A photo page: pictures with captions and credits, and a text of their own."""

    HEADLINE = "h1.text4L, h1#article-title"
    PARAGRAPHS = "div.photos-data, div.photos-data > p, div.photos-data > div > p"

    @property
    def matches(self) -> bool:
        """Whether the page has the photos' text."""
        return bool(self.key and self.line("div.photos-data") and self.headline and (self.images or self.tells_a_story))
