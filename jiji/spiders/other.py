"""The section OTHER."""

from jiji.spiders.base import SectionSpider


class OtherSpider(SectionSpider):
    """Walk OTHER."""

    name = "other"
