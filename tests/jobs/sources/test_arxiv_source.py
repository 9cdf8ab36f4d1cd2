"""arXiv e-prints: every one is read once from any packing, and no path leads out of a tar."""

from __future__ import annotations

import gzip
import io
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slices import whole_file

from jobs.sources.arxiv import ArxivReader, plan, register
from jobs.sources.arxiv_ids import formatted, iso_month, month, paper_id
from jobs.sources.eprint_rows import Eprint, read_eprints
from jobs.sources.tar_stream import Bytes, entries
from jobs.storage import ObjectInfo

PAPER = b"\\documentclass{article}\\begin{document}\\section{S} text\\end{document}"
MTIME = 1_300_000_000
STAMP = "2011-03-13T07:06:40Z"


def tar(
    *files: tuple[str, bytes], kind: bytes = tarfile.REGTYPE, format_: int = tarfile.GNU_FORMAT
) -> bytes:
    """Return a tar with the given members."""
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w", format=format_) as archive:
        for name, content in files:
            info = tarfile.TarInfo(name)
            info.mtime, info.type = MTIME, kind
            info.size = len(content) if kind == tarfile.REGTYPE else 0
            info.linkname = "/etc/passwd"
            archive.addfile(info, io.BytesIO(content))
    return target.getvalue()


