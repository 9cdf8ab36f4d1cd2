"""The raw record of a question of Stack Exchange: its row of Posts.xml."""

from __future__ import annotations

from lxml import etree

from jobs.slices.raw import streams
from jobs.slices.raw.lines import check_id, line_at, shortened
from jobs.slices.raw.record import BEGINNING, Pairs, Place, RawRecord, in_memory
from jobs.sources.post_rows import to_post
from jobs.sources.seven_zip import member_chunks
from jobs.sources.stackexchange import is_posts, site_of

# the options of `jobs.sources.post_rows`: no DTD, no entity but XML's own, nothing opened
_PARSER = {"resolve_entities": False, "no_network": True, "huge_tree": True}


def read(place: Place) -> RawRecord:
    """Return a question's row; the document also holds its answers, which are rows of their own.

    Raises
    ------
    RecordNotFound
        The place has another row, or none.
    """
    if place.uri.lower().endswith(".7z"):
        packed: str | None = "7z"
        chunks = streams.from_offset(
            member_chunks(place.uri, is_posts), place.offset, place.uri, place.report
        )
    else:
        packed = streams.packing(place.uri)
        chunks = streams.from_byte(place.uri, place.offset, packed, place.report)
    line = line_at(chunks, place)
    site = site_of(place.uri)
    post = to_post(place.uri, place.offset, site, line)
    check_id(f"stackexchange/{site}/{post and post.post_id}", place)
    row = etree.fromstring(line.strip(), etree.XMLParser(**_PARSER))  # type: ignore[arg-type]
    headers: dict[str, Pairs] = {
        "row": [(str(name), shortened(text)) for name, text in row.items()]
    }
    answers = [id_ for id_ in place.metadata.get("answer_ids", "").split(",") if id_]
    if answers:
        headers["answers"] = [("ids", answers)]
        if accepted := place.metadata.get("accepted_answer_id"):
            headers["answers"].append(("accepted", accepted))
    body = str(row.get("Body") or "")[:BEGINNING]
    notes = streams.read_to(place.offset, packed)
    return RawRecord("row of Posts.xml", len(line), headers, body, in_memory(line), notes)
