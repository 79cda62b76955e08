"""The section POLITICS."""

from jiji.spiders.section import SectionSpider


class PoliticsSpider(SectionSpider):
    """Walk POLITICS."""

    name = "politics"