def rows(folder: Path, name: str, content: bytes, **options: Any) -> list[Eprint]:
    """Return the rows of one object."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return list(read_eprints(whole_file(path), **options))


def gzipped(content: bytes) -> bytes:
    """Return content in gzip, without a modification time."""
    return gzip.compress(content, mtime=0)


def test_a_tar_of_the_bucket(tmp_path: Path) -> None:
    paper = tar(
        ("./ms.tex", PAPER), ("fig.eps", b"%!PS"), ("a.sty", b"\\documentclass"), ("._ms.tex", b"")
    )
    eprints = rows(
        tmp_path,
        "arXiv_src_1001_001.tar",
        tar(
            ("1001/1001.0001.gz", gzipped(PAPER)),
            ("1001/1001.0002.pdf", b"%PDF-1.4"),
            ("1001/1001.0003.gz", gzipped(paper)),
            ("1001/hep-th1001004.gz", gzipped(b"%!PS-Adobe")),
            ("1001/1001.0005.gz", gzipped(b"%auto-ignore\nwithdrawn")),
            ("1001/1001.0006.gz", gzipped(b"<html>")),
        ),
    )
    assert [(row.arxiv_id, row.kind, row.yymm, row.others) for row in eprints] == [
        ("1001.0001", "tex", "1001", 0),
        ("1001.0002", "pdf", "1001", 1),
        ("1001.0003", "tex", "1001", 2),
        ("hep-th/1001004", "postscript", "1001", 1),
        ("1001.0005", "withdrawn", "1001", 0),
        ("1001.0006", "html", "1001", 1),
    ]
    assert eprints[0].tex == [("1001.0001.tex", PAPER)]
    assert eprints[2].tex == [("ms.tex", PAPER), ("a.sty", b"\\documentclass")]
    assert {row.timestamp for row in eprints} == {STAMP}
    assert [row.offset for row in eprints] == sorted({row.offset for row in eprints})


@pytest.mark.parametrize("suffix", [".gz", ".tar.gz", ".tar", ""])
def test_a_single_e_print(tmp_path: Path, suffix: str) -> None:
    content = tar(("main.tex", PAPER), ("sub/b.TEX", b"b"))
    content = gzipped(content) if "gz" in suffix else content
    [row] = rows(tmp_path, f"1911.02782{suffix}", content)
    assert (row.arxiv_id, row.offset, row.timestamp) == ("1911.02782", 0, STAMP)
    assert row.tex == [("main.tex", PAPER), ("sub/b.TEX", b"b")]


def test_a_single_file_has_the_time_of_its_gzip_header(tmp_path: Path) -> None:
    [row] = rows(tmp_path, "9901001.gz", gzip.compress(PAPER, mtime=MTIME))
    assert (row.arxiv_id, row.timestamp) == ("9901001", STAMP)


def test_tex_files_of_a_papers_folder_are_one_e_print(tmp_path: Path) -> None:
    for name in ("1707.08043/main.tex", "1707.08043/b.tex", "loose/a.tex", "loose/b.tex"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(PAPER)
    objects = [ObjectInfo(str(path), path.stat().st_size, "") for path in tmp_path.rglob("*.tex")]
    [split] = plan(objects)
    eprints = [row for byte_range in split.ranges for row in read_eprints(byte_range)]
    assert [row.arxiv_id for row in eprints] == ["1707.08043", "a", "b"]
    assert [name for name, _ in eprints[0].tex or []] == ["b.tex", "main.tex"]


def test_style_files_follow_within_a_limit(tmp_path: Path) -> None:
    own = ("own.sty", b"\\def\\a{b}")
    large = ("large.sty", b"%" * 70_000)
    [row] = rows(tmp_path, "1911.02782.gz", gzipped(tar(own, large, ("main.tex", PAPER))))
    assert (row.tex, row.others) == ([("main.tex", PAPER), own], 2)
    many = [(f"{number:03}.sty", b"%" * 60_000) for number in range(100)]
    [row] = rows(tmp_path, "1911.02782.gz", gzipped(tar(("main.tex", PAPER), *many)))
    assert (len(row.tex or []), row.others) == (1 + 17, 100)
    [row] = rows(tmp_path, "1911.02782.gz", gzipped(tar(own, ("paper.pdf", b"%PDF"))))
    assert (row.tex, row.kind) == ([], "pdf")


@pytest.mark.parametrize("name", ["../x.tex", "/etc/x.tex", "a/../../x.tex", "C:\\x.tex"])
def test_paths_that_lead_out_of_an_e_print_are_refused(tmp_path: Path, name: str) -> None:
    [row] = rows(tmp_path, "1001.0001.tar", tar(("a.tex", PAPER), (name, b"secret")))
    assert (row.refused, [tex_name for tex_name, _ in row.tex or []]) == (1, ["a.tex"])


@pytest.mark.parametrize(
    "kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE]
)
def test_links_and_devices_are_refused(tmp_path: Path, kind: bytes) -> None:
    link = tar(("b.tex", b""), kind=kind)[:512]
    [row] = rows(tmp_path, "1001.0001.tar", link + tar(("a.tex", PAPER)))
    assert (row.refused, row.tex) == (1, [("a.tex", PAPER)])
    outer = tar(("1001/1001.0001.gz", gzipped(PAPER)))[:1024] + tar(
        ("1001/1001.0002.gz", b""), kind=kind
    )
    assert [row.error for row in rows(tmp_path, "x.tar", outer)] == [None, "refused-entry"]


def test_a_broken_e_print_is_one_row_and_the_next_is_read(tmp_path: Path) -> None:
    good = gzipped(PAPER)
    wrong = good[:-8] + bytes(8)
    eprints = rows(
        tmp_path,
        "a.tar",
        tar(("1/1001.0001.gz", good[:-20]), ("1/1001.0002.gz", wrong), ("1/1001.0003.gz", good)),
    )
    assert [(row.arxiv_id, row.error) for row in eprints] == [
        ("1001.0001", "truncated-gzip"),
        ("1001.0002", "corrupt-gzip"),
        ("1001.0003", None),
    ]


def test_a_broken_single_e_print_is_one_row(tmp_path: Path) -> None:
    whole = gzipped(tar(("a.tex", PAPER), ("b.eps", bytes(3000))))
    [row] = rows(tmp_path, "1001.0001.gz", whole[:-8] + bytes(8))
    assert (row.tex, row.error) == (None, "corrupt-gzip")


def test_batches_are_bounded_by_the_content_of_the_e_prints(tmp_path: Path) -> None:
    names = [f"1/1001.000{number}.gz" for number in range(6)]
    (tmp_path / "a.tar").write_bytes(tar(*((name, gzipped(PAPER * 40)) for name in names)))
    reader = ArxivReader({"path": str(tmp_path / "a.tar"), "batch_bytes": "6000"})
    [split] = reader.partitions()
    assert [batch.num_rows for batch in reader.read(split)] == [2, 2, 2]


@pytest.mark.parametrize("cut", [512 + 40, 2 * 512 + 100, 2 * 512, 3 * 512, 4 * 512])
def test_a_cut_tar_gives_the_papers_before_the_cut(tmp_path: Path, cut: int) -> None:
    whole = tar(("1/1001.0001.gz", gzipped(PAPER)), ("1/1001.0002.gz", gzipped(PAPER)))
    *eprints, last = rows(tmp_path, "a.tar", whole[:cut])
    assert [row.arxiv_id for row in eprints] == ["1001.0001", "1001.0002"][: cut // 1024]
    assert last.error == "truncated-tar"


def test_bombs_are_too_large(tmp_path: Path) -> None:
    zeros = gzipped(bytes(5 << 20))
    large = gzipped(b"%" + b"x" * 5000)
    many = gzipped(tar(*((f"{number}.tex", b"x" * 600) for number in range(4))))
    figure = gzipped(tar(("a.tex", PAPER), ("a.png", bytes(200_000))))
    bombs = enumerate((zeros, large, many, figure))
    members = tar(*((f"1/1001.000{number}.gz", bomb) for number, bomb in bombs))
    eprints = rows(tmp_path, "a.tar", members, max_bytes=2000)
    assert [(row.kind, row.error) for row in eprints] == [
        ("other", None),
        (None, "record-too-large"),
        (None, "record-too-large"),
        (None, "record-too-large"),
    ]


@pytest.mark.parametrize("format_", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_long_and_foreign_names(format_: int) -> None:
    names = ["d" * 90 + "/" + "f" * 90 + ".tex"]
    if format_ != tarfile.USTAR_FORMAT:
        names += ["d" * 300 + "/é.tex", "é.tex"]
    data = tar(*((name, name.encode()) for name in names), format_=format_)
    members = [(entry.name, entry.read()) for entry in entries(Bytes(iter([data])))]
    assert members == [(name, name.encode()) for name in names]


@given(st.binary(max_size=2000), st.integers(0, 1500), st.integers(0, 255))
def test_no_content_raises(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, position: int, value: int
) -> None:
    damaged = bytearray(tar(("1/1001.0001.gz", gzipped(PAPER))))
    damaged[position] = value
    folder = tmp_path_factory.mktemp("arxiv")
    for content in (data, bytes(damaged), gzipped(bytes(damaged))):
        assert rows(folder, "a.tar", content)


@pytest.mark.parametrize("name", ["absent", "empty"])
def test_an_unreadable_object_is_an_error(tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").write_bytes(b"")
    [row] = read_eprints(whole_file(tmp_path / name))
    assert row.error == {"absent": "storage-error", "empty": "empty-object"}[name]


def test_ids(conformance: Callable[..., list[dict[str, Any]]]) -> None:
    for case in conformance("arxiv.format_arxiv_id"):
        if isinstance(case["expected"], dict):
            with pytest.raises(ValueError, match="no arXiv id"):
                formatted(case["input"])
        else:
            assert formatted(case["input"]) == case["expected"]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("src/1911.02782v3.gz", "1911.02782"),
        ("9901/hep-th9901001.gz", "hep-th/9901001"),
        ("papers/math.GT/0309136v2.tar.gz", "math.GT/0309136"),
        ("s3://b/arxiv/1707.08043/sec/main.tex", "1707.08043"),
        ("paper.tex", "paper"),
        ("2020.1/notes.tex", "notes"),
    ],
)
def test_the_paper_that_a_path_names(path: str, expected: str) -> None:
    assert paper_id(path) == expected


def test_months() -> None:
    assert [month(name) for name in ("1911.02782", "hep-th/9901001", "notes")] == [
        "1911",
        "9901",
        None,
    ]
    assert (iso_month("9901"), iso_month("1911")) == ("1999-01", "2019-11")


def test_through_spark(spark: Any, tmp_path: Path) -> None:
    register(spark)
    rows(
        tmp_path, "a.tar", tar(("1/1001.0001.gz", gzipped(PAPER)), ("1/1001.0002.gz", b"\x1f\x8b"))
    )
    frame = spark.read.format("arxiv").load(str(tmp_path))
    good, bad = frame.orderBy("offset").collect()
    assert bytes(good.tex[0].content) == PAPER
    assert (bad.arxiv_id, bad.error) == ("1001.0002", "truncated-gzip")
    assert ArxivReader({"path": "x"}).rows_schema == frame.schema
