"""Identifiers of articles in other formats: tag URIs (RFC 4151), independent of URLs."""


def tag_uri(article_id: str) -> str:
    """Return the tag URI of an article.

    >>> tag_uri("2026012700123")
    'tag:jen.jiji.com,2026:2026012700123'
    """
    return f"tag:jen.jiji.com,{article_id[:4]}:{article_id}"
