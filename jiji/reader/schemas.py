"""Column types of a feed's lines for other readers, which guess wrong where a column is null in a whole file.

The types are derived from jiji.items. A reader's package is imported only when its types are asked for.
"""

from dataclasses import is_dataclass
from enum import Enum
from functools import cached_property
from types import NoneType
from typing import TYPE_CHECKING, Annotated, Any, Literal, get_args, get_origin, get_type_hints

from jiji.items import Article

if TYPE_CHECKING:
    import pyarrow


class Kind(Enum):
    """Kind of a plain value."""

    TEXT = "text"
    INTEGER = "integer"
    BOOLEAN = "boolean"
    DAY = "date"
    """Text of the form YYYY-MM-DD."""
    MOMENT = "date-time"
    """Text in ISO 8601 with zone."""


Column = Kind | list[Any] | dict[str, Any]
"""A kind, a list with the column of its elements, or a record with a column for each key."""

_PLAIN: dict[object, Kind] = {str: Kind.TEXT, int: Kind.INTEGER, bool: Kind.BOOLEAN}


def columns(declared: type) -> dict[str, Column]:
    """Return the columns of a dataclass.

    >>> from jiji.items import Image
    >>> columns(Image)
    {'url': <Kind.TEXT: 'text'>, 'caption': <Kind.TEXT: 'text'>, 'credit': <Kind.TEXT: 'text'>}
    """
    return {
        name: _column(hint) for name, hint in get_type_hints(declared, include_extras=True).items() if _is_field(hint)
    }


def _is_field(hint: Any) -> bool:
    return get_origin(hint) is Annotated


def _column(hint: Any) -> Column:
    origin, inner = get_origin(hint), get_args(hint)
    if origin is Annotated:
        formats = (getattr(note, "format", None) for note in inner[1:])
        return next((Kind(each) for each in formats if each), None) or _column(inner[0])
    if origin is Literal:
        return Kind.TEXT
    if origin is list:
        return [_column(inner[0])]
    if NoneType in inner:
        (hint,) = (each for each in inner if each is not NoneType)
        return _column(hint)
    return columns(hint) if is_dataclass(hint) and isinstance(hint, type) else _PLAIN[hint]


class Schema:
    """Column types of a line of the feed, for the reader of that name."""

    @cached_property
    def arrow(self) -> "pyarrow.Schema":
        """Schema for pyarrow's reader of JSON Lines. A day is a timestamp without zone, because it reads no dates."""
        import pyarrow as pa

        return _arrow({Kind.DAY: pa.timestamp("us")})

    @cached_property
    def parquet(self) -> "pyarrow.Schema":
        """Schema of the Parquet files of ``scrapy export``."""
        import pyarrow as pa

        return _arrow({Kind.DAY: pa.date32()})

    @cached_property
    def duckdb(self) -> dict[str, str]:
        """Argument `columns` of DuckDB's ``read_json``."""
        return {name: _duckdb(column) for name, column in columns(Article).items()}

    @cached_property
    def polars(self) -> dict[str, Any]:
        """Argument `schema` of Polars' ``read_ndjson`` and ``scan_ndjson``."""
        return {name: _polars(column) for name, column in columns(Article).items()}

    @cached_property
    def huggingface(self) -> Any:
        """Argument `features` of ``datasets.load_dataset``."""
        from datasets import Features

        return Features.from_arrow_schema(self.parquet)

    @cached_property
    def pandas(self) -> dict[str, str]:
        """Argument `dtype` of ``pandas.read_json``: text stays text, IDs too.

        Pandas itself makes times of the columns whose names end in ``_at``.
        """
        plain = ((name, column) for name, column in columns(Article).items() if isinstance(column, Kind))
        return {name: _PANDAS[column] for name, column in plain if column in _PANDAS}


def _arrow(days: dict[Kind, Any]) -> "pyarrow.Schema":
    import pyarrow as pa

    plain = {
        Kind.TEXT: pa.string(), Kind.INTEGER: pa.int32(), Kind.BOOLEAN: pa.bool_(),
        Kind.MOMENT: pa.timestamp("us", tz="UTC"), **days,
    }  # fmt: skip

    def type_of(column: Column) -> Any:
        if isinstance(column, list):
            return pa.list_(type_of(column[0]))
        if isinstance(column, dict):
            return pa.struct([(name, type_of(each)) for name, each in column.items()])
        return plain[column]

    return pa.schema([(name, type_of(column)) for name, column in columns(Article).items()])


_DUCKDB = {
    Kind.TEXT: "VARCHAR", Kind.INTEGER: "INTEGER", Kind.BOOLEAN: "BOOLEAN", Kind.DAY: "DATE",
    Kind.MOMENT: "TIMESTAMPTZ",
}  # fmt: skip


_PANDAS = {Kind.TEXT: "string", Kind.INTEGER: "Int64", Kind.BOOLEAN: "bool", Kind.DAY: "string"}


def _duckdb(column: Column) -> str:
    if isinstance(column, list):
        return f"{_duckdb(column[0])}[]"
    if isinstance(column, dict):
        return "STRUCT({})".format(", ".join(f'"{name}" {_duckdb(each)}' for name, each in column.items()))
    return _DUCKDB[column]


def _polars(column: Column) -> Any:
    import polars as pl

    if isinstance(column, list):
        return pl.List(_polars(column[0]))
    if isinstance(column, dict):
        return pl.Struct({name: _polars(each) for name, each in column.items()})
    plain: dict[Kind, Any] = {
        Kind.TEXT: pl.String, Kind.INTEGER: pl.Int32, Kind.BOOLEAN: pl.Boolean, Kind.DAY: pl.Date,
        Kind.MOMENT: pl.Datetime("us", "UTC"),
    }  # fmt: skip
    return plain[column]


schema = Schema()
"""The column types."""
