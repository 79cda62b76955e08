"""Writes what docs take from the code: the JSON Schema of a feed's line, and the table of its fields.

``python -m devtools.generate_docs`` writes. With ``--check`` it lists outdated files and exits with 1.
"""

import json
import re
import sys
from pathlib import Path
from typing import Any

from jiji.items import ARTICLE, Article

DOCS = Path(__file__).parent.parent / "docs"
SCHEMA = DOCS / "article.schema.json"
FIELDS = DOCS / "fields.md"
_TABLE = re.compile(r"(?<=<!-- fields -->\n).*?(?=<!-- /fields -->)", re.DOTALL)


def schema() -> dict[str, Any]:
    """Return the JSON Schema of one line, every key required: a feed's line always has them all."""
    made = ARTICLE.json_schema()
    for part in (made, *made["$defs"].values()):
        part["required"] = list(part["properties"])
        part["additionalProperties"] = False
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": Article.__name__, **made}


def table(made: dict[str, Any]) -> str:
    """Return the fields as a Markdown table, the parts of an object below it."""
    rows = [("key", "type", "meaning"), ("---", "---", "---")]
    for name, told in made["properties"].items():
        rows.append((f"`{name}`", _type(told), told.get("description", "")))
        part = re.search(r"#/\$defs/(\w+)", json.dumps(told))
        for key, inner in made["$defs"][part[1]]["properties"].items() if part else ():
            rows.append((f"`{name}.{key}`", _type(inner), inner.get("description", "")))
    return "".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |\n" for row in rows)


def _type(told: dict[str, Any]) -> str:
    if "anyOf" in told:
        return " | ".join(map(_type, told["anyOf"]))
    if "$ref" in told:
        return "object"
    if "enum" in told or "const" in told:
        return " | ".join(f'"{value}"' for value in told.get("enum", [told.get("const")]))
    if told["type"] == "array":
        return f"list of {_type(told['items'])}"
    return str(told["type"])


def main(*, check: bool) -> int:
    """Write the files, or say which of them are out of date."""
    made = schema()
    fields = FIELDS.read_text(encoding="utf-8")
    wanted = {
        SCHEMA: json.dumps(made, indent=2, ensure_ascii=False) + "\n",
        FIELDS: _TABLE.sub(lambda _: table(made), fields),
    }
    stale = [path for path, text in wanted.items() if not path.exists() or path.read_text(encoding="utf-8") != text]
    for path in stale:
        if check:
            print(f"{path} is out of date: run `make docs`", file=sys.stderr)
        else:
            path.write_text(wanted[path], encoding="utf-8")
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main(check="--check" in sys.argv[1:]))
