"""The section POLITICS."""

from jiji.spiders.base import SectionSpider


class PoliticsSpider(SectionSpider):
    """Walk POLITICS."""

    name = "politics"
