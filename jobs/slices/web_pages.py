"""What becomes of each record of a web archive: a document, a quarantine row, or a count."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlparse

from jobs.slices.outcome_batches import Document, OutcomeBatches
from jobs.sources.warc_rows import Row, sha1_digest
from udfs.extract import html, wet

if TYPE_CHECKING:
    import pyarrow as pa

SLICE = "common_crawl"
CONTENT_TYPE = "content-type"
HTML_TYPES = frozenset({"text/html", "application/xhtml+xml"})
# the first tags of pages whose server did not name a type (as in WHATWG MIME Sniffing, 7.1)
_HTML_START = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--(?:(?!-->).)*-->\s*)*"
    rb"<(?:!doctype\s+html|html|head|title|body|meta|script|style|h1|div|p|table|a|br)[\s>/]",
    re.IGNORECASE | re.DOTALL,
)
_SNIFFED = 1445  # bytes; as many as browsers look at
_CRAWL_ROOT = "crawl-data/"


@dataclass(frozen=True)
class Settings:
    """What is kept.

    Attributes
    ----------
    snapshot
        Name of the crawl.
    statuses
        HTTP statuses of the pages that are kept.
    min_length
        Characters of text that a page must have (CCNet: 300).
    """

    snapshot: str
    statuses: frozenset[int] = frozenset({200})
    min_length: int = 300


def find_outcomes(records: Iterable[Row], settings: Settings) -> Iterator[pa.RecordBatch]:
    """Yield an outcome for each record, as Arrow batches of `OUTCOMES`."""
    found = OutcomeBatches(SLICE, settings.snapshot)
    for record in records:
        reason = _unwanted(record, settings.statuses)
        if record.error:
            found.quarantine(record.uri, record.offset, "read", record.error, record.message or "")
        elif reason:
            found.count(record.uri, reason)
        else:
            _add(found, record, settings.min_length)
        yield from found.full()
    yield from found.rest()


def _unwanted(record: Row, statuses: frozenset[int]) -> str | None:
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


def _add(found: OutcomeBatches, record: Row, min_length: int) -> None:
    """Add a record's document, or what became of it instead."""
    content = record.content or b""
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
        message = "the record has no address"
        found.quarantine(record.uri, record.offset, "extract", "no-url", message)
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


def _metadata(record: Row, page: html.Extracted) -> dict[str, str]:
    fields = {
        "content_type": record.content_type,
        "charset": page.encoding,
        "http_status": record.http_status and str(record.http_status),
        "languages": record.languages,
        "truncated": record.truncated,
    }
    return {name: value for name, value in fields.items() if value}


def stable_name(record: Row) -> str:
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
