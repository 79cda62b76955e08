"""Extraction of an article's parts from the structure and the wording of a page."""
