"""Stack Exchange: a question with its answers is a document, whose posts Spark groups."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from jobs.slices import stackexchange_records
from jobs.slices.outcome_batches import OUTCOMES, Outcome
from jobs.slices.raw import posts as raw_posts
from jobs.slices.raw.record import Place, RawRecord
from jobs.slices.reader import batches
from jobs.slices.slice import Slice
from jobs.slices.stackexchange_records import NAME, with_texts
from jobs.slices.traits import Llama, Traits
from jobs.sources.objects import ObjectDataSource
from jobs.sources.post_rows import ANSWER, QUESTION, Post
from jobs.sources.splits import ByteRange, Split
from jobs.sources.stackexchange import StackexchangeReader, is_posts, plan, read_posts, site_of
from jobs.storage import ObjectInfo
from schemas.names import check_names
from schemas.settings.ingest import StackexchangeConfig
from udfs.extract import time_limit
from udfs.extract.question_answer import answers_in
from udfs.formats import redpajama_v1

if TYPE_CHECKING:
    import pyarrow as pa


HELD_BYTES = 4 << 20
"""Bytes as stored of a site's dump of which one task holds all posts: as .7z some 40 MB of XML."""


class Stackexchange(Slice[StackexchangeConfig]):
    """A document for each question with its answers.

    Tasks extract the text of posts, each from a byte range; then posts are joined by question.
    """

    config = StackexchangeConfig
    traits = Traits(answers=answers_in, llama=Llama(2.0, 1.03), v1_meta=redpajama_v1.stackexchange)

    def chosen(
        self, objects: Sequence[ObjectInfo], config: StackexchangeConfig
    ) -> tuple[list[ObjectInfo], dict[str, list[str]]]:
        """Return the inputs of the configured sites, else of the largest sites by bytes as stored.

        RedPajama-V1 took the 28 sites with the most posts, a number that needs the posts to be read.

        Raises
        ------
        UserError
            No input is of a configured site.
        """
        dumps = [info for info in objects if is_posts(info.uri)]
        left_out = {
            "not Posts.xml or a .7z of it": [info.uri for info in objects if not is_posts(info.uri)]
        }
        by_site: dict[str, list[ObjectInfo]] = defaultdict(list)
        for info in dumps:
            by_site[site_of(info.uri)].append(info)
        if by_site:
            check_names(NAME, "site", config.sites, sorted(by_site))
        sites = set(config.sites)
        reason = "not one of --sites"
        if not sites:
            sizes = {site: sum(info.size for info in infos) for site, infos in by_site.items()}
            sites = set(sorted(sizes, key=lambda site: (-sizes[site], site))[: config.largest])
            reason = f"not of the {config.largest} largest sites"
        left_out[reason] = [info.uri for info in dumps if site_of(info.uri) not in sites]
        chosen = [info for info in dumps if site_of(info.uri) in sites]
        return chosen, {reason: uris for reason, uris in left_out.items() if uris}

    def splits(self, objects: Sequence[ObjectInfo], config: StackexchangeConfig) -> list[Split]:
        """Return small sites whole, and byte ranges of larger ones."""
        return plan(objects)

    def outcomes(self, byte_range: ByteRange, config: StackexchangeConfig) -> Iterator[Outcome]:
        """Yield the outcomes of the posts of one whole file, all held in memory.

        `read` does the same for sites of any size and number.
        """
        if not byte_range.whole:
            raise ValueError(f"a range of {byte_range.uri} may not hold whole threads")
        posts = with_texts(read_posts(byte_range, config.max_record_bytes), config.post_text)
        threads = sorted(posts, key=stackexchange_records.order)
        return stackexchange_records.outcomes(threads, config.max_record_bytes)

    def read(
        self,
        spark: SparkSession,
        objects: Sequence[ObjectInfo],
        config: StackexchangeConfig,
        snapshot: str,
    ) -> DataFrame:
        """Return an outcome for each post: the text is extracted where a post is read.

        Then a thread's posts are brought into one task, sorted, so that it holds one thread at a time. A
        task holds all posts of a small site instead, which saves a shuffle and four Python processes.
        """
        sites = {site_of(info.uri) for info in objects}
        if len(sites) == len(objects) and all(info.size <= HELD_BYTES for info in objects):
            return super().read(spark, objects, config, snapshot)
        spark.dataSource.register(PostTextsDataSource)
        posts = (
            spark.read.format(PostTextsDataSource.name())
            .option("max_record_bytes", str(config.max_record_bytes))
            .option("max_record_seconds", str(config.max_record_seconds))
            .option("post_text", config.post_text)
            .option("uris", json.dumps([[info.uri, info.size] for info in objects]))
            .load()
        )
        kind, usable = F.col("post_type"), F.col("error").isNull()
        question = (
            F.when(usable & (kind == QUESTION), F.col("post_id"))
            .when(usable & (kind == ANSWER), F.col("parent_id"))
            .alias("question")
        )
        keyed = posts.select(question, *Post._fields)
        # rows without a question are spread over the tasks by their offsets
        spread = F.coalesce(F.col("question"), F.col("offset"))
        return (
            keyed.repartition(F.col("site"), spread)
            .sortWithinPartitions("site", "question", "post_type", "post_id", "uri", "offset")
            .drop("question")
            .mapInArrow(_assemble(snapshot, config.max_record_bytes), OUTCOMES)
        )

    def raw_record(self, place: Place) -> RawRecord:
        """Return the row of a question in Posts.xml."""
        return raw_posts.read(place)


class PostTextsReader(StackexchangeReader):
    """Reads posts with text in place of HTML, which is larger."""

    format = "redpajama_post_texts"

    def __init__(self, options: dict[str, str]) -> None:
        super().__init__(options)
        self._seconds = float(options["max_record_seconds"])
        self._post_text = options["post_text"]

    def rows(self, byte_range: ByteRange) -> Iterator[Post]:
        """Yield the posts whose lines begin in a byte range."""
        time_limit.set_cpu_seconds(self._seconds)
        return with_texts(super().rows(byte_range), self._post_text)


class PostTextsDataSource(ObjectDataSource):
    """The posts of `spark.read.format("stackexchange")`, whose `body` is text."""

    reader_type = PostTextsReader


class _assemble:  # noqa: N801 - it is called like a function
    """Yields the outcomes of a task's sorted posts."""

    def __init__(self, snapshot: str, max_bytes: int) -> None:
        self._snapshot = snapshot
        self._max_bytes = max_bytes

    def __call__(self, rows: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        posts = (
            Post(*row)
            for batch in rows
            for row in zip(*(column.to_pylist() for column in batch.columns), strict=True)
        )
        outcomes = stackexchange_records.outcomes(posts, self._max_bytes)
        return batches(outcomes, NAME, self._snapshot)


SLICE = Stackexchange()
