"""Extraction rules: the methods by which a field is found on a page."""

from enum import StrEnum


class ExtractionRule(StrEnum):
    """Method that found a field."""

    CERTAIN = "certain"
    """The selectors of a known layout, with every line of the article's box accounted for."""
    SELECTOR = "selector"
    """The selector of a known layout."""
    STRUCTURE = "structure"
    """Structure that any article page has: a line printed twice, the highest heading, an indent."""
    WORDING = "wording"
    """Wording: a dateline, or the page's title."""
    DISPUTED = "disputed"
    """The selectors found it, but structure and wording found something else."""

    @property
    def is_known_layout(self) -> bool:
        """True if the selectors of a known layout found the field, and nothing disputes it."""
        return self in (ExtractionRule.CERTAIN, ExtractionRule.SELECTOR)
