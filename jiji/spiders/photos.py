"""The section Photos."""

from jiji.spiders.section import SectionSpider


class PhotosSpider(SectionSpider):
    """Walk Photos."""

    name = "photos"
