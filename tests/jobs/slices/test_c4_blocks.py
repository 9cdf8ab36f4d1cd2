"""C4 by blocks of lines makes what it would make line by line."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from hashlib import blake2b
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from slices import outcome_rows, whole_file

from jobs.slices.c4 import SLICE
from jobs.slices.document_columns import Documents
from jobs.slices.names import domain, hashed_name, hashed_names
from jobs.slices.outcome_batches import Document, Dropped, Outcome, OutcomeBatches, Quarantined
from jobs.slices.reader import batches
from jobs.sources import lines
from jobs.sources.lines import line_bytes, split_blocks, split_lines, without_end
from jobs.sources.warc_rows import target_url, utc_date
from schemas.settings.ingest import C4Config
from udfs.extract import json_line
from udfs.extract.errors import ExtractionError

MAX_BYTES = 200
LINES = st.one_of(
    st.builds(
        lambda record, form: json.dumps(record, ensure_ascii=form).encode("utf-8", "surrogatepass"),
        st.fixed_dictionaries(
            {},
            optional={
                name: st.one_of(
                    st.text(st.characters(exclude_categories=()), max_size=9),
                    st.sampled_from(
                        ["", " \n", "\0", "a\0b\n\nc", "<http://a.example/b c>", "http://[bad/"]
                    ),
                    st.sampled_from(
                        ["2019-04-25T12:57:54Z", "2019-02-30T12:57:54Z", "2019-04-25 12:57:54"]
                    ),
                    st.sampled_from([None, True, 7, 2**80, 1.5, [], ["x"], {}]),
                )
                for name in ("text", "url", "timestamp", "language")
            }
            | {
                "meta": st.sampled_from(
                    [None, "x", {}, {"url": "http://v1.example/", "language": 1}]
                )
            },
        ),
        st.booleans(),
    ),
    st.sampled_from(
        [b"", b" ", b"\r", b"\t\x0b", b"{}", b"[]", b"null", b'{"text": "cut', b'{"text": NaN}']
    ),
    st.sampled_from(
        [b'{"text": "one"}, {"text": "two"}', b'[{"text": "a"}', b'{"text": "b"}]', b"[" * 150]
    ),
    st.sampled_from(
        [b'{"text": "a", "text": "b"}', b'{"text": "\\ud83d half"}', b'{"text": "\xe9"}']
    ),
    st.sampled_from(
        [b'\xef\xbb\xbf{"text": "a mark"}', b'{"text": "nul \\u0000"}', b'{"text": "\x00"}']
    ),
    st.sampled_from([b'{"text": "%s"}' % (b"x" * 200), b'{"n": 1%s, "text": "big"}' % (b"0" * 99)]),
)
ENDS = st.sampled_from([b"\n", b"\n", b"\r\n"])
PLAIN = st.builds(
    lambda text, url, language: json.dumps(
        {"text": text, "timestamp": "2019-04-25T12:57:54Z", "url": url} | language,
        ensure_ascii=False,
    ).encode(),
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=9),
    st.sampled_from(["http://a.example/b", "http://ü.example/", "a b", "<x>", "\u200b", "", None]),
    st.sampled_from([{}, {}, {"language": "de"}, {"language": 0}, {"other": [1]}]),
)


def one_by_one(path: Path, language: str | None = None) -> Iterator[Outcome]:
    """Yield the outcome of each line, read one at a time."""
    uri = str(path)
    for offset, line, fault in line_bytes(whole_file(path), MAX_BYTES):
        if fault:
            yield Quarantined(uri, offset, "read", fault.error, " ".join(fault.message.split()))
        elif line.strip():
            try:
                record = json_line.parse(line)
                text = json_line.storable(record.get("text"))
                if text is None:
                    raise ExtractionError("bad-record", "the record has no text")
            except ExtractionError as error:
                yield Quarantined(uri, offset, "parse", error.error, error.message)
                continue
            if not text or text.isspace():
                yield Dropped(uri, "empty")
                continue
            meta = record["meta"] if isinstance(record.get("meta"), dict) else record
            url = target_url(json_line.storable(meta.get("url")))
            date = utc_date(json_line.storable(meta.get("timestamp")))
            spoken = language or json_line.storable(meta.get("language")) or "en"
            yield Document(
                "c4/" + hashed_name(uri, offset, url, date),
                text,
                uri,
                offset,
                url,
                date=date,
                source_domain=domain(url) if url else None,
                metadata={"language": spoken},
            )


@settings(max_examples=60)
@given(
    content=st.lists(st.tuples(LINES, ENDS), max_size=20),
    last=LINES,
    packed=st.booleans(),
    language=st.sampled_from([None, "nl"]),
)
@example(content=[(b"[]", b"\n")], last=b"", packed=False, language=None)
def test_blocks_make_what_lines_one_by_one_make(
    tmp_path_factory: pytest.TempPathFactory,
    content: list[tuple[bytes, bytes]],
    last: bytes,
    packed: bool,
    language: str | None,
) -> None:
    path = tmp_path_factory.mktemp("c4") / "c4-train.json"
    data = b"".join(line + end for line, end in content) + last
    path.write_bytes(gzip.compress(data) if packed else data)
    config = C4Config(root="", max_record_bytes=MAX_BYTES, language=language)
    outcomes = SLICE.outcomes(whole_file(path), config)
    assert _rows(outcomes) == _rows(one_by_one(path, language))


@settings(max_examples=60)
@given(
    plain=st.lists(PLAIN, min_size=1, max_size=6),
    odd=st.none() | LINES,
    changed=st.none() | st.tuples(st.integers(0, 400), st.integers(0, 255)),
)
def test_plain_lines_make_what_lines_one_by_one_make(
    tmp_path_factory: pytest.TempPathFactory,
    plain: list[bytes],
    odd: bytes | None,
    changed: tuple[int, int] | None,
) -> None:
    data = bytearray(b"\n".join([*plain, *([odd] if odd is not None else [])]) + b"\n")
    if changed:
        data[changed[0] % len(data)] = changed[1]
    path = tmp_path_factory.mktemp("c4") / "c4-train.json"
    path.write_bytes(data)
    outcomes = SLICE.outcomes(whole_file(path), C4Config(root="", max_record_bytes=MAX_BYTES))
    assert _rows(outcomes) == _rows(one_by_one(path))


def _rows(outcomes: Iterator[Outcome]) -> list[dict[str, Any]]:
    return [row for batch in batches(outcomes, "c4", "local") for row in batch.to_pylist()]


@given(
    texts=st.lists(st.text(st.sampled_from("ab\n\r"), max_size=8), max_size=8),
    size=st.integers(1, 9),
    max_bytes=st.integers(1, 9),
    position=st.integers(0, 3),
)
def test_lines_do_not_depend_on_the_chunks(
    texts: list[str], size: int, max_bytes: int, position: int
) -> None:
    data = "\n".join(texts).encode()
    chunks = [data[at : at + size] for at in range(0, len(data), size)]
    expected = []
    at = position
    for line in data.splitlines(keepends=True) if b"\r" not in data else _lines(data):
        bare = line.removesuffix(b"\n")
        expected.append((at, bare.removesuffix(b"\r") if len(bare) <= max_bytes else None))
        at += len(line)
    assert list(split_lines(iter(chunks), position, max_bytes)) == expected
    blocks = list(split_blocks(iter(chunks), position, max_bytes))
    in_blocks = [(at, line) for block in blocks for at, line in zip(*block, strict=True)]
    assert [(at, None if line is None else without_end(line)) for at, line in in_blocks] == expected
    if all(line is not None for _, line in in_blocks):
        assert b"".join(line or b"" for _, line in in_blocks) == data
    assert len(blocks) <= len(chunks) + 1


def _lines(data: bytes) -> list[bytes]:
    *whole, rest = data.split(b"\n")
    return [line + b"\n" for line in whole] + ([rest] if rest else [])


MESSAGES = st.fixed_dictionaries({"role": st.text(max_size=2), "content": st.text(max_size=2)})


@settings(max_examples=40)
@given(
    st.lists(
        st.builds(
            Document,
            id=st.text(max_size=3),
            text=st.text(st.characters(exclude_categories=()), max_size=9),
            uri=st.sampled_from(["a", "b"]),
            offset=st.none() | st.integers(0, 9),
            digest=st.sampled_from([None, "", "sha1:X"]),
            metadata=st.none() | st.dictionaries(st.sampled_from("kl"), st.text(max_size=2)),
            messages=st.none() | st.lists(MESSAGES, max_size=2),
        ),
        max_size=12,
    ),
    st.lists(st.booleans(), min_size=12, max_size=12),
)
def test_documents_in_columns_are_documents(documents: list[Document], apart: list[bool]) -> None:
    single, mixed = (OutcomeBatches("c4", "x") for _ in range(2))
    for document, alone in zip(documents, apart, strict=False):
        single.add(document)
        columns = {name: [value] for name, value in document._asdict().items() if name != "text"}
        content = document.text.encode("utf-8", "replace")
        together = Documents([content], [len(document.text)], columns)
        mixed.add(document if alone else together)
    assert [batch.to_pylist() for batch in mixed.rest()] == [
        batch.to_pylist() for batch in single.rest()
    ]


def test_pieces_have_every_page_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.json"
    path.write_text("".join(json.dumps({"text": f"page {n}"}) + "\n" for n in range(30)))
    whole = outcome_rows(SLICE, path)
    for size in (7, 50, 333):
        monkeypatch.setattr(lines.plan, "__defaults__", (size,))
        divided = outcome_rows(SLICE, path)
        assert divided == whole
    assert len(whole) == 30


def test_batches_are_bounded_by_bytes() -> None:
    found = OutcomeBatches("c4", "x", batch_bytes=10_000)
    sizes = []
    for n in range(100):
        block: dict[str, Any] = {"id": [f"{n}/{k}" for k in range(5)]}
        found.add(Documents([b"x" * 100] * 5, [100] * 5, block))
        sizes += [batch.num_rows for batch in found.full()]
    sizes += [batch.num_rows for batch in found.rest()]
    assert sum(sizes) == 500
    assert max(sizes) == 20


def test_names_are_hashes_of_what_is_known() -> None:
    known = [b"f.gz\n0\nhttp://a/\n2019", b"f.gz\nNone\n\n", b"f.gz\n7\n?\n"]
    expected = [blake2b(name, digest_size=16).hexdigest() for name in known]
    offsets, urls, dates = [0, None, 7], ["http://a/", None, "\ud800"], ["2019", None, None]
    assert hashed_names("/x/f.gz", offsets, urls, dates) == expected
    assert hashed_name("f.gz", 0, "http://a/", "2019") == expected[0]
