"""Generator of the reference docs: Markdown tables, samples and JSON Schemas from the code.

``python -m devtools.generate_docs`` writes them. With ``--check`` it lists outdated files and exits with 1.
A generated region stands between ``<!-- name -->`` and ``<!-- /name -->`` on any page. `REGIONS` has the names.
"""

import ast
import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import Enum
from functools import cache
from importlib import import_module
from inspect import getsource
from itertools import pairwise
from pathlib import Path
from pkgutil import iter_modules
from textwrap import dedent, shorten
from typing import Annotated, Any, get_args, get_origin, get_type_hints

from pydantic import TypeAdapter

from devtools.field_notes import NOTES
from devtools.replica import Replica
from jiji import commands
from jiji.configuration import PREFIX, Arguments, Configuration
from jiji.items import content_hash
from jiji.runs import manifests
from jiji.runs.result import Exit
from jiji.site.sections import SECTIONS
from jiji.stats import PREFIX as STATS_PREFIX
from jiji.stats import RunStats
from jiji.validation import ARTICLE, article_schema, json_schema

PROJECT = Path(__file__).parent.parent
DOCS = PROJECT / "docs"
EXIT_TEXTS = ("meaning", "description", "advice")
"""Attributes of `Exit` that become columns, as far as it has them."""

EXCERPT = "id revision status category headline authors dateline published_date body truncated".split()
"""Keys of the sample in README.md."""
SAMPLE_SITE = "http://127.0.0.1:8970/"
LONGEST_EXAMPLE = 60
SAMPLE_TIME = "2026-11-25T03:00:00Z"

_REGION = re.compile(r"(?P<begin><!-- (?P<name>[a-z-]+) -->\n).*?(?P<end><!-- /(?P=name) -->)", re.DOTALL)

Schema = dict[str, Any]


def manifest_schema() -> Schema | None:
    """Return the JSON Schema of a manifest; None while its type is not declared."""
    declared = getattr(manifests, "Manifest", None)
    if declared is None:
        return None
    made = json_schema(TypeAdapter(declared), "Manifest")
    parts = {"Manifest": made, **made.get("$defs", {})}
    counters = {name: description for name, (_, description) in _annotated(RunStats).items()}
    for kind, part in ((getattr(manifests, name, None), part) for name, part in parts.items()):
        descriptions = {**counters, **(_descriptions(kind) if kind else {})}
        for name in part["properties"].keys() & descriptions.keys():
            part["properties"][name].setdefault("description", descriptions[name])
    return made


def settings_table() -> str:
    """Return the settings that begin with JIJI_."""
    return _declared(Configuration, "setting", lambda field: f"{PREFIX}{field.upper()}")


def arguments_table() -> str:
    """Return the spider arguments."""
    return _declared(Arguments, "argument", str)


def stats_table() -> str:
    """Return the counters of a run under their keys in Scrapy's stats."""
    rows = []
    for name, (hint, description) in _annotated(RunStats).items():
        enums = [kind for kind in get_args(hint) if isinstance(kind, type) and issubclass(kind, Enum)]
        values = "".join(f": {', '.join(f'`{each.value}`' for each in kind)}" for kind in enums)
        is_counted_by_key = issubclass(get_origin(hint) or object, dict)
        rows.append((f"`{STATS_PREFIX}{name}{'/...' * is_counted_by_key}`", f"{description}{values}"))
    return _table(("key", "meaning"), rows)


def exit_statuses_table() -> str:
    """Return the exit statuses of ``scrapy crawl``."""
    texts = [text for text in EXIT_TEXTS if hasattr(Exit.DONE, text)]
    rows = []
    for status in Exit:
        name = status.name.lower().replace("_", " ")
        link = f"[{status:d}](#{status:d}-{name.replace(' ', '-')})"
        rows.append((link, name, *(str(getattr(status, text)) for text in texts)))
    return _table(("status", "name", *texts), rows)


def fields_table() -> str:
    """Return the keys of a line of the feed, with an example of each from the sample."""
    made = article_schema()
    rows = (
        (key, kind, meaning, _example(key.strip("`")), *NOTES[key.strip("`")])
        for key, kind, meaning in _key_rows(made, made.get("$defs", {}), "")
    )
    return _table(("key", "type", "meaning", "example", "source", "caveat"), rows)


