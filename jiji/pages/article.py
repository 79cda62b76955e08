"""An article of the wire: the page most stories have."""

from jiji.pages.base_article import StoryPage


class ArticlePage(StoryPage):
    """An article: breadcrumb, headline, byline, dateline, lead."""

    HEADLINE = "h1#article-title"
    PARAGRAPHS = "p.full-article-txt, #article-body > p, #article-body"

    @property
    def matches(self) -> bool:
        """Whether the page tells a story under a key, by its markup or by its words."""
        return self.tells_a_story
