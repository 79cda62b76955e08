"""Test cases of pages: saved pages with their expected results, scrambled so that no text of the site is committed."""