def _example(key: str) -> str:
    """Return the value of a key in the sample, shortened; of the first picture for a key of pictures."""
    value: Any = sample()
    for name in key.split("."):
        value = value[name]
        value = value[0] if isinstance(value, list) and "." in key and name != key.rpartition(".")[2] else value
    if isinstance(value, dict) or (isinstance(value, list) and value and isinstance(value[0], dict)):
        return ""  # its keys have examples
    text = json.dumps(value, ensure_ascii=False)
    return f"`{text if len(text) <= LONGEST_EXAMPLE else text[:LONGEST_EXAMPLE] + '...'}`"


def manifest_table() -> str | None:
    """Return the keys of a manifest; None while its type is not declared."""
    made = manifest_schema()
    return f"{_keys(made)}\n[manifest.schema.json](manifest.schema.json) is its JSON Schema.\n" if made else None


def commands_table() -> str:
    """Return the commands of the project beside Scrapy's own."""
    rows = []
    for module in iter_modules(commands.__path__, f"{commands.__name__}."):
        command = import_module(module.name).Command()
        name = module.name.rpartition(".")[2]
        rows.append((f"`scrapy {name} {command.syntax()}`", command.short_desc()))
    return _table(("command", "effect"), rows)


def make_table() -> str:
    """Return the targets of the Makefile."""
    makefile = (PROJECT / "Makefile").read_text(encoding="utf-8")
    return _table(("target", "effect"), re.findall(r"^([a-z]+):.*## (.*)$", makefile.replace("|", " "), re.MULTILINE))


def modules_table() -> str:
    """Return the modules of the package with the opening of each docstring, the spiders of sections left out."""
    rows = []
    for path in sorted((PROJECT / "jiji").rglob("*.py"), key=_package_first):
        place = path.relative_to(PROJECT).as_posix()
        if path.parent.name != "spiders" or path.stem not in SECTIONS:
            opening = (ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "").partition("\n\n")[0]
            rows.append((f"`{place.removesuffix('__init__.py')}`", " ".join(opening.split())))
    return _table(("module", "content"), rows)


def sample_line() -> str:
    """Return an article of the replica as a line of the feed, one key a line."""
    return _json_block(sample())


def sample_excerpt() -> str:
    """Return the most telling keys of the same line, its body shortened."""
    line = sample()
    shown = {key: line[key] for key in EXCERPT}
    return _json_block({**shown, "body": shorten(line["body"], 80, placeholder=" ...")})


REGIONS: dict[str, Callable[[], str | None]] = {
    "settings": settings_table,
    "arguments": arguments_table,
    "stats": stats_table,
    "exit-statuses": exit_statuses_table,
    "fields": fields_table,
    "manifest": manifest_table,
    "commands": commands_table,
    "make": make_table,
    "modules": modules_table,
    "line": sample_line,
    "excerpt": sample_excerpt,
}
SCHEMAS: dict[str, Callable[[], Schema | None]] = {
    "jiji/reader/article.schema.json": article_schema,  # installed with the package
    "docs/reference/manifest.schema.json": manifest_schema,
}
"""Path of a JSON Schema → its function."""


def filled(page: str) -> str:
    """Return a page with its marked regions generated; raises KeyError for an unknown name."""

    def region(found: re.Match[str]) -> str:
        made = REGIONS[found["name"]]()
        return found[0] if made is None else f"{found['begin']}{made}{found['end']}"

    return _REGION.sub(region, page)


def generated() -> Iterator[tuple[Path, str]]:
    """Yield each generated file with its text."""
    for path in (PROJECT / "README.md", *sorted(DOCS.rglob("*.md"))):
        yield path, filled(path.read_text(encoding="utf-8"))
    for name, make in SCHEMAS.items():
        if made := make():
            yield PROJECT / name, json.dumps(made, indent=2, ensure_ascii=False) + "\n"


def main(*, check: bool) -> int:
    """Write the files, or report outdated ones; return the exit status."""
    outdated = [(path, text) for path, text in generated() if not path.exists() or path.read_text("utf-8") != text]
    for path, text in outdated:
        if check:
            print(f"{path} is out of date: run `make docs`", file=sys.stderr)
        else:
            path.write_text(text, encoding="utf-8")
    return 1 if check and outdated else 0


