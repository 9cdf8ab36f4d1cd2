"""Convert records as stored to the columns of `schemas.sources.warc_records`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from jobs.sources.faults import TOO_LARGE
from jobs.sources.framing import Record
from jobs.sources.http_message import BodyTooLarge, decode_body, parse_response
from schemas.errors import one_line
from udfs.digest import sha1_digest

_URN_UUID = "urn:uuid:"
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f]+")
# a W3C date, which may lack its last parts (WARC 1.1) and have a fraction, or ARC's digits
_W3C_DATE = re.compile(
    r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:[Tt ](\d\d):(\d\d)(?::(\d\d)(?:[.,]\d+)?)?)?)?)?"
    r" *(?:[Zz]|([+-])(\d\d):?(\d\d))?"
)
_SEPARATORS = "--T::Z"  # every third character of a W3C date to the second, from the fifth on
_ARC_DATE = re.compile(r"(\d{4})(\d\d)?(\d\d)?(\d\d)?(\d\d)?(\d\d)?\d*")


class Row(NamedTuple):
    """The columns of `schemas.sources.warc_records`."""

    uri: str
    offset: int
    record_type: str | None = None
    record_id: str | None = None
    url: str | None = None
    date: str | None = None
    digest: str | None = None
    http_status: int | None = None
    content_type: str | None = None
    content: bytes | None = None
    languages: str | None = None
    truncated: str | None = None
    error: str | None = None
    message: str | None = None


@dataclass(frozen=True)
class Wanted:
    """Selects the records of an archive and the content to keep.

    Attributes
    ----------
    record_types
        WARC-Type of the records that become rows; `UNKNOWN` of `warc_format` for other types.
    statuses
        HTTP statuses of responses whose content is kept; empty for all. That of others is null.
    content_types
        Media types, without parameters, of responses and resources whose content is kept; empty for
        all. Content without a type is always kept.
    max_record_bytes
        Maximum size in bytes of a record's block and of its decoded body; a record with larger
        content, if that is wanted, becomes a row with an error and without content.
    """

    record_types: frozenset[str] = frozenset({"response", "conversion", "resource"})
    statuses: frozenset[int] = frozenset()
    content_types: frozenset[str] = frozenset()
    max_record_bytes: int = 32 << 20

    def includes_content(self, status: int | None, content_type: str | None) -> bool:
        """Return whether the content of a response with this status and type is kept."""
        if self.statuses and status is not None and status not in self.statuses:
            return False
        media_type = (content_type or "").partition(";")[0].strip().lower()
        return not (self.content_types and media_type) or media_type in self.content_types


def to_row(record: Record, uri: str, wanted: Wanted) -> Row:
    """Return the row of a record."""
    headers = record.headers
    response = record.type == "response"
    message = parse_response(record.block) if response else None
    status = message.status if message else None
    record_content_type = headers.get("content-type") or None
    content_type = message.content_type if message else record_content_type
    content = error = text = None
    digest = headers.get("warc-payload-digest" if response else "warc-block-digest") or None
    if record.type == "conversion" or wanted.includes_content(status, content_type):
        if record.length > wanted.max_record_bytes:
            error, text = TOO_LARGE, f"the record has {record.length} bytes"
        else:
            body = message.body if message else record.block
            if response and digest is None:
                digest = sha1_digest(body)
            try:
                content = decode_body(message, wanted.max_record_bytes) if message else body
            except BodyTooLarge:
                error = TOO_LARGE
                text = (
                    f"the body has more than {wanted.max_record_bytes} bytes without its encoding"
                )
    return Row(
        uri,
        record.offset,
        record.type,
        record_id(headers.get("warc-record-id")),
        target_url(headers.get("warc-target-uri")),
        utc_date(headers.get("warc-date")),
        digest,
        status,
        content_type,
        content,
        headers.get("warc-identified-content-language") or None,
        headers.get("warc-truncated") or None,
        error,
        text,
    )


def fault_row(uri: str, offset: int, error: str, message: str) -> Row:
    """Return the row that stands for an unreadable part of an archive."""
    return Row(uri, offset, error=error, message=one_line(message))


def record_id(value: str | None) -> str | None:
    """Return a WARC-Record-ID without its brackets and `urn:uuid:`."""
    if not value:
        return None
    return value.strip("<> ").removeprefix(_URN_UUID) or None


def target_url(value: str | None) -> str | None:
    """Return a WARC-Target-URI as a valid URI: without brackets, with blanks as %20."""
    if not value:
        return None
    if value[0] == "<" and value[-1] == ">":
        value = value[1:-1].strip()
    if not value.isprintable():
        value = _UNPRINTABLE.sub("", value)
    if " " in value:
        value = value.replace(" ", "%20")
    return value or None


def utc_date(value: str | None) -> str | None:
    """Return a WARC or ARC date as ISO 8601 in UTC to the second; None if it is invalid.

    >>> utc_date("20080430204825")
    '2008-04-30T20:48:25Z'
    >>> utc_date("2023-01-31T13:00:00.25+01:00")
    '2023-01-31T12:00:00Z'
    """
    if not value:
        return None
    if len(value) == 20 and value[4::3] == _SEPARATORS:  # nearly every date
        try:
            datetime.fromisoformat(value[:19])
        except ValueError:
            return None
        return value
    match = _ARC_DATE.fullmatch(value) or _W3C_DATE.fullmatch(value)
    if match is None:
        return None
    parts = [
        int(part) if part else least for part, least in zip(match.groups(), _LEAST, strict=False)
    ]
    try:
        moment = datetime(*parts)  # type: ignore[arg-type]
        if match.re is _W3C_DATE and match[7]:
            offset = timedelta(hours=int(match[8]), minutes=int(match[9]))
            moment += -offset if match[7] == "+" else offset
    except (ValueError, OverflowError):
        return None
    return moment.isoformat() + "Z"


_LEAST = (1, 1, 1, 0, 0, 0)
