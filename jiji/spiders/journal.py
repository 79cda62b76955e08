"""The section AFP-JIJI PRESS NEWS JOURNAL."""

from jiji.spiders.section import SectionSpider


class JournalSpider(SectionSpider):
    """Walk the AFP-JIJI PRESS NEWS JOURNAL."""

    name = "journal"
