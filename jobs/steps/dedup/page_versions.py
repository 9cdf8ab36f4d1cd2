"""Versions of one page: documents with its address, of which `dedup --per-url` keeps one.

The others leave before duplicates are searched, so that none is a duplicate of a version that goes. In
duplicates/ they have the kind `same-url`; in copies/ the version that stays has their number and dates.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pyarrow as pa
from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from jobs.steps.dedup.candidates import scope_value
from jobs.steps.dedup.documents import SCOPES, is_repeated
from jobs.steps.dedup.ranking import Document, criteria
from jobs.steps.dedup.scratch import Scratch
from schemas.settings.dedup import DedupConfig
from schemas.tables.copies import COPIES, HISTORY
from schemas.tables.duplicates import DUPLICATES
from udfs.addresses.page_addresses import page_address

KIND = "same-url"

_FIRST = ("root", "slice")  # criteria before that of --per-url
_IDENTITY = ("id", "unique_id", "root", "slice", "date")
_HISTORY = tuple(field.name for field in HISTORY)


@dataclass(frozen=True)
class PageVersions:
    """The documents without the versions of pages that go, and these.

    Attributes
    ----------
    documents
        Those among which duplicates are searched.
    versions
        All documents of pages that have several; None if all versions stay. `stays` is true for one of a
        page, and `survivor_id` and `survivor_root` are this one's. `smallest_id`, `versions` (the number of
        others), `first_version` and `last_version` (dates) are of the page, and `has_own` says whether a
        document is of this root.
    """

    documents: DataFrame
    versions: DataFrame | None = None

    @classmethod
    def of(cls, documents: DataFrame, config: DedupConfig, scratch: Scratch) -> PageVersions:
        """Return the versions among documents as from `jobs.steps.dedup.documents.read`."""
        if config.per_url == "all":
            return cls(documents)
        is_page = F.col("url").isNotNull() & ~is_repeated()
        versions = scratch.store(_versions(documents.where(is_page), config), "versions")
        # a document goes where that of its id in an earlier root goes
        columns = [name for name in versions.columns if name not in _IDENTITY]
        again = (
            documents.where(is_repeated())
            .select(*_IDENTITY)
            .join(versions.where(~F.col("stays")).select("id", *columns), "id", "inner")
            .withColumn("has_own", F.lit(True))
        )
        versions = scratch.store(versions.unionByName(again), "all-versions")
        leaving = versions.where(~F.col("stays")).select("unique_id")
        return cls(documents.join(leaving, "unique_id", "left_anti").drop("url"), versions)

    def with_duplicates(self, duplicates: DataFrame, recorded: DataFrame | None) -> DataFrame:
        """Return rows of duplicates/ with those of versions, which follow the one that stays.

        They have its cluster, or one of their own.

        Parameters
        ----------
        recorded
            Duplicates of earlier roots, as from `jobs.steps.dedup.incremental.recorded`.
        """
        if self.versions is None:
            return duplicates
        known = _survivors(duplicates, recorded)
        leaving = self.versions.where(~F.col("stays"))
        is_next = (F.col("survivor_id") == F.col("next_id")) & F.col("survivor_root").eqNullSafe(
            F.col("next_root")
        )
        has_next = F.col("next").isNotNull()
        # of earlier documents alone a row is known, unless the version that stays has a new survivor
        is_new = F.col("has_own") | F.coalesce(F.col("next.order") == 0, F.lit(False))
        rows = leaving.join(known, is_next, "left").where(is_new)
        rows = rows.select(
            "id",
            F.when(has_next, F.col("next.survivor_id")).otherwise(F.col("survivor_id")),
            F.when(has_next, F.col("next.cluster_id")).otherwise(F.col("smallest_id")),
            F.lit(KIND),
            F.lit(None).cast("double"),
            "root",
            F.when(has_next, F.col("next.survivor_root")).otherwise(F.col("survivor_root")),
            F.lit(None).cast("double"),
        )
        return duplicates.unionByName(rows.toDF(*DUPLICATES.names))

    def with_copies(self, copies: DataFrame) -> DataFrame:
        """Return rows of copies/ with the history of pages: a row for each version of this root."""
        if self.versions is None:
            return copies
        own = self.versions.where(F.col("root").isNull())
        staying = own.where("stays").select("id", "slice", "date", "smallest_id", *_HISTORY)
        joined = copies.drop(*_HISTORY, "version_of").join(staying, "id", "full_outer")
        is_new = F.col("cluster_id").isNull()
        kept = joined.withColumns(
            {
                name: F.when(is_new, value).otherwise(F.col(name))
                for name, value in _without_copies().items()
            }
        ).withColumn("version_of", F.lit(None))
        of_survivors = copies.select(F.col("id").alias("survivor_id"), "cluster_id")
        leaving = own.where(~F.col("stays")).join(of_survivors, "survivor_id", "left")
        leaving = leaving.withColumns(_without_copies()).withColumns(
            {**{name: F.lit(None) for name in _HISTORY}, "version_of": F.col("survivor_id")}
        )
        return _in_cluster(kept).unionByName(_in_cluster(leaving))


def _survivors(duplicates: DataFrame, recorded: DataFrame | None) -> DataFrame:
    """Return `next_id` and `next_root` of documents of clusters, and `next`: the survivor and the cluster."""

    def next_of(source: str, order: int) -> Column:
        names = ("survivor_id", "survivor_root", "cluster_id")
        return F.struct(F.lit(order).alias("order"), *(F.col(source + name) for name in names))

    rows = duplicates.select("id", "root", next_of("", 0).alias("next")).unionByName(
        duplicates.select(
            F.col("survivor_id").alias("id"),
            F.col("survivor_root").alias("root"),
            next_of("", 0).alias("next"),
        )
    )
    if recorded is not None:  # clusters of earlier documents alone have no row in duplicates
        rows = rows.unionByName(
            recorded.select("id", "root", next_of("recorded.", 1).alias("next"))
        )
    keys = (F.col("id").alias("next_id"), F.col("root").alias("next_root"))
    return rows.groupBy(*keys).agg(F.min("next").alias("next"))


def reason(survivor: Document, version: Document, config: DedupConfig) -> str:
    """Return why a version of a page goes, for people."""
    page = page_address(version["url"] or "")
    if page != page_address(survivor["url"] or ""):
        return f"address: the version of {page} that stays is a duplicate of the survivor"
    column = "date" if config.per_url == "newest" else "length"
    return f"address: two versions of {page}, {column} {survivor[column]} and {version[column]}"


def _versions(documents: DataFrame, config: DedupConfig) -> DataFrame:
    """Return the documents whose address several have, with the columns of `PageVersions.versions`."""
    ranking = criteria(config, ())
    first = [criterion.expression() for criterion in ranking if criterion.column in _FIRST]
    rest = [criterion.expression() for criterion in ranking if criterion.column not in _FIRST]
    asked = ("date", "snapshot") if config.per_url == "newest" else ("length",)
    order = [*first, *(F.desc_nulls_last(name) for name in asked), *rest]
    scope = scope_value(SCOPES[config.scope])
    pages = _with_addresses(documents).withColumn("scope", scope)
    page = Window.partitionBy("page", "scope")
    columns: dict[str, Column] = {
        "first": F.first(F.struct("unique_id", "id", "root")).over(page.orderBy(*order)),
        "smallest_id": F.min("id").over(page),
        "has_own": F.max(F.col("root").isNull()).over(page),
        "versions": (F.count("*").over(page) - 1).cast("int"),
        "first_version": F.min("date").over(page),
        "last_version": F.max("date").over(page),
    }
    several = pages.withColumns(columns).where("versions > 0")
    return several.select(
        *_IDENTITY,
        (F.col("unique_id") == F.col("first.unique_id")).alias("stays"),
        F.col("first.id").alias("survivor_id"),
        F.col("first.root").alias("survivor_root"),
        *[name for name in columns if name != "first"],
    )


def _with_addresses(documents: DataFrame) -> DataFrame:
    """Return documents without signatures, their `url` replaced by the address of the page."""
    rows = documents.drop("minhash", "simhash", "digest", "tree", "parts")

    def work(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            addresses = [page_address(url) for url in batch.column("url").to_pylist()]
            place = batch.schema.get_field_index("url")
            yield batch.set_column(
                place, "url", pa.array(addresses, batch.schema.field("url").type)
            )

    return rows.mapInArrow(work, rows.schema).withColumnRenamed("url", "page")


def _without_copies() -> dict[str, Column]:
    """Return the columns of copies/ of a document that has none."""
    counts = {"exact": F.lit(0), "near": F.lit(0), "slices": F.array("slice")}
    return {**counts, "first_date": F.col("date"), "last_date": F.col("date")}


def _in_cluster(rows: DataFrame) -> DataFrame:
    """Return rows of copies/; a page without a cluster is one."""
    clustered = rows.withColumn("cluster_id", F.coalesce("cluster_id", "smallest_id"))
    return clustered.select(
        *(F.col(field.name).cast(field.dataType).alias(field.name) for field in COPIES)
    )
