"""A table of documents as one relation of SQL, whatever its files name their columns."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from jobs.steps.explore.database import Database, identifier, literal
from jobs.steps.explore.place import JSON_LINES, FileGroups
from schemas.errors import UserError

ATTRIBUTES = ("slice", "bucket", "language", "license")
"""Columns of few values, which documents are grouped and filtered by."""

TEXTS = ("id", "text", "title", "url", "domain", "date", *ATTRIBUTES)
"""Columns of every data set, as text; NULL where the files have none."""

_ALIASES: Mapping[str, Sequence[str]] = {
    "text": ("text", "raw_content", "content", "body", "document"),
    "id": ("id", "doc_id", "_id", "uuid", "docid"),
    "url": ("url", "uri", "source_url", "WARC-Target-URI", "link"),
    "title": ("title", "name", "headline"),
    "domain": ("source_domain", "domain", "host"),
    "date": ("date", "date_download", "timestamp", "published", "created"),
    "language": ("language", "lang"),
    "license": ("license", "licence"),
    "slice": ("slice", "red_pajama_subset", "subset", "source", "dataset"),
    "bucket": ("bucket",),
}
_JSON_COLUMNS = sorted(
    {name for names in _ALIASES.values() for name in names} | {"meta", "metadata"}
)
_PLACES = {"offset", "position", "shard", "epoch", "file_row_number"}
_STRUCTS = ("quality_signals", "rule_measures", "copies")
_MAPS = ("user_signals",)
_NUMBER = re.compile(r"(TINYINT|U?SMALLINT|U?INTEGER|U?BIGINT|HUGEINT|FLOAT|DOUBLE|DECIMAL\(.*\))$")
_FIELD = re.compile(r'("(?:[^"]|"")+"|\w+) ([A-Z]+(?:\(\d+,\d+\))?)(?=[,)])')
_LIST_FIELD = re.compile(
    r'("(?:[^"]|"")+"|\w+) STRUCT\("?start"? INTEGER, "?end"? INTEGER, [^)]*\)\[\]'
)


@dataclass(frozen=True)
class Dataset:
    """A table of documents.

    Attributes
    ----------
    relation
        A SELECT of all rows with the columns of the files.
    columns
        Column of `TEXTS` or signal -> SQL expression over `relation`.
    signals
        Names of the numbers that documents can be filtered by.
    line_signals
        Name of a signal of lines -> SQL expression of its array.
    present
        The columns of `TEXTS` that the files have.
    has_rows
        Whether `filename` and `file_row_number` say where a row is: DuckDB then reads it alone.
    """

    name: str
    relation: str
    columns: Mapping[str, str]
    signals: tuple[str, ...]
    line_signals: Mapping[str, str]
    present: frozenset[str]
    has_rows: bool

    def expression(self, column: str) -> str:
        """Return the SQL of a column or signal.

        Raises
        ------
        UserError
            The data set has no such column.
        """
        if column not in self.columns:
            raise UserError(f"{self.name} has no column {column!r}")
        return self.columns[column]

    def select(self, columns: Sequence[str]) -> str:
        """Return a SELECT list of columns by their names here."""
        return ", ".join(f"{self.expression(name)} AS {identifier(name)}" for name in columns)

    @property
    def shown_attributes(self) -> list[str]:
        """The attributes that the files have."""
        return [name for name in ATTRIBUTES if name in self.present]


def dataset(database: Database, name: str, groups: FileGroups) -> Dataset:
    """Return a table as its files describe it.

    Raises
    ------
    UserError
        The files cannot be read, or have no column of text.
    """
    filled = [group for group in groups if group]
    if not filled:
        raise UserError(f"{name} has no rows")
    rows = relation(filled)
    types = {
        row["column_name"]: row["column_type"]
        for row in database.rows(f"DESCRIBE SELECT * FROM ({rows})")
    }
    columns: dict[str, str] = {}
    is_json = filled[0][0].endswith(JSON_LINES)
    for column in TEXTS:
        columns[column] = _of_json(column) if is_json else _text_expression(column, types)
    if columns["text"] == "NULL":
        raise UserError(
            f"the files have no column of text: expected one of {', '.join(_ALIASES['text'])}, "
            f"and they have {', '.join(list(types)[:20])}"
        )
    present = frozenset(column for column in TEXTS if columns[column] != "NULL")
    if is_json or not _has_ids(database, rows, columns["id"]):
        columns["id"] = _id_expression(columns["id"], columns["text"], is_json=is_json)
    if columns["domain"] == "NULL":
        columns["domain"] = f"regexp_extract({columns['url']}, '^[a-zA-Z]+://([^/?#]*)', 1)"
    signals = dict(_signals(types))
    if "length" not in signals:
        signals["characters"] = f"length({columns['text']})"
    maps = _map_signals(database, rows, types)
    columns |= signals | maps
    return Dataset(
        name, rows, columns, (*signals, *maps), dict(_line_signals(types)), present, not is_json
    )


def relation(groups: Iterable[Sequence[str]]) -> str:
    """Return a SELECT of all rows of groups of files."""
    return " UNION ALL BY NAME ".join(map(_read, groups))


def _read(files: Sequence[str]) -> str:
    names = "[" + ", ".join(map(literal, files)) + "]"
    if files[0].endswith(JSON_LINES):
        columns = ", ".join(f"{literal(name)}: 'VARCHAR'" for name in _JSON_COLUMNS)
        return (
            f"SELECT * FROM read_json({names}, format = 'newline_delimited', "
            f"columns = {{{columns}}}, filename = true, maximum_object_size = 268435456)"
        )
    return (
        f"SELECT * FROM read_parquet({names}, hive_partitioning = true, hive_types_autocast = false, "
        "union_by_name = true, filename = true, file_row_number = true)"
    )


def _text_expression(column: str, types: Mapping[str, str]) -> str:
    lower = {name.lower(): name for name in types}
    for alias in _ALIASES[column]:
        name = lower.get(alias.lower())
        if name is None or types[name].startswith(("STRUCT", "MAP")) or types[name].endswith("]"):
            continue
        return identifier(name) if types[name] == "VARCHAR" else _as_text(name)
    return "NULL"


def _as_text(name: str) -> str:
    return f"CAST({identifier(name)} AS VARCHAR)"


def _of_json(column: str) -> str:
    """Return the SQL of a field of a line of JSON, or else of RedPajama-V1's `meta` in it."""
    fields = [identifier(alias) for alias in _ALIASES[column]]
    if column != "text":
        fields += [
            f"json_extract_string(TRY_CAST(meta AS JSON), {literal('$.' + identifier(alias))})"
            for alias in _ALIASES[column]
        ]
    return f"coalesce({', '.join(fields)})"


