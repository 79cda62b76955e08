"""The section Photos."""

from jiji.spiders.base import SectionSpider


class PhotosSpider(SectionSpider):
    """Walk Photos."""

    name = "photos"
