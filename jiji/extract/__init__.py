"""Fallback extraction: the parts of an article from a page's structure and wording."""
