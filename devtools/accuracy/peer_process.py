"""Process that runs the peers, in their own environment without this project.

It reads JSON lines with `url` and `html` from standard input, and writes a JSON line with the fields that each peer
found. The peers are imported where they are used, so that this module can be imported without them.
"""

import json
import sys
from typing import Any

from devtools.accuracy.fundus_publisher import publisher

Found = dict[str, Any]
"""Field → value, for the fields that the peer knows."""


def read_with_trafilatura(url: str, html: str) -> Found:
    """Return the fields that trafilatura finds."""
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


def read_with_newspaper(url: str, html: str) -> Found:
    """Return the fields that newspaper4k finds."""
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


def read_with_fundus(url: str, html: str) -> Found:
    """Return the fields that Fundus finds with a publisher class of the site."""
    found = publisher().parse(html, "suppress")
    published = found["publishing_date"]
    return {
        "headline": found["title"],
        "authors": found["authors"],
        "published_date": published.date().isoformat() if published else None,
        "body": str(found["body"] or ""),
        "images": [image.url for image in found["images"]],
    }


READERS = {"fundus": read_with_fundus, "trafilatura": read_with_trafilatura, "newspaper4k": read_with_newspaper}


def main() -> None:
    """Answer every page with the fields found."""
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
