"""The raw record of a line: C4's, GitHub's and PG19's JSON, and the posts of Stack Exchange."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from typing import Any

from lxml import etree

from jobs.slices import books, github_records
from jobs.slices.names import hashed_name
from jobs.sources.faults import Fault
from jobs.sources.lines import split_lines
from jobs.sources.post_rows import to_post
from jobs.sources.seven_zip import member_chunks
from jobs.sources.stackexchange import is_posts, site_of
from jobs.sources.warc_rows import target_url, utc_date
from jobs.steps.trace import streams
from jobs.steps.trace.record import BEGINNING, NotThere, Pairs, Place, RawRecord, one
from udfs.extract import c4, json_line
from udfs.extract.errors import ExtractionError

_BOM = b"\xef\xbb\xbf"
_SHORT = 300  # characters of a value that is shown
# as `jobs.sources.post_rows` reads a line: no DTD, no entity but XML's own, nothing opened
_PARSER = {"resolve_entities": False, "no_network": True, "huge_tree": True}

Name = Callable[[dict[str, Any], Place], str]


def c4_line(place: Place) -> RawRecord:
    """A page of C4."""
    return _json(place, _name_of_page, "text")


def github_line(place: Place) -> RawRecord:
    """A file of BigQuery's export as JSON."""
    return _json(place, name_of_file, "content")


def book_line(place: Place) -> RawRecord:
    """A book of PG19's, or one like them."""
    packed = streams.packing(place.uri)
    line = _line(streams.from_byte(place.uri, place.offset, packed, place.say), place)
    made = books.json_book(place.uri, place.offset, line)
    _check(getattr(made, "id", "no book"), place)
    return _of_json(line, json_line.parse(line), "text", packed, place)


def post(place: Place) -> RawRecord:
    """A question of Stack Exchange: the document holds its answers too, which are rows of their own."""
    if place.uri.lower().endswith(".7z"):
        packed: str | None = "7z"
        chunks = streams.behind(
            member_chunks(place.uri, is_posts), place.offset, place.uri, place.say
        )
    else:
        packed = streams.packing(place.uri)
        chunks = streams.from_byte(place.uri, place.offset, packed, place.say)
    line = _line(chunks, place)
    site = site_of(place.uri)
    found = to_post(place.uri, place.offset, site, line)
    _check(f"stackexchange/{site}/{found and found.post_id}", place)
    row = etree.fromstring(line.strip(), etree.XMLParser(**_PARSER))  # type: ignore[arg-type]
    headers: dict[str, Pairs] = {"row": [(str(name), _shown(text)) for name, text in row.items()]}
    answers = [each for each in place.metadata.get("answer_ids", "").split(",") if each]
    if answers:
        headers["answers"] = [("ids", answers)]
        if accepted := place.metadata.get("accepted_answer_id"):
            headers["answers"].append(("accepted", accepted))
    body = str(row.get("Body") or "")[:BEGINNING]
    notes = streams.read_to(place.offset, packed)
    return RawRecord("row of Posts.xml", len(line), headers, body, one(line), notes)


def name_of_file(record: dict[str, Any], place: Place) -> str:
    """The id of a file of GitHub's."""
    path, *said = (
        json_line.storable(record.get(key)) for key in ("path", "repo_name", "ref", "id")
    )
    name = path and github_records.name(said[0], said[1], path, said[2])
    return f"{github_records.NAME}/{name or hashed_name(place.uri, place.offset, path)}"


def pairs(record: dict[str, Any], within: str = "") -> Iterator[tuple[str, Any]]:
    """Keys and values of a JSON object, those of an object in it too; long texts by their length."""
    for key, value in record.items():
        if isinstance(value, dict) and not within:
            yield from pairs(value, f"{key}.")
        else:
            yield f"{within}{key}", _shown(value)


def _name_of_page(record: dict[str, Any], place: Place) -> str:
    _, url, timestamp, _ = c4.fields(record)
    return f"c4/{hashed_name(place.uri, place.offset, target_url(url), utc_date(timestamp))}"


def _json(place: Place, name: Name, text: str) -> RawRecord:
    packed = streams.packing(place.uri)
    line = _line(streams.from_byte(place.uri, place.offset, packed, place.say), place)
    try:
        record = json_line.parse(line)
        _check(name(record, place), place)
    except ExtractionError as error:
        raise NotThere(f"the line there is no record: {error.message}") from error
    return _of_json(line, record, text, packed, place)


def _of_json(
    line: bytes, record: dict[str, Any], text: str, packed: str | None, place: Place
) -> RawRecord:
    beginning = str(record.get(text) or "")[:BEGINNING]
    headers: dict[str, Pairs] = {"JSON": list(pairs(record))}
    notes = streams.read_to(place.offset, packed)
    return RawRecord("line of JSON", len(line), headers, beginning, one(line), notes)


def _line(chunks: Generator[bytes, None, None], place: Place) -> bytes:
    """The first line, without its end."""
    try:
        for at, line in split_lines(chunks, place.offset, place.max_bytes):
            if line is None:
                break
            return line if at else line.removeprefix(_BOM)
    except Fault as fault:
        raise NotThere(fault.message) from fault
    finally:
        chunks.close()
    raise NotThere("the file ends before it, or its line is too long")


def _check(name: str, place: Place) -> None:
    if name != place.id:
        raise NotThere(f"the line there is {name}")


def _shown(value: Any) -> Any:
    if isinstance(value, str) and len(value) > _SHORT:
        return f"{len(value):,} characters"
    return value
