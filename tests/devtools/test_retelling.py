"""Table of the shares of headlines that texts tell, as the docs show it, and the margins of its bounds."""

from devtools.retelling import distributions, table
from jiji.text.verification import SURELY_TOLD, TOLD
from tests.conftest import PROJECT


def test_docs_show_the_measured_table() -> None:
    assert table() in (PROJECT / "docs" / "explanation" / "extraction.md").read_text(encoding="utf-8")


def test_bounds_have_a_margin_to_articles_and_notices() -> None:
    shares = dict(distributions())
    own, notices = shares["its own text"], shares["a notice with the headline in it"]
    assert sum(share < SURELY_TOLD for share in own) < 0.05 * len(own)
    assert max(notices) < TOLD
