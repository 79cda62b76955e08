"""Values of a line, which two parsers read: what the fast one refuses is read as Python reads JSON."""

import json

import pytest

from jiji.feed.article_line import ArticleLine, record

ID = "2026012700001"


@pytest.mark.parametrize(
    "line",
    [
        b'{"id": "2026012700001", "revision": 1, "url": "u", "url": "v"}\n',
        b'{"id": "2026012700001", "revision": 1, "size": NaN, "other": [-Infinity, 1e400]}\n',
        b'{"id": "2026012700001", "revision": 1, "deep": ' + b"[" * 300 + b"]" * 300 + b"}\n",
        b' {"id": "2026012700001", "revision": 1, "url": "\\u0000\\ud83d\\ude00"} \n',
    ],
)
def test_record_is_the_one_that_python_reads(line: bytes) -> None:
    assert repr(record(line)) == repr(json.loads(line))
    assert ArticleLine.parse(line)[:2] == (ID, 1)


@pytest.mark.parametrize(("prefix", "url"), [(b"\xef\xbb\xbf", b"u"), (b"", b"\\ud800"), (b"", b"a\\udfffb")])
def test_line_that_the_fast_parser_refuses_is_read(prefix: bytes, url: bytes) -> None:
    values = ArticleLine.parse(prefix + b'{"id": "2026012700001", "revision": 2, "url": "' + url + b'"}\n')
    assert (values.id, values.revision) == (ID, 2)
    values.url.encode()


@pytest.mark.parametrize(
    "line",
    [
        b"", b"\n", b"[1]", b"7", b'{"id": "2026012700001"}', b'{"id": "2026012700001", "revision": true}',
        b'{"id": "2026012700001", "revision": 01}', b'{"id": "2026012700001", "revision": 1, "url": "\xff"}',
        b'{"id": "2026012700001", "revision": 1,}', b'{"id": "2026012700001", "revision": 1} x',
        b'{"id": "2026012700001", "revision": 1, "deep": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    ],
)  # fmt: skip
def test_other_lines_are_refused(line: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        ArticleLine.parse(line)


def test_values_of_another_type_and_times_that_are_none_are_empty() -> None:
    line = {"id": ID, "revision": 1, "url": 5, "category": [], "first_seen_at": "soon", "fetched_at": 7}
    assert ArticleLine.parse(json.dumps(line).encode()) == (ID, 1, "", "", "", None, "", "", 0, 0)
