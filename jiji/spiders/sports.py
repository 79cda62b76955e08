"""The section SPORTS."""

from jiji.spiders.section import SectionSpider


class SportsSpider(SectionSpider):
    """Walk SPORTS."""

    name = "sports"
