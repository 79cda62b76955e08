"""HTML page of the report: self-contained, without scripts, under a strict content security policy."""

import base64
import hashlib
from urllib.parse import urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from jiji.report.content import Report

_ENVIRONMENT = Environment(
    loader=PackageLoader("jiji.report"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def render(report: Report) -> str:
    """Return the page."""
    style = _ENVIRONMENT.get_template("report.css").render()
    digest = base64.b64encode(hashlib.sha256(style.encode("utf-8")).digest()).decode("ascii")
    policy = f"default-src 'none'; img-src data:; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    return _ENVIRONMENT.get_template("report.html").render(
        report=report,
        style=Markup(style),
        policy=policy,
        percent=_percent,
        link=web_link,
    )


def web_link(url: str) -> str:
    """Return an http or https URL; an empty text for any other.

    >>> web_link("javascript:alert(1)"), web_link("https://jen.jiji.com/")
    ('', 'https://jen.jiji.com/')
    """
    try:
        return url if urlsplit(url).scheme in ("http", "https") else ""
    except ValueError:
        return ""


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"
