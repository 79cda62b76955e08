"""Language rules: the mechanical part, over the docstrings of all Python files of the project."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import PROJECT

FILES = [path for folder in ("jiji", "devtools", "tests") for path in sorted((PROJECT / folder).rglob("*.py"))]
BANNED = re.compile(
    r"\b(told|lest|whoever|whatever|thereby|wherein|take note|takes note|(is|are) none|put by)\b", re.IGNORECASE
)
QUESTION_WORDS = re.compile(r"(What|How|Which|Who|Whose|Where|When)\b")
TERMS = (
    "pagination", "frontier", "graceful", "rate limit", "write-ahead", "recover", "SSRF", "soft 404", "polite",
    "extract", "backoff",
)  # fmt: skip
"""Terms of the field by which a reader finds a file."""
RELATIVE_PRONOUNS = {"which", "who", "whom", "whose", "what", "whatever", "that"}
"""`that` counts wherever it stands, also as a conjunction."""
MOST_RELATIVE_PRONOUNS = 3.2
"""Per 100 words of docstrings."""

Documented = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


def docstrings(path: Path) -> Iterator[str]:
    """Yield the docstrings of a file, the module's first, those below attributes too; doctests are left out."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, Documented):
            texts = [below.value for below in node.body if isinstance(below, ast.Expr)]
            for text in texts:
                if isinstance(text, ast.Constant) and isinstance(text.value, str):
                    yield re.sub(r"(?m)^ *>>> .*\n(?: *\S.*\n?)*", "", text.value)


def named(path: Path) -> str:
    return str(path.relative_to(PROJECT))


@pytest.mark.parametrize("path", FILES, ids=named)
def test_docstrings_open_with_a_noun_or_a_verb(path: Path) -> None:
    texts = list(docstrings(path))
    assert [text for text in texts if QUESTION_WORDS.match(text)] == []
    assert not (texts and texts[0].startswith("Whether"))  # as a property or an attribute may


@pytest.mark.parametrize("path", FILES, ids=named)
def test_docstrings_hold_no_banned_word(path: Path) -> None:
    assert [found[0] for text in docstrings(path) for found in BANNED.finditer(text)] == []


@pytest.mark.parametrize("term", TERMS)
def test_term_of_the_field_leads_to_a_file(term: str) -> None:
    sources = (path.read_text(encoding="utf-8") for path in FILES if path.is_relative_to(PROJECT / "jiji"))
    assert any(term.lower() in source.lower() for source in sources)


def test_docstrings_of_the_package_hold_few_relative_pronouns() -> None:
    package = [path for path in FILES if path.is_relative_to(PROJECT / "jiji")]
    words = [
        word
        for path in package
        for text in docstrings(path)
        for word in re.findall(r"[a-z]+(?:'[a-z]+)?", text.lower())
    ]
    pronouns = sum(word in RELATIVE_PRONOUNS for word in words)
    assert 100 * pronouns / len(words) <= MOST_RELATIVE_PRONOUNS, f"{pronouns} in {len(words)} words"
