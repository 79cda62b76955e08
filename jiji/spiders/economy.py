"""The section ECONOMY."""

from jiji.spiders.base import SectionSpider


class EconomySpider(SectionSpider):
    """Walk ECONOMY."""

    name = "economy"
