"""What general extractors find on pages: run in an environment of their own, for they are no part of the project.

They are imported where they are used: this module can be looked at where they are not.

Reads JSON lines with `url` and `html` from standard input; writes a JSON line each with what every extractor found.
"""

import json
import sys
from typing import Any

Found = dict[str, Any]
"""Field → value, as far as the extractor knows the field."""


def by_trafilatura(url: str, html: str) -> Found:
    """Return what trafilatura finds."""
    import trafilatura

    document = trafilatura.bare_extraction(html, url=url, with_metadata=True, include_comments=False)
    if document is None:
        return {}
    return {
        "headline": document.title,
        "authors": [name.strip() for name in (document.author or "").split(";") if name.strip()],
        "published_date": document.date,
        "body": document.text,
        "images": [document.image] if document.image else [],
    }


def by_newspaper(url: str, html: str) -> Found:
    """Return what newspaper4k finds."""
    import newspaper

    article = newspaper.Article(url, language="en", fetch_images=False)
    article.download(input_html=html)
    article.parse()
    return {
        "headline": article.title,
        "authors": article.authors,
        "published_date": article.publish_date.date().isoformat() if article.publish_date else None,
        "body": article.text,
        "images": sorted(article.images),
    }


READERS = {"trafilatura": by_trafilatura, "newspaper4k": by_newspaper}


def main() -> None:
    """Read pages, write findings."""
    for line in sys.stdin:
        page = json.loads(line)
        found = {}
        for name, read in READERS.items():
            try:
                found[name] = read(page["url"], page["html"])
            except Exception:
                found[name] = {}
        print(json.dumps(found), flush=True)


if __name__ == "__main__":
    main()
