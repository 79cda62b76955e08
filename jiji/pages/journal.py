"""A page of the AFP-Jiji Press News Journal."""

from jiji.pages.base_article import StoryPage


class JournalPage(StoryPage):
    """A journal page: a headline of the large kind, a printed date, the whole text."""

    HEADLINE = "h1.text4L"
    PARAGRAPHS = "p.full-article-txt, #article-body > p, #article-body"

    @property
    def matches(self) -> bool:
        """Whether the page has the large headline and a body."""
        return bool(self.line(self.HEADLINE)) and (self.tells_a_story or bool(self.published[0] and self.body))