@cache
def sample() -> dict[str, Any]:
    """Return the shortest article of the replica's NATIONAL that has a byline, a dateline and a picture."""
    replica = Replica()
    rows = replica.ledger("national")
    row = min(
        (row for row in rows if row["authors"] and row["dateline"] and row["images"]), key=lambda row: len(row["body"])
    )
    made = ARTICLE.validate_python(
        {**row, "fetched_at": SAMPLE_TIME, "first_seen_at": SAMPLE_TIME, "layout": "ArticlePage"}
    )
    made.content_hash = content_hash(made)
    text = ARTICLE.dump_json(made).decode("utf-8").replace(replica.url, SAMPLE_SITE)
    line: dict[str, Any] = json.loads(text)
    return line


def _package_first(path: Path) -> tuple[Path, bool, str]:
    return path.parent, path.name != "__init__.py", path.name


def _json_block(line: dict[str, Any]) -> str:
    keys = ",\n".join(f"  {json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}" for key, value in line.items())
    return f"```json\n{{\n{keys}\n}}\n```\n"


def _declared(model: type[Configuration | Arguments], kind: str, name_of: Callable[[str], str]) -> str:
    rows = [
        (
            f"`{name_of(name)}`",
            _default(field.default),
            _unit(name, field.annotation),
            model.accepts(name),
            field.description or "",
        )
        for name, field in model.model_fields.items()
    ]
    return _table((kind, "default", "unit", "accepted", "meaning"), rows)


def _default(value: object) -> str:
    if isinstance(value, tuple):
        return f"`{', '.join(map(str, value))}`"
    return f"`{value}`" if value not in ("", None) else "none"


def _unit(name: str, hint: object) -> str:
    """Return the unit of a number: the last word of its name."""
    return name.rpartition("_")[2] if "int" in str(hint) or "float" in str(hint) else ""


def _annotated(declared: type) -> dict[str, tuple[Any, str]]:
    """Return type and description of the fields of a dataclass."""
    found = {}
    for name, hint in get_type_hints(declared, include_extras=True).items():
        if get_origin(hint) is Annotated:
            kind, *notes = get_args(hint)
            described = (note if isinstance(note, str) else getattr(note, "description", None) for note in notes)
            found[name] = kind, next(filter(None, described), "")
    return found


def _descriptions(declared: type) -> dict[str, str]:
    """Return the descriptions of a dataclass's fields: text in Annotated, or the docstring below the field."""
    (definition,) = ast.parse(dedent(getsource(declared))).body
    found = {name: description for name, (_, description) in _annotated(declared).items() if description}
    for field, below in pairwise(definition.body if isinstance(definition, ast.ClassDef) else ()):
        match field, below:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(text))):
                found.setdefault(name, text)
    return found


def _keys(made: Schema) -> str:
    return _table(("key", "type", "meaning"), _key_rows(made, made.get("$defs", {}), ""))


def _key_rows(part: Schema, parts: Schema, prefix: str) -> Iterator[tuple[str, str, str]]:
    """Yield the keys of an object, the keys of an inner object below it."""
    for name, key in part["properties"].items():
        found = re.search(r"#/\$defs/(\w+)", json.dumps(key))
        inner = parts[found[1]] if found else {}
        yield f"`{prefix}{name}`", _type(key, parts), key.get("description") or inner.get("description", "")
        if "properties" in inner:
            yield from _key_rows(inner, parts, f"{prefix}{name}.")


def _type(key: Schema, parts: Schema) -> str:
    if "anyOf" in key:
        return " | ".join(_type(each, parts) for each in key["anyOf"])
    if "$ref" in key:
        return _type(parts[key["$ref"].rpartition("/")[2]], parts)
    if values := key.get("enum", [key["const"]] if "const" in key else None):
        return " | ".join(json.dumps(value) for value in values)
    if key.get("type") == "array":
        items = key.get("items") or (key.get("prefixItems") or [{}])[0]
        return f"list of {_type(items, parts)}"
    return str(key.get("type", "any"))


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |\n" for line in lines)


if __name__ == "__main__":
    sys.exit(main(check="--check" in sys.argv[1:]))
