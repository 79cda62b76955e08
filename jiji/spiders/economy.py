"""The section ECONOMY."""

from jiji.spiders.section import SectionSpider


class EconomySpider(SectionSpider):
    """Walk ECONOMY."""

    name = "economy"
