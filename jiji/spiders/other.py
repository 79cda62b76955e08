"""The section OTHER."""

from jiji.spiders.section import SectionSpider


class OtherSpider(SectionSpider):
    """Walk OTHER."""

    name = "other"
