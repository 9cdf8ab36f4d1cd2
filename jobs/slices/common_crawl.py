"""Common Crawl, and any other web archive: HTML of WARC and ARC, text of WET."""

from __future__ import annotations

import functools
import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlparse

from pyspark.sql import DataFrame, SparkSession

from jobs.slices.outcome_batches import OUTCOMES, Document, OutcomeBatches
from jobs.sources import warc
from jobs.sources.warc_rows import sha1_digest
from jobs.storage import ObjectInfo
from schemas.jobs import IngestConfig
from udfs.extract import html, wet

if TYPE_CHECKING:
    import pyarrow as pa

SLICE = "common_crawl"
HTML_TYPES = frozenset({"text/html", "application/xhtml+xml"})
# the first tags of pages whose server did not name a type (as in WHATWG MIME Sniffing, 7.1)
_HTML_START = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*"
    rb"<(?:!doctype\s+html|html|head|title|body|meta|script|style|h1|div|p|table|a|br)[\s>/]",
    re.IGNORECASE | re.DOTALL,
)
_SNIFFED = 1445  # as many as browsers look at
CONTENT_TYPE = "content-type"
_CRAWL_ROOT = "crawl-data/"


def read(
    spark: SparkSession, objects: Sequence[ObjectInfo], config: IngestConfig, snapshot: str
) -> DataFrame:
    """Return an outcome (`schemas.outcomes`) for each record of some archives."""
    warc.register(spark)
    records = (
        spark.read.format("warc")
        .option("uris", json.dumps([[each.uri, each.size] for each in objects]))
        .option("statuses", ",".join(map(str, config.status)))
        .option("content_types", ",".join(sorted(HTML_TYPES)))
        .option("max_record_bytes", config.max_record_bytes)
        .load()
    )
    return outcomes(
        records,
        snapshot=snapshot,
        statuses=frozenset(config.status),
        min_length=config.min_length,
    )


def outcomes(
    records: DataFrame,
    *,
    snapshot: str,
    statuses: frozenset[int] = frozenset({200}),
    min_length: int = 300,
) -> DataFrame:
    """Make documents of the rows of the data source `warc`, each row exactly one outcome.

    Kept are HTML pages with one of the statuses, and WET's conversions, that have a text of
    `min_length` characters or more (CCNet: 300). Counted are the others, under `http-status-404`
    and its like, `not-http`, `content-type`, `record-type-...` and `short`. In quarantine is what
    the source could not read, what no text could be had of, and pages without an address.
    """
    task = functools.partial(_outcomes, snapshot=snapshot, statuses=statuses, min_length=min_length)
    return records.mapInArrow(task, OUTCOMES)


class _Record(NamedTuple):
    """The columns of `schemas.warc_records` that are used here, but for the content."""

    uri: str
    offset: int
    record_type: str | None
    record_id: str | None
    url: str | None
    date: str | None
    digest: str | None
    http_status: int | None
    content_type: str | None
    languages: str | None
    truncated: str | None
    error: str | None
    message: str | None


def _outcomes(
    batches: Iterator[pa.RecordBatch], *, snapshot: str, statuses: frozenset[int], min_length: int
) -> Iterator[pa.RecordBatch]:
    found = OutcomeBatches(SLICE, snapshot)
    for batch in batches:
        contents = batch.column("content")
        columns = [batch.column(name).to_pylist() for name in _Record._fields]
        for row, values in enumerate(zip(*columns, strict=True)):
            record = _Record(*values)
            reason = _unwanted(record, statuses)
            if record.error:
                found.quarantine(
                    record.uri, record.offset, "read", record.error, record.message or ""
                )
            elif reason:
                found.count(record.uri, reason)
            else:
                _add(found, record, contents[row].as_py() or b"", min_length)
            yield from found.full()
    yield from found.rest()


def _unwanted(record: _Record, statuses: frozenset[int]) -> str | None:
    """Return why a record is left out, as far as its header tells."""
    if record.record_type == "conversion":
        return None
    if record.record_type != "response":
        return f"record-type-{record.record_type or 'none'}"
    if record.http_status is None:
        return "not-http"
    if record.http_status not in statuses:
        return f"http-status-{record.http_status}"
    if record.content_type and _media_type(record.content_type) not in HTML_TYPES:
        return CONTENT_TYPE
    return None


def _media_type(content_type: str) -> str:
    return content_type.partition(";")[0].strip().lower()


def _add(found: OutcomeBatches, record: _Record, content: bytes, min_length: int) -> None:
    """Add a record's document, or what became of it instead."""
    conversion = record.record_type == "conversion"
    if not conversion and not record.content_type and not _HTML_START.match(content[:_SNIFFED]):
        found.count(record.uri, CONTENT_TYPE)
        return
    try:
        page = wet.extract(content) if conversion else html.extract(content, record.content_type)
    except html.ExtractionError as error:
        found.quarantine(record.uri, record.offset, "extract", error.error, error.message)
        return
    if len(page.text) < min_length:
        found.count(record.uri, "short")
        return
    if not record.url:
        found.quarantine(
            record.uri, record.offset, "extract", "no-url", "the record has no address"
        )
        return
    found.keep(
        Document(
            id=f"{SLICE}/{record.record_id or stable_name(record)}",
            text=page.text,
            uri=record.uri,
            offset=record.offset,
            url=record.url,
            title=page.title,
            date=record.date,
            digest=record.digest or sha1_digest(content),
            metadata=_metadata(record, page),
            source_domain=domain(record.url),
            cc_segment=segment(record.uri),
        )
    )


def _metadata(record: _Record, page: html.Extracted) -> dict[str, str]:
    fields = {
        "content_type": record.content_type,
        "charset": page.encoding,
        "http_status": record.http_status and str(record.http_status),
        "languages": record.languages,
        "truncated": record.truncated,
    }
    return {name: value for name, value in fields.items() if value}


def stable_name(record: _Record) -> str:
    """Return a name for a record that has none: the same whenever and from wherever it is read."""
    archive = record.uri.rpartition("/")[2]
    parts = [archive, str(record.offset), record.url or "", record.date or ""]
    return hashlib.blake2b("\n".join(parts).encode(), digest_size=16).hexdigest()


def domain(url: str) -> str | None:
    """Return host and port of a URL as CCNet does (`urlparse(url).netloc`); None for a bad one."""
    try:
        return urlparse(url).netloc
    except ValueError:
        return None


def segment(uri: str) -> str:
    """Return an archive's path below its crawl's root, CCNet's `cc_segment`; else its base name."""
    start = uri.find(_CRAWL_ROOT)
    return uri[start:] if start >= 0 else uri.rpartition("/")[2]
