"""Books to documents: each file or line has one outcome, each book one name."""

from __future__ import annotations

import bz2
import gzip
import itertools
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from slices import kept, outcome_rows, rejected, whole_file

from jobs import storage
from jobs.sample.dumps import books as sample
from jobs.slices.books import PUBLIC_DOMAIN, SLICE, file_name
from jobs.sources.splits import ByteRange
from jobs.storage import ObjectInfo
from schemas.settings.ingest import BooksConfig
from schemas.tables.documents import DOCUMENTS
from udfs.near_duplicates.simhash import NEAR, distance, simhash

BODY = "THE LAMP\n\nIt was dark, señor."
BOOK = f"""The Project Gutenberg EBook of The Lamp, by Ada Wick

Title: The Lamp
Author: Ada Wick
Release Date: March 2, 1999 [EBook #4711]
Language: English
Character set encoding: ISO-8859-1

*** START OF THIS PROJECT GUTENBERG EBOOK THE LAMP ***

{BODY}

*** END OF THIS PROJECT GUTENBERG EBOOK THE LAMP ***
"""
PG19 = {
    "text": "A book of long ago.",
    "short_book_title": "A Book by Someone",
    "publication_date": 1818,
    "url": "http://www.gutenberg.org/ebooks/84",
}


def json_lines(path: Path, *records: Mapping[str, Any] | str) -> Path:
    lines = [record if isinstance(record, str) else json.dumps(record) for record in records]
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


def documents(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in DOCUMENTS.names if name != "digest"}


def test_a_text_file_becomes_a_document(tmp_path: Path) -> None:
    (tmp_path / "4711").mkdir()
    path = tmp_path / "4711" / "lampx10.txt"
    path.write_bytes(BOOK.encode("latin-1").replace(b"\n", b"\r\n"))
    [row] = outcome_rows(SLICE, path)
    assert row["outcome"] == "kept"
    assert documents(row) == {
        "id": "books/4711/lampx10",
        "snapshot": "local",
        "text": BODY,
        "url": "https://www.gutenberg.org/ebooks/4711",
        "title": "The Lamp",
        "date": "1999-03-02",
        "source": {"uri": str(path), "offset": 0},
        "license": PUBLIC_DOMAIN,
        "metadata": [
            ("author", "Ada Wick"),
            ("gutenberg_id", "4711"),
            ("language", "en"),
            ("charset", "cp1252"),
            ("boilerplate", "removed"),
        ],
        "length": len(BODY),
        "nlines": 3,
        "source_domain": "www.gutenberg.org",
        "cc_segment": None,
        "messages": None,
        "slice": "books",
    }


def test_a_text_file_of_unknown_origin(tmp_path: Path) -> None:
    path = tmp_path / "diary.txt"
    path.write_text("Monday. Rain.")
    [row] = outcome_rows(SLICE, path)
    assert row["id"] == f"books/{tmp_path.name}/diary"
    assert (row["url"], row["title"], row["date"], row["license"]) == (None, None, None, None)
    assert row["metadata"] == [("charset", "utf-8")]


@pytest.mark.parametrize("nested", [False, True])
def test_a_line_of_pg19_becomes_a_document(tmp_path: Path, nested: bool) -> None:
    meta = {name: value for name, value in PG19.items() if name != "text"}
    record = {"meta": meta, "text": PG19["text"]} if nested else PG19
    path = json_lines(tmp_path / "pg19.jsonl", record)
    [row] = outcome_rows(SLICE, path)
    assert documents(row) == {
        "id": "books/pg19/84",
        "snapshot": "local",
        "text": "A book of long ago.",
        "url": "https://www.gutenberg.org/ebooks/84",
        "title": "A Book by Someone",
        "date": "1818",
        "source": {"uri": str(path), "offset": 0},
        "license": PUBLIC_DOMAIN,
        "metadata": [("gutenberg_id", "84")],
        "length": 19,
        "nlines": 1,
        "source_domain": "www.gutenberg.org",
        "cc_segment": None,
        "messages": None,
        "slice": "books",
    }


