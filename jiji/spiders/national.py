"""The section NATIONAL."""

from jiji.spiders.section import SectionSpider


class NationalSpider(SectionSpider):
    """Walk NATIONAL."""

    name = "national"
