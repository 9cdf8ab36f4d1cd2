"""Parse a page that was cut out of a MediaWiki export."""

from __future__ import annotations

from typing import Any, NamedTuple

from lxml import etree

from jobs.sources.faults import Fault
from schemas.errors import one_line

MALFORMED = "malformed-xml"


class Content(NamedTuple):
    """The content of a page: the columns of `schemas.sources.mediawiki` from `page_id` to `text`."""

    page_id: int | None
    namespace: int | None
    title: str | None
    redirect: str | None
    revision_id: int | None
    timestamp: str | None
    model: str | None
    format: str | None
    text: str | None


# load no DTD, replace no entity, open no URL
_PARSER = {"resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": True}


def parse_page(data: bytes, encoding: str) -> Content:
    """Return the content of a page, with its newest revision by timestamp.

    Raises
    ------
    Fault
        `malformed-xml`: the page is not well-formed, or not in its encoding.
    """
    try:
        if encoding != "utf-8":
            data = data.decode(encoding).encode()
        # a parser keeps all names it has parsed, so one parser for all pages would grow
        root = etree.fromstring(data, etree.XMLParser(encoding="utf-8", **_PARSER))  # type: ignore[arg-type]
    except (etree.XMLSyntaxError, UnicodeError, ValueError) as error:
        raise Fault(MALFORMED, one_line(error)[:300]) from error
    page: dict[str, Any] = {}
    newest: dict[str, Any] = {}
    for child in root:
        name = _name(child)
        if name == "revision":
            revision = {_name(element): element for element in child}
            if not newest or _text(revision, "timestamp") >= _text(newest, "timestamp"):
                newest = revision
        else:
            page.setdefault(name, child)
    redirect = page.get("redirect")
    return Content(
        page_id=_number(page, "id"),
        namespace=_number(page, "ns"),
        title=_text(page, "title") or None,
        redirect=None if redirect is None else redirect.get("title") or "",
        revision_id=_number(newest, "id"),
        timestamp=_text(newest, "timestamp") or None,
        model=_text(newest, "model") or None,
        format=_text(newest, "format") or None,
        text=_text(newest, "text") or None,
    )


def _name(element: Any) -> str:
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _text(fields: dict[str, Any], name: str) -> str:
    element = fields.get(name)
    return "" if element is None else element.text or ""


def _number(fields: dict[str, Any], name: str) -> int | None:
    value = _text(fields, name).strip()
    return (
        int(value)
        if value.isascii() and value.lstrip("-").isdecimal() and len(value) < 19
        else None
    )