def test_lines_without_a_name_are_named_by_place(tmp_path: Path) -> None:
    records = [{"text": "Same.", "title": " A\nbook "}, {"text": "Same.", "publication_date": "?"}]
    path = json_lines(tmp_path / "a.jsonl", *records)
    rows = outcome_rows(SLICE, path)
    assert len({row["id"] for row in rows}) == 2
    assert [row["title"] for row in rows] == ["A book", None]
    assert [(row["license"], row["date"], row["url"]) for row in rows] == [(None, None, None)] * 2
    (tmp_path / "elsewhere").mkdir()
    moved = path.rename(tmp_path / "elsewhere" / "a.jsonl")
    assert [row["id"] for row in outcome_rows(SLICE, moved)] == [row["id"] for row in rows]


def test_every_record_has_one_outcome(tmp_path: Path) -> None:
    (tmp_path / "whole.txt").write_text("A text.")
    (tmp_path / "nothing.txt").write_bytes(b"")
    (tmp_path / "blank.txt").write_text(" \n\f\n")
    (tmp_path / "picture.txt").write_bytes(bytes(range(256)) * 3)
    (tmp_path / "long.txt").write_text("A long text." * 200)
    (tmp_path / "long.txt.gz").write_bytes(gzip.compress(b"A long text." * 200))
    (tmp_path / "whole.txt.gz").write_bytes(gzip.compress(b"A text.") + gzip.compress(b" More."))
    (tmp_path / "whole.txt.bz2").write_bytes(bz2.compress(b"A text."))
    (tmp_path / "cut.txt.gz").write_bytes(gzip.compress(b"A text.")[:-9])
    lines: list[Mapping[str, Any] | str]
    lines = [PG19, '{"text": "cut', '["text"]', {"text": 7}, {"no": "text"}, {"text": " "}, ""]
    json_lines(tmp_path / "lines.jsonl", *lines, {"text": "half \ud800 a pair"}, "x" * 2000)
    rows = outcome_rows(SLICE, *sorted(tmp_path.iterdir()), max_record_bytes=1024)
    assert rejected(rows) == {
        "counted empty": 3,
        "quarantine not-text": 1,
        "quarantine record-too-large": 3,
        "quarantine truncated-gzip": 1,
        "quarantine broken-json": 1,
        "quarantine bad-record": 1,
        "quarantine no-text": 2,
    }
    texts = {row["id"].rpartition("/")[2]: row["text"] for row in kept(rows)}
    named = {name: text for name, text in texts.items() if "half" not in text}
    assert named == {
        "whole": "A text.",
        "whole.txt.gz": "A text. More.",
        "whole.txt.bz2": "A text.",
        "84": PG19["text"],
    }
    assert "half \ufffd a pair" in texts.values()


def test_an_object_that_is_gone_is_quarantined(tmp_path: Path) -> None:
    for name in ("missing.txt", "missing.jsonl"):
        [outcome] = SLICE.outcomes(whole_file(tmp_path / name), BooksConfig(root=""))
        assert (outcome.stage, outcome.error) == ("read", "storage-error")  # type: ignore[union-attr]


