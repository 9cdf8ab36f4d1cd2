"""C4's lines to documents: both forms, broken lines, names, languages."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from slices import kept, outcome_rows, rejected

from jobs.sample.dumps import c4 as sample
from jobs.slices.c4 import SLICE
from jobs.slices.names import domain, hashed_name
from jobs.sources import lines
from udfs.digest import sha1_digest
from udfs.extract.c4 import DEFAULT_LANGUAGE, fields, language_of, variant_of
from udfs.formats import redpajama_v1

FILE = "c4-train.00000-of-01024.json.gz"


def page(text: Any = "Some text.", **others: Any) -> dict[str, Any]:
    return {
        "text": text,
        "timestamp": "2019-04-25T12:57:54Z",
        "url": "https://www.example.org:8080/a?b",
        **others,
    }


def dump(path: Path, *records: dict[str, Any] | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [
        record if isinstance(record, bytes) else json.dumps(record).encode() for record in records
    ]
    data = b"".join(line + b"\n" for line in lines)
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    return path


def test_a_line_becomes_a_document(tmp_path: Path) -> None:
    path = dump(tmp_path / "en" / FILE, b" ", page("Ein Text\nmit zwei Zeilen"))
    [row] = outcome_rows(SLICE, path)
    assert {name: row[name] for name in row if row[name] is not None} == {
        "id": "c4/"
        + hashed_name(FILE, 2, "https://www.example.org:8080/a?b", "2019-04-25T12:57:54Z"),
        "slice": "c4",
        "snapshot": "local",
        "text": "Ein Text\nmit zwei Zeilen",
        "url": "https://www.example.org:8080/a?b",
        "date": "2019-04-25T12:57:54Z",
        "digest": sha1_digest(b"Ein Text\nmit zwei Zeilen"),
        "source": {"uri": str(path), "offset": 2},
        "metadata": [("language", "en")],
        "length": 24,
        "nlines": 2,
        "source_domain": "www.example.org:8080",
        "outcome": "kept",
    }


def test_every_line_has_one_outcome(tmp_path: Path) -> None:
    path = dump(
        tmp_path / FILE,
        page(),
        page(timestamp="2019-04-25 12:57:54", url=None),
        page(timestamp=7, url=["x"]),
        {"text": "V1's form", "meta": {"timestamp": "2019-04-25T12:57:54Z", "url": "http://a/"}},
        {"text": "only text"},
        b'{"text": "half a pair \\ud83d here, NUL\\u0000 there"}',
        page(""),
        page(" \n"),
        page(None),
        page(["a", "list"]),
        b'{"text": "cut',
        b'{"text": NaN}',
        b"[" * 5000,
        b"[]",
        b'{"text": "latin-1: \xe9"}',
        page("x" * 5000),
    )
    rows = outcome_rows(SLICE, path, max_record_bytes=4096)
    assert rejected(rows) == {
        "counted empty": 2,
        "quarantine bad-record": 3,
        "quarantine broken-json": 2,
        "quarantine not-utf8": 1,
        "quarantine record-too-large": 2,
    }
    assert [(row["text"], row["date"], row["source_domain"]) for row in kept(rows)] == [
        ("Some text.", "2019-04-25T12:57:54Z", "www.example.org:8080"),
        ("Some text.", "2019-04-25T12:57:54Z", None),
        ("Some text.", None, None),
        ("V1's form", "2019-04-25T12:57:54Z", "a"),
        ("only text", None, None),
        ("half a pair \N{REPLACEMENT CHARACTER} here, NUL there", None, None),
    ]
    stages = {row["reason"]: row["stage"] for row in rows if row["outcome"] == "quarantine"}
    assert stages["record-too-large"] == "read"
    assert stages["broken-json"] == stages["bad-record"] == "parse"


def test_deep_json_is_broken(tmp_path: Path) -> None:
    path = dump(tmp_path / FILE, b"[" * 100_000, page())
    rows = outcome_rows(SLICE, path)
    assert rejected(rows) == {"quarantine broken-json": 1}
    assert len(kept(rows)) == 1


def test_a_cut_file_gives_what_is_before_the_cut(tmp_path: Path) -> None:
    # without compression, so that the cut is within the last line
    data = b"".join(json.dumps(page(str(n) * 50)).encode() + b"\n" for n in range(9))
    path = tmp_path / FILE
    path.write_bytes(gzip.compress(data, 0)[:-30])
    rows = outcome_rows(SLICE, path)
    assert rejected(rows) == {"quarantine truncated-gzip": 1}
    assert [row["text"][0] for row in kept(rows)] == list("01234567")


def test_names_do_not_depend_on_the_place_or_the_splits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    records = [page(str(n)) for n in range(20)]
    first = outcome_rows(SLICE, dump(tmp_path / "one" / "a.json", *records))
    monkeypatch.setattr(lines.plan, "__defaults__", (100,))
    second = outcome_rows(SLICE, dump(tmp_path / "two" / "a.json", *records))
    assert sorted(row["id"] for row in first) == sorted(row["id"] for row in second)
    assert len({row["id"] for row in first}) == 20


@pytest.mark.parametrize(
    ("name", "language"),
    [
        (FILE, "en"),
        ("c4-validation.00000-of-00008.json.gz", "en"),
        ("c4-de.tfrecord-00000-of-02048.json.gz", "de"),
        ("c4-de-validation.tfrecord-00000-of-00016.json.gz", "de"),
        ("c4-bg-Latn.tfrecord-00000-of-00004.json.gz", "bg-Latn"),
        ("c4-iw.tfrecord-00000-of-00004.json.gz", "he"),
        ("c4-und.tfrecord-00000-of-00004.json.gz", None),
    ],
)
def test_languages_of_files(name: str, language: str | None) -> None:
    assert language_of(name) == language


def test_whose_word_counts_for_the_language(tmp_path: Path) -> None:
    path = dump(
        tmp_path / "c4-de.tfrecord-00000-of-02048.json",
        page(),
        {"text": "x", "meta": {"language": "fr"}},
    )
    languages = [dict(row["metadata"])["language"] for row in outcome_rows(SLICE, path)]
    assert languages == ["de", "fr"]
    languages = [
        dict(row["metadata"])["language"] for row in outcome_rows(SLICE, path, language="nl")
    ]
    assert languages == ["nl", "nl"]


def test_variants() -> None:
    assert variant_of(f"s3://bucket/c4/en.noclean/{FILE}") == "en.noclean"
    assert SLICE.snapshot(f"/c4/realnewslike/{FILE}") == "realnewslike"
    assert variant_of(f"/home/{FILE}") is None
    assert variant_of(FILE) is None


def test_records_are_exported_in_redpajamas_form(
    conformance: Callable[..., list[dict[str, Any]]],
) -> None:
    for case in conformance("c4.process_record"):
        text, url, timestamp, language = fields(case["input"])
        row = {
            "id": "c4/1",
            "slice": "c4",
            "text": text,
            "url": url,
            "date": timestamp,
            "language": language or DEFAULT_LANGUAGE,
            "license": None,
            "metadata": None,
        }
        exported = redpajama_v1.record(row, redpajama_v1.c4)
        assert exported["meta"].pop("document_id") == "c4/1"
        assert {key: exported[key] for key in ("text", "meta")} == case["expected"]
        assert fields(case["expected"]) == (text, url, timestamp, DEFAULT_LANGUAGE)


def test_domains_are_those_of_urlparse() -> None:
    assert domain("https://User@A.example:80?x") == "User@A.example:80"
    assert domain("https://a.example") == "a.example"
    assert domain("https://exa\tmple.org/") == "example.org"
    assert domain("https://[::1]:80/") == "[::1]:80"
    assert domain("https://münchen.de/") == "münchen.de"
    assert domain("https://[bad/") is None


def test_real_rows(shared_data: Path) -> None:
    path = shared_data / "jsonl" / "redpajama-c4-refined.jsonl"
    rows = outcome_rows(SLICE, path)
    texts = [json.loads(line)["text"] for line in path.read_text(encoding="utf-8").splitlines()]
    assert [row["text"] for row in rows] == texts
    assert len({row["id"] for row in rows}) == len(texts)


def test_the_sample_is_what_it_says(tmp_path: Path) -> None:
    planted = sample.write(tmp_path, 0)
    rows = outcome_rows(
        SLICE, *(path for pattern in sample.INPUTS for path in tmp_path.glob(pattern))
    )
    expected = Counter(record["outcome"] for record in planted)
    assert len(kept(rows)) == expected.pop("kept") == 60
    assert rejected(rows) == {"counted empty": 1, "quarantine broken-json": 1}
    assert sum(expected.values()) == 2
    urls = {record["record"] for record in planted if record["outcome"] == "kept"}
    assert {row["url"] for row in kept(rows)} == urls
