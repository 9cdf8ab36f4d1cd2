"""Rows of all tables about some documents; each table is read once for all of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, reduce
from typing import Any

from pyspark.sql import Column
from pyspark.sql import functions as F

from jobs.runtime.context import Context
from jobs.tables import lineage, taken_down
from jobs.tables.manifest import Manifest
from jobs.tables.rows_by_id import rows_by_id
from schemas.pii import PII_KINDS
from schemas.settings.slices import SLICES
from schemas.tables import TABLES
from schemas.tables.copies import COUNTS
from schemas.tables.rule_measures import RULE_MEASURES
from udfs.addresses.takedown_keys import key_of_stored

Row = Mapping[str, Any]

SIGNALS = (
    "rps_doc_word_count",
    "rps_doc_mean_word_length",
    "rps_doc_num_sentences",
    "rps_doc_stop_word_fraction",
    "rps_doc_symbol_to_word_ratio",
    "rps_doc_frac_no_alph_words",
    "rps_doc_frac_unique_words",
    "rps_doc_unigram_entropy",
    "rps_doc_frac_chars_top_2gram",
    "rps_doc_frac_chars_dupe_5grams",
    "rps_doc_lorem_ipsum",
    "rps_doc_curly_bracket",
    "rps_doc_ldnoobw_words",
    "rps_doc_ut1_blacklist",
    "rps_doc_ml_wikiref_score",
)
"""The quality signals that are shown."""

_ORIGIN = ("slice", "url", "source", "metadata")
_TAKEDOWN_KEYS = ("digest", "source_domain")
_SCORES = ("bucket", "language", "language_score", "perplexity", "length")
_COLUMNS = {
    "documents": (
        *_ORIGIN,
        *_TAKEDOWN_KEYS,
        "snapshot",
        "title",
        "date",
        "length",
        "nlines",
        "license",
    ),
    "paragraphs": ("nlines", "original_nlines", "length", "original_length"),
    "annotated": (
        *_ORIGIN,
        *_TAKEDOWN_KEYS,
        *_SCORES,
        *(f"quality_signals.{name}" for name in SIGNALS),
        *(f"rule_measures.{name}" for name in RULE_MEASURES.names),
    ),
    "duplicates": (
        *("survivor_id", "cluster_id", "kind", "similarity", "contained"),
        *("root", "survivor_root"),
    ),
    "copies": tuple(field.name for field in COUNTS),
    "passages": ("start", "length", "keeper_id", "keeper_root", "keeper_start", "documents"),
    "contamination": ("evaluation", "item", "ngram"),
    "corpus": (
        *(*_ORIGIN, "bucket", "language", "token_count", *PII_KINDS),
        *("passage_characters", "cut_characters"),
    ),
    "mixture": (*_ORIGIN, "stratum", "bucket", "epoch", "shard", "position", "token_count"),
}
_WITH_SOURCE = ("documents", "annotated", "corpus", "mixture")
"""Tables with the column `source`, in the order in which they are searched."""


@dataclass(frozen=True)
class Rows:
    """The rows about some ids."""

    context: Context
    ids: tuple[str, ...]

    @cached_property
    def tables(self) -> dict[str, Manifest]:
        """The current versions of the tables that exist."""
        manifests = {name: self.context.table(name).manifest for name in TABLES}
        return {name: manifest for name, manifest in manifests.items() if manifest is not None}

    @cached_property
    def _by_table(self) -> dict[str, dict[str, list[Row]]]:
        return {}

    def of(self, table: str, id_: str) -> list[Row]:
        """Return the rows of a table with an id."""
        if table not in self._by_table:
            self._by_table[table] = self._read(table)
        return self._by_table[table].get(id_, [])

    def _read(self, table: str) -> dict[str, list[Row]]:
        rows: dict[str, list[Row]] = {}
        if table in self.tables:
            for row in self.by_id(table, self.ids, _COLUMNS[table]):
                rows.setdefault(row["id"], []).append(row)
        return rows

    def by_id(self, table: str, ids: Collection[str], columns: Sequence[str]) -> Sequence[Row]:
        """Return the id and the columns of all rows of a table that have one of these ids."""
        return rows_by_id(self.context.table(table), ids, columns)

    def first(self, table: str, id_: str) -> Row | None:
        """Return the first row of a table with an id; None if it has none."""
        return next(iter(self.of(table, id_)), None)

    def belongs(self, table: str, *inputs: str) -> bool:
        """Return whether a table was made from the current versions of its inputs, takedowns apart."""
        current = {name: self.tables[name] for name in inputs if name in self.tables}
        return lineage.belongs(self.context.root, self.tables[table], current)

    def document(self, id_: str) -> Row | None:
        """Return a row with the document's source, from the earliest table that has the document."""
        candidates = (self.first(table, id_) for table in _WITH_SOURCE)
        return next((row for row in candidates if row is not None), None)

    @cached_property
    def duplicate_counts(self) -> dict[str, int]:
        """The number of duplicates of each document that is a survivor of this root."""
        if "duplicates" not in self.tables:
            return {}
        rows = self.context.table("duplicates").read()
        here = F.col("survivor_id").isin(*self.ids) & F.col("survivor_root").isNull()
        counts = rows.where(here).groupBy("survivor_id").count().collect()
        return {row["survivor_id"]: row["count"] for row in counts}

    @cached_property
    def taken_down(self) -> dict[str, list[Row]]:
        """The takedowns that name each document by its id, URL, digest or domain."""
        files = taken_down.files(self.context.root)
        if not files:
            return {}
        documents = [self.document(id_) or {} for id_ in self.ids]
        columns = ([row.get(name) for row in documents] for name in taken_down.KEYS[1:])
        matches = taken_down.load(files).matches(self.ids, *columns)
        named = {name for keys in matches for name in keys or ()}
        if not named:
            return {}
        entries: dict[str, list[Row]] = {}
        for row in taken_down.rows_of(files):
            name = key_of_stored(row["kind"], row["value"])
            if name in named:
                entries.setdefault(name, []).append(row)
        return {
            id_: sorted(
                (row for name in keys for row in entries.get(name, ())),
                key=lambda row: (row["date"], row["kind"], row["value"]),
            )
            for id_, keys in zip(self.ids, matches, strict=True)
            if keys
        }

    @cached_property
    def quarantined(self) -> dict[str, list[Row]]:
        """The quarantine rows that name an id, or have the source of its document."""
        if "quarantine" not in self.tables:
            return {}
        conditions = [self._is_about(id_) for id_ in self.ids]
        about_any = reduce(Column.__or__, conditions, F.lit(False))
        flags = [condition.alias(f"about-{i}") for i, condition in enumerate(conditions)]
        rows = self.context.table("quarantine").read().where(about_any).select("*", *flags)
        quarantined = rows.orderBy("uri", "offset", "error").collect()
        return {
            id_: [
                {name: row[name] for name in TABLES["quarantine"].schema.names}
                for row in quarantined
                if row[f"about-{i}"]
            ]
            for i, id_ in enumerate(self.ids)
        }

    def _is_about(self, id_: str) -> Column:
        """Return whether a quarantine row is about a document."""
        slice_, _, name = id_.partition("/")
        site, _, post = name.rpartition("/")
        message = F.col("message")
        matches = message.isin(
            f"another record has the id {id_}", f"another row has post {post} of {site}"
        )
        if slice_ == "arxiv":
            matches = matches | message.startswith(f"{name}: ")
        # the pages of a bzip2 stream of a Wikipedia dump share one offset
        row = self.document(id_) if slice_ != "wikipedia" else None
        if row and row["source"]:
            same_uri = F.col("uri") == row["source"]["uri"]
            matches = matches | (same_uri & (F.col("offset") == row["source"]["offset"]))
        condition: Column = F.coalesce((F.col("slice") == slice_) & matches, F.lit(False))
        return condition

    @property
    def unknown_ids(self) -> list[str]:
        """The ids that no table knows, except as a document of an older root."""
        return [
            id_
            for id_ in self.ids
            if not self.document(id_)
            and not self.taken_down.get(id_)
            and not self.quarantined.get(id_)
        ]

    def suggestions(self, unknown: Iterable[str]) -> list[str]:
        """Return the existing ids that are an unknown one with a slice before it."""
        if "documents" not in self.tables:
            return []
        guesses = [f"{name}/{id_.strip().strip('/')}" for id_ in unknown for name in SLICES]
        return sorted(row["id"] for row in self.by_id("documents", guesses, ()))