def test_lines_are_the_same_however_they_are_parted(tmp_path: Path) -> None:
    records = [{"text": f"Book {i}, {'words ' * i}"} for i in range(40)]
    path = json_lines(tmp_path / "a.jsonl", *records)
    size = path.stat().st_size
    config = BooksConfig(root="")
    whole_ = list(SLICE.outcomes(whole_file(path), config))
    cuts = [0, 1, size // 3, size // 2, size]
    parts = [
        outcome
        for start, end in itertools.pairwise(cuts)
        for outcome in SLICE.outcomes(ByteRange(str(path), size, start, end), config)
    ]
    assert parts == whole_
    assert len(whole_) == 40


def test_which_inputs_are_read(tmp_path: Path) -> None:
    names = ["a.txt", "b.TXT.gz", "c-h.htm", "d.html", "e.jsonl.zst", "f.epub", "g.json", "h"]
    for name in names:
        (tmp_path / name).touch()
    chosen, left_out = SLICE.chosen(storage.expand([str(tmp_path)]), BooksConfig(root=""))
    assert [Path(info.uri).name for info in chosen] == [
        "a.txt",
        "b.TXT.gz",
        "c-h.htm",
        "d.html",
        "e.jsonl.zst",
        "f.epub",
        "g.json",
    ]
    assert {reason: [Path(uri).name for uri in uris] for reason, uris in left_out.items()} == {
        "their names are not .txt, .html, .epub or .jsonl": ["h"],
    }


def test_many_small_files_are_one_task() -> None:
    files = [ObjectInfo(f"/books/{i}/{i}.txt", 400_000, "") for i in range(20)]
    more = [ObjectInfo("/books/pg19.jsonl", 400 << 20, "")]
    planned = SLICE.splits([*files, *more], BooksConfig(root=""))
    assert [len(split.ranges) for split in planned] == [20, 1, 1, 1, 1]


@pytest.mark.parametrize(
    ("uri", "name"),
    [
        ("/books/84/frank10.txt", "84/frank10"),
        ("s3://bucket/frank10.txt", "bucket/frank10"),
        ("/84/frank10.txt.gz", "84/frank10.txt.gz"),
        ("https://host/84/my%20book.txt?key=secret", "84/my book"),
        ("/a.txt", "a"),
    ],
)
def test_names_of_files(uri: str, name: str) -> None:
    assert file_name(uri) == name


def test_real_books(shared_data: Path) -> None:
    rows = outcome_rows(SLICE, shared_data / "books")
    assert rejected(rows) == {}
    assert len({row["id"] for row in rows}) == len(rows) == 14
    by_id = {row["id"]: row for row in rows}
    assert by_id["books/84/frank10"]["url"] == by_id["books/84/84-0"]["url"]
    assert by_id["books/books/wagahaiwa_nekodearu"]["license"] is None
    assert "吾輩は猫である" in by_id["books/books/wagahaiwa_nekodearu"]["text"]
    assert "señores" in by_id["books/2000/2000-8"]["text"]


def test_the_sample_is_what_it_says(tmp_path: Path) -> None:
    planted = sample.write(tmp_path, 0)
    rows = outcome_rows(
        SLICE, *(path for pattern in sample.INPUTS for path in tmp_path.glob(pattern))
    )
    assert rejected(rows) == {
        "counted empty": 1,
        "quarantine not-text": 1,
        "quarantine broken-json": 1,
    }
    documents_ = {row["id"]: row for row in kept(rows)}
    assert len(rows) == len(planted)
    assert set(documents_) == {
        f"books/{record['record'].removesuffix('.txt')}"
        for record in planted
        if record["outcome"] == "kept"
    }
    hashes = {id_: simhash(row["text"]) for id_, row in documents_.items()}
    for one, other in itertools.combinations(documents_, 2):
        editions = {one, other} == {"books/9001/town10", "books/9001/9001-0"}
        assert (distance(hashes[one], hashes[other]) <= NEAR) == editions, (one, other)
    for row in documents_.values():
        assert row["length"] >= 30_000
        assert "gutenberg" not in row["text"].lower()
        assert "sample" not in row["text"]
    metadata = {id_: dict(row["metadata"]) for id_, row in documents_.items()}
    assert metadata["books/9002/9002-8"]["language"] == "es"
    assert metadata["books/9002/9002-8"]["charset"] == "cp1252"
    assert metadata["books/9001/town10"]["charset"] == "cp1252"
    assert metadata["books/9001/9001-0"]["charset"] == "utf-8"


def test_the_sample_is_the_same_every_time(tmp_path: Path) -> None:
    def content(name: str, seed: int) -> dict[str, bytes]:
        folder = tmp_path / name
        folder.mkdir()
        sample.write(folder, seed)
        files = (path for path in folder.rglob("*") if path.is_file())
        return {str(path.relative_to(folder)): path.read_bytes() for path in files}

    assert content("a", 0) == content("b", 0)
    assert content("c", 1)["9001/town10.txt"] != content("d", 0)["9001/town10.txt"]