def _has_ids(database: Database, rows: str, id_: str) -> bool:
    """Return whether every row has an id: then DuckDB can skip rows by it."""
    return id_ != "NULL" and not database.rows(
        f"SELECT 1 FROM ({rows}) WHERE {id_} IS NULL LIMIT 1"
    )


def _id_expression(expression: str, text: str, *, is_json: bool) -> str:
    """Return the id, or the file and row of a document without one."""
    # a line of JSON has no number: its text tells it from others
    number = f"md5(coalesce({text}, ''))" if is_json else "file_row_number"
    row = f"parse_filename(filename, true) || ':' || {number}"
    return row if expression == "NULL" else f"coalesce({expression}, {row})"


def _signals(types: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield the numbers of documents, by name, with their SQL."""
    for name, type_ in types.items():
        if _NUMBER.match(type_) and name not in _PLACES:
            yield name, identifier(name)
    for struct in _STRUCTS:
        type_ = types.get(struct, "")
        if type_.startswith("STRUCT(") and not type_.endswith("]"):
            for field, kind in _FIELD.findall(type_):
                if _NUMBER.match(kind):
                    plain = field.strip('"').replace('""', '"')
                    if plain not in types and plain not in ("start", "end", "score"):
                        yield plain, f"{identifier(struct)}.{identifier(plain)}"


def _map_signals(database: Database, rows: str, types: Mapping[str, str]) -> dict[str, str]:
    """Return the numbers in maps, of the names that the first rows have."""
    signals = {}
    for column in _MAPS:
        if types.get(column) == "MAP(VARCHAR, DOUBLE)":
            names = database.rows(
                f"SELECT DISTINCT unnest(map_keys({column})) AS name FROM (SELECT {column} FROM "
                f"({rows}) LIMIT 1000) ORDER BY name LIMIT 100"
            )
            for row in names:
                if row["name"] not in types:
                    signals[row["name"]] = f"{column}[{literal(row['name'])}]"
    return signals


def _line_signals(types: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for field in _LIST_FIELD.findall(types.get("quality_signals", "")):
        plain = field.strip('"')
        yield plain, f"quality_signals.{identifier(plain)}"
