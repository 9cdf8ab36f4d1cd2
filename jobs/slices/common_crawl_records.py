"""The outcome of each record of a web archive: kept by its status, type and length, or not."""

from __future__ import annotations

import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE

from jobs.slices.names import domain, hashed_name
from jobs.slices.outcome_batches import Document, Dropped, Outcome, Quarantined
from jobs.sources.warc_format import UNKNOWN
from jobs.sources.warc_rows import Row
from schemas.settings.ingest import CommonCrawlConfig
from udfs.digest import sha1_digest
from udfs.extract import html, wet
from udfs.extract.errors import ExtractionError
from udfs.extract.time_limit import Limited

NAME = "common_crawl"
CONTENT_TYPE = "content-type"
# records with pages, and those that can only be counted; requests, metadata and revisits hold no page
RECORD_TYPES = frozenset({"response", "conversion", "resource", "continuation", UNKNOWN})
HTML_TYPES = frozenset({"text/html", "application/xhtml+xml"})
# the first tag of an HTML page, for responses without a type (WHATWG MIME Sniffing, 7.1)
_HTML_START = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--(?:(?!-->).)*-->\s*)*"
    rb"<(?:!doctype\s+html|html|head|title|body|meta|script|style|h1|div|p|table|a|br)[\s>/]",
    re.IGNORECASE | re.DOTALL,
)
_SNIFFED = 1445  # bytes, as many as browsers read for this
_PDF = b"%PDF-"
# bytes that no text has but compressed and binary data, in which every tenth byte is one of them
# (WHATWG MIME Sniffing, 3; zeros are counted apart)
_BINARY = bytes({*range(1, 9), 11, *range(14, 27), *range(28, 32)})
_MOST_BINARY = 0.04
_JUDGED = 1 << 14  # bytes
_CRAWL_ROOT = "crawl-data/"


def outcome(record: Row, statuses: frozenset[int], config: CommonCrawlConfig) -> Outcome:
    """Return the outcome of a record.

    Documents are HTML pages, of responses with one of the statuses and of resources, and WET's
    conversions, whose text has `config.min_length` characters or more (CCNet: 300). Other records are
    dropped as `http-status-404` and the like, `not-http`, `content-type`, `record-type-...` and `short`.
    Records that cannot be read, pages whose text cannot be extracted, and pages without a URL are
    quarantined.
    """
    if record.error:
        return Quarantined.unread(record.uri, record.offset, record)
    reason = _drop_reason(record, statuses)
    if reason:
        return Dropped(record.uri, reason)
    return _document(record, config)


def _drop_reason(record: Row, statuses: frozenset[int]) -> str | None:
    """Return why a record is dropped by its header; None if it is not."""
    if record.record_type == "conversion":
        return None
    if record.record_type == "response":
        if record.http_status is None:
            return "not-http"
        if record.http_status not in statuses:
            return f"http-status-{record.http_status}"
    elif record.record_type != "resource":
        return f"record-type-{record.record_type}"
    if record.content_type and _media_type(record.content_type) not in HTML_TYPES:
        return CONTENT_TYPE
    return None


def _media_type(content_type: str) -> str:
    return content_type.partition(";")[0].strip().lower()


def _is_html(content_type: str | None, content: bytes) -> bool:
    """Return whether content is text that is called HTML, or without a type begins like HTML."""
    if not content_type and not _HTML_START.match(content[:_SNIFFED]):
        return False
    if content.startswith(_PDF):
        return False
    beginning = content[:_JUDGED]
    control_characters = len(beginning) - len(beginning.translate(None, _BINARY))
    return control_characters <= _MOST_BINARY * len(beginning) or _is_utf_16(
        content_type, beginning
    )


def _is_utf_16(content_type: str | None, beginning: bytes) -> bool:
    """Return whether bytes may be UTF-16, in which each byte of a character can be any."""
    if (
        beginning.startswith((BOM_UTF16_LE, BOM_UTF16_BE))
        or "utf-16" in (content_type or "").lower()
    ):
        return True
    return beginning.count(0) > len(beginning) / 20  # one of two bytes of markup is a zero


def _document(record: Row, config: CommonCrawlConfig) -> Outcome:
    content = record.content or b""
    conversion = record.record_type == "conversion"
    if not conversion and not _is_html(record.content_type, content):
        return Dropped(record.uri, CONTENT_TYPE)
    origin = (record.uri, record.offset, "extract")
    try:
        with Limited():
            if conversion:
                page = wet.extract(content)
            else:
                page = html.extract(
                    content,
                    record.content_type,
                    extractor=config.extractor,
                    markup=config.markup,
                )
    except ExtractionError as error:
        return Quarantined(*origin, error.error, error.message)
    if len(page.text) < config.min_length:
        return Dropped(record.uri, "short")
    if not record.url:
        return Quarantined(*origin, "no-url", "the record has no address")
    return Document(
        id=f"{NAME}/{record.record_id or hashed_name(record.uri, record.offset, record.url, record.date)}",
        text=page.text,
        uri=record.uri,
        offset=record.offset,
        url=record.url,
        title=page.title,
        date=record.date,
        digest=record.digest or sha1_digest(content),
        metadata=_metadata(record, page, {} if conversion else _extraction(page, config)),
        source_domain=domain(record.url),
        cc_segment=segment(record.uri),
    )


def _metadata(record: Row, page: html.Extracted, extraction: dict[str, str]) -> dict[str, str]:
    fields = {
        "content_type": record.content_type,
        "charset": page.encoding,
        "http_status": record.http_status and str(record.http_status),
        "languages": record.languages,
        "truncated": record.truncated,
    }
    return {name: value for name, value in fields.items() if value} | extraction


def _extraction(page: html.Extracted, config: CommonCrawlConfig) -> dict[str, str]:
    """Return how the text of an HTML page was chosen and written."""
    fields: dict[str, str] = {"extractor": config.extractor}
    if config.markup != "plain":
        fields["markup"] = config.markup
    if page.share is not None:
        fields["text_share"] = f"{page.share:.4f}"
    if page.second_try:
        fields["second_try"] = "true"
    return fields


def segment(uri: str) -> str:
    """Return an archive's path from `crawl-data/` on, as CCNet's `cc_segment`; else its base name."""
    start = uri.find(_CRAWL_ROOT)
    return uri[start:] if start >= 0 else uri.rpartition("/")[2]
