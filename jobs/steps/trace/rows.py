"""What the tables have of some documents, each table read once for all of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pyspark.sql import Column
from pyspark.sql import functions as F

from jobs.runtime.context import Context
from jobs.tables import lineage, taken_down
from jobs.tables.manifest import Manifest
from jobs.tables.rows_by_id import rows_by_id
from schemas.settings.slices import SLICES
from schemas.tables import TABLES
from udfs.addresses.takedown_keys import key

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
"""The quality signals that are told."""

_ORIGIN = ("slice", "url", "source", "metadata")
_NAMED_BY = ("digest", "source_domain")
_SCORES = ("bucket", "language", "language_score", "perplexity", "length")
_COLUMNS = {
    "documents": (*_ORIGIN, *_NAMED_BY, "snapshot", "title", "date", "length", "nlines", "license"),
    "paragraphs": ("nlines", "original_nlines", "length", "original_length"),
    "annotated": (*_ORIGIN, *_NAMED_BY, *_SCORES, *(f"quality_signals.{each}" for each in SIGNALS)),
    "duplicates": ("survivor_id", "cluster_id", "kind", "similarity", "root", "survivor_root"),
    "copies": ("exact", "near", "slices", "first_date", "last_date"),
    "contamination": ("evaluation", "item", "ngram"),
    "corpus": (*_ORIGIN, "bucket", "language", "token_count"),
    "mixture": (*_ORIGIN, "stratum", "bucket", "epoch", "shard", "position", "token_count"),
}
_HOLD = ("documents", "annotated", "corpus", "mixture")
"""Tables that know where a document came from, the first that has it."""


@dataclass(frozen=True)
class Rows:
    """What is known of some ids."""

    context: Context
    ids: tuple[str, ...]

    @cached_property
    def tables(self) -> dict[str, Manifest]:
        """The tables that are there."""
        found = {name: self.context.table(name).manifest for name in TABLES}
        return {name: each for name, each in found.items() if each is not None}

    @cached_property
    def _held(self) -> dict[str, dict[str, list[Row]]]:
        return {}

    def of(self, table: str, id_: str) -> list[Row]:
        """The rows of a table with an id."""
        if table not in self._held:
            self._held[table] = self._read(table)
        return self._held[table].get(id_, [])

    def _read(self, table: str) -> dict[str, list[Row]]:
        rows: dict[str, list[Row]] = {}
        if table in self.tables:
            for row in rows_by_id(self.context.table(table), self.ids, _COLUMNS[table]):
                rows.setdefault(row["id"], []).append(row)
        return rows

    def one(self, table: str, id_: str) -> Row | None:
        """The row of a table with an id; None where there is none."""
        return next(iter(self.of(table, id_)), None)

    def belongs(self, table: str, *made_of: str) -> bool:
        """Whether a table was made from the current versions of others."""
        now = {name: self.tables[name] for name in made_of if name in self.tables}
        return lineage.belongs(self.context.root, self.tables[table], now)

    def document(self, id_: str) -> Row | None:
        """A row that says where a document came from; of the last tables where the first lost it."""
        found = (self.one(table, id_) for table in _HOLD)
        return next((row for row in found if row is not None), None)

    @cached_property
    def stands_for(self) -> dict[str, int]:
        """How many others each document stands for."""
        if "duplicates" not in self.tables:
            return {}
        rows = self.context.table("duplicates").read()
        mine = rows.where(F.col("survivor_id").isin(*self.ids) & F.col("survivor_root").isNull())
        return {row[0]: row[1] for row in mine.groupBy("survivor_id").count().collect()}

    @cached_property
    def taken_down(self) -> dict[str, list[Row]]:
        """The takedowns that name each document: by its id, and by what else there is of it."""
        entries = taken_down.files(self.context.root)
        if not entries:
            return {}
        known = [self.document(id_) or {} for id_ in self.ids]
        columns = ([row.get(name) for row in known] for name in taken_down.KEYS[1:])
        named = dict(
            zip(self.ids, taken_down.load(entries).matches(self.ids, *columns), strict=True)
        )
        values = {each.partition("\t")[2] for keys in named.values() for each in keys or ()}
        if not values:
            return {}
        rows = self.context.table("takedowns").read()
        said = rows.where(F.col("value").isin(*values)).orderBy("date", "kind", "value").collect()
        return {
            id_: [row.asDict() for row in said if key(row["kind"], row["value"]) in keys]
            for id_, keys in named.items()
            if keys
        }

    @cached_property
    def quarantined(self) -> dict[str, list[Row]]:
        """The quarantine rows that name an id, or are of the place that its document came from."""
        if "quarantine" not in self.tables:
            return {}
        wanted = F.lit(False)
        for id_ in self.ids:
            wanted = wanted | self._is_of(id_)
        rows = self.context.table("quarantine").read().where(wanted)
        flags = [self._is_of(id_).alias(f"of-{i}") for i, id_ in enumerate(self.ids)]
        told = rows.select("*", *flags).orderBy("uri", "offset", "error").collect()
        return {
            id_: [
                {name: row[name] for name in TABLES["quarantine"].schema.names}
                for row in told
                if row[f"of-{i}"]
            ]
            for i, id_ in enumerate(self.ids)
        }

    def _is_of(self, id_: str) -> Column:
        """Whether a quarantine row is of a document."""
        slice_, _, name = id_.partition("/")
        site, _, post = name.rpartition("/")
        message = F.col("message")
        named = message.isin(
            f"another record has the id {id_}", f"another row has post {post} of {site}"
        )
        if slice_ == "arxiv":
            named = named | message.startswith(f"{name}: ")
        # pages of a dump's bzip2 stream have one place together
        row = self.document(id_) if slice_ != "wikipedia" else None
        if row and row["source"]:
            there = F.col("uri") == row["source"]["uri"]
            named = named | (there & (F.col("offset") == row["source"]["offset"]))
        found: Column = F.coalesce((F.col("slice") == slice_) & named, F.lit(False))
        return found

    @property
    def unknown(self) -> list[str]:
        """The ids that no table has, unless as a document of an older root."""
        return [
            id_
            for id_ in self.ids
            if not self.document(id_)
            and not self.taken_down.get(id_)
            and not self.quarantined.get(id_)
        ]

    def meant(self, unknown: Iterable[str]) -> list[str]:
        """Ids that are there and are unknown ones with a slice before them."""
        if "documents" not in self.tables:
            return []
        guesses = [f"{name}/{id_.strip().strip('/')}" for id_ in unknown for name in SLICES]
        return sorted(row["id"] for row in rows_by_id(self.context.table("documents"), guesses, ()))
