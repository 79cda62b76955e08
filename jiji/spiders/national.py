"""The section NATIONAL."""

from jiji.spiders.base import SectionSpider


class NationalSpider(SectionSpider):
    """Walk NATIONAL."""

    name = "national"
