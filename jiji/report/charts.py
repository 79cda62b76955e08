"""Charts as SVG: Vega-Lite specifications, rendered without a browser and without a script in the page.

Colours are CSS variables, so that one chart suits light and dark pages.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import vl_convert
from markupsafe import Markup

from jiji.text.xml_text import xml_text

VEGA_LITE = "6.4"
WIDTH = 480
"""Width in pixels before the page scales the chart."""
COLOURS = 8
"""Colours ``--c1`` to ``--c8`` of the style sheet; further series share them."""

Values = Sequence[Mapping[str, Any]]
Spec = dict[str, Any]

_CONFIG: Spec = {
    "background": "transparent",
    "padding": {"left": 14, "top": 5, "right": 8, "bottom": 5},
    "font": "system-ui, sans-serif",
    "view": {"stroke": None},
    "axis": {
        "labelColor": "var(--ink)", "titleColor": "var(--ink)", "domainColor": "var(--line)",
        "tickColor": "var(--line)", "gridColor": "var(--line)", "labelFontSize": 12, "titleFontSize": 12,
        "titleFontWeight": "normal",
    },
    "axisX": {"tickCount": 5, "labelFlush": False},
    "legend": {"labelColor": "var(--ink)", "labelFontSize": 12, "orient": "top", "title": None},
}  # fmt: skip


def stacked_days(values: Values, series: str, order: Sequence[str]) -> Markup:
    """Return a bar a day, stacked by a series; values have `day`, the series and `articles`."""
    return _svg({
        "height": 220,
        "data": {"values": list(values)},
        "mark": {"type": "bar"},
        "encoding": {
            "x": {"field": "day", "type": "temporal", "timeUnit": "utcyearmonthdate", "title": None},
            "y": {"field": "articles", "type": "quantitative", "aggregate": "sum", "title": "articles"},
            "color": _colour(series, order),
        },
    })  # fmt: skip


def runs(values: Values, results: Sequence[str]) -> Markup:
    """Return a mark a run; values have `started`, `section`, `result` and `appended`."""
    return _svg({
        "height": {"step": 28},
        "data": {"values": list(values)},
        "mark": {"type": "tick", "thickness": 3, "bandSize": 18},
        "encoding": {
            "x": {"field": "started", "type": "temporal", "timeUnit": "utcyearmonthdatehoursminutes", "title": None},
            "y": {"field": "section", "type": "nominal", "title": None},
            "color": _colour("result", results),
        },
    })  # fmt: skip


def bars(values: Values, name: str, number: str, *, order: Sequence[str] | None = None) -> Markup:
    """Return a horizontal bar a name; values have the name and the number."""
    return _svg({
        "height": {"step": 22},
        "data": {"values": list(values)},
        "mark": {"type": "bar", "color": "var(--c1)"},
        "encoding": {
            "y": {"field": name, "type": "nominal", "title": None, "sort": list(order) if order else "-x",
                  "axis": {"labelLimit": 220}},
            "x": {"field": number, "type": "quantitative", "title": number},
        },
    })  # fmt: skip


def shares(values: Values, name: str, series: str, order: Sequence[str]) -> Markup:
    """Return a bar a name, divided by a series; values have the name, the series and `pages`."""
    return _svg({
        "height": {"step": 22},
        "data": {"values": list(values)},
        "mark": {"type": "bar"},
        "encoding": {
            "y": {"field": name, "type": "nominal", "title": None},
            "x": {"field": "pages", "type": "quantitative", "stack": "normalize", "title": "share of pages",
                  "axis": {"format": "%"}},
            "color": _colour(series, order),
        },
    })  # fmt: skip


def _colour(series: str, order: Sequence[str]) -> Spec:
    palette = [f"var(--c{number % COLOURS + 1})" for number in range(len(order))]
    return {"field": series, "type": "nominal", "scale": {"domain": list(order), "range": palette}}


def _svg(spec: Spec) -> Markup:
    made = vl_convert.vegalite_to_svg(_valid({"width": WIDTH, "config": _CONFIG, **spec}), vl_version=VEGA_LITE)
    return Markup(made)


def _valid(part: Any) -> Any:
    """Return a part of a specification without characters that XML forbids, on which the renderer aborts."""
    if isinstance(part, str):
        return xml_text(part)
    if isinstance(part, dict):
        return {_valid(key): _valid(value) for key, value in part.items()}
    return [_valid(each) for each in part] if isinstance(part, list) else part
