"""Pages drawn at random are read right: whole ones in every field, damaged ones in every field or not at all."""

from hypothesis import HealthCheck, Phase, given, settings
from scrapy.http import HtmlResponse

from devtools.accuracy.damage import damaged
from devtools.accuracy.pages import Page, pages
from jiji.pages import story_page
from tests.pages.test_cases import told

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
def test_a_whole_page_is_read_right_in_every_field(page: Page) -> None:
    read = told(story_page(response(page)))
    assert {name: read[name] for name in page.expected} == page.expected


@FEW
@given(damaged())
def test_a_damaged_page_is_read_right_in_every_field_or_refused(page: Page) -> None:
    try:
        read = told(story_page(response(page)))
    except ValueError:
        return
    assert {name: read[name] for name in page.expected} == page.expected
