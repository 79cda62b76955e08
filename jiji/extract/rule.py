"""Extraction rules: the methods by which a field is found on a page."""

from enum import StrEnum


class ExtractionRule(StrEnum):
    """Method that found a field."""

    SELECTOR = "selector"
    """The selector of a known layout."""
    STRUCTURE = "structure"
    """Structure that any article page has: a line printed twice, the highest heading, an indent."""
    WORDING = "wording"
    """Wording: a dateline, or the page's title."""
