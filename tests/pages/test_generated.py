"""Generated pages: a whole page is read right in every field, a damaged one in every field or rejected."""

from hypothesis import HealthCheck, Phase, given, settings
from scrapy.http import HtmlResponse

from devtools.accuracy.damage import damaged
from devtools.accuracy.pages import Page, pages
from jiji.exceptions import PageRejected
from jiji.pages import article_page
from tests.pages.case_folders import page_fields

FEW = settings(
    max_examples=300,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate, Phase.shrink],
    suppress_health_check=list(HealthCheck),
)


def response(page: Page) -> HtmlResponse:
    return HtmlResponse(page.expected["url"], body=page.body, headers={"Content-Type": page.content_type})


@FEW
@given(pages())
def test_whole_page_is_read_right_in_every_field(page: Page) -> None:
    try:
        read = page_fields(article_page(response(page)))
    except PageRejected:
        assert page.may_be_refused
        return
    assert {name: read[name] for name in page.expected} == page.expected


@FEW
@given(damaged())
def test_damaged_page_is_read_right_in_every_field_or_rejected(page: Page) -> None:
    try:
        read = page_fields(article_page(response(page)))
    except PageRejected:
        return
    assert {name: read[name] for name in page.expected} == page.expected
