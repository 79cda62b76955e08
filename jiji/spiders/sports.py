"""The section SPORTS."""

from jiji.spiders.base import SectionSpider


class SportsSpider(SectionSpider):
    """Walk SPORTS."""

    name = "sports"
