"""What becomes of each record of a web archive: a document, a quarantine row, or a count."""

from __future__ import annotations

import re

from jobs.slices.names import domain, hashed_name
from jobs.slices.outcome_batches import Counted, Document, Outcome, Quarantined
from jobs.sources.warc_rows import Row
from udfs.digest import sha1_digest
from udfs.extract import html, wet
from udfs.extract.errors import ExtractionError
from udfs.extract.time_limit import Limited

NAME = "common_crawl"
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


def outcome(record: Row, statuses: frozenset[int], min_length: int) -> Outcome:
    """Return what becomes of a record.

    Kept are HTML pages with one of the statuses, and WET's conversions, that have a text of
    `min_length` characters or more (CCNet: 300). Counted are the others, under `http-status-404`
    and its like, `not-http`, `content-type`, `record-type-...` and `short`. In quarantine is what
    could not be read, what no text could be had of, and pages without an address.
    """
    if record.error:
        return Quarantined.unread(record.uri, record.offset, record)
    reason = _unwanted(record, statuses)
    if reason:
        return Counted(record.uri, reason)
    return _document(record, min_length)


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


def _document(record: Row, min_length: int) -> Outcome:
    content = record.content or b""
    conversion = record.record_type == "conversion"
    if not conversion and not record.content_type and not _HTML_START.match(content[:_SNIFFED]):
        return Counted(record.uri, CONTENT_TYPE)
    place = (record.uri, record.offset, "extract")
    try:
        with Limited():
            page = (
                wet.extract(content) if conversion else html.extract(content, record.content_type)
            )
    except ExtractionError as error:
        return Quarantined(*place, error.error, error.message)
    if len(page.text) < min_length:
        return Counted(record.uri, "short")
    if not record.url:
        return Quarantined(*place, "no-url", "the record has no address")
    return Document(
        id=f"{NAME}/{record.record_id or hashed_name(record.uri, record.offset, record.url, record.date)}",
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


def _metadata(record: Row, page: html.Extracted) -> dict[str, str]:
    fields = {
        "content_type": record.content_type,
        "charset": page.encoding,
        "http_status": record.http_status and str(record.http_status),
        "languages": record.languages,
        "truncated": record.truncated,
    }
    return {name: value for name, value in fields.items() if value}


def segment(uri: str) -> str:
    """Return an archive's path below its crawl's root, CCNet's `cc_segment`; else its base name."""
    start = uri.find(_CRAWL_ROOT)
    return uri[start:] if start >= 0 else uri.rpartition("/")[2]
