"""E-prints to papers: each has one outcome, and a name that arXiv gave it."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import pytest
from slices import kept, outcome_rows, rejected

from jobs.sample.dumps import arxiv as dump
from jobs.slices import arxiv
from jobs.slices.arxiv import SLICE
from udfs.extract.latex import extract

PAPER = r"""\documentclass{article}
\newcommand{\R}[1]{\mathbb{R}^{#1}}
\title{A {\em short} paper}
\begin{document}
\begin{abstract} We say $\R{2}$. \end{abstract}
\section{One} In $\R{2}$. % note
\appendix
\end{document}
"""


def run(*paths: Path, **settings: Any) -> list[dict[str, Any]]:
    """Return the outcome rows of some dumps."""
    return outcome_rows(SLICE, *paths, **settings)


def test_a_paper_becomes_a_document(tmp_path: Path) -> None:
    path = tmp_path / "hep-th9901001.gz"
    path.write_bytes(gzip.compress(PAPER.encode(), mtime=0))
    [row] = run(path)
    assert row["text"] == "\\section{One} In $\\mathbb{R}^{2}$.\n"
    assert (row["id"], row["url"]) == (
        "arxiv/hep-th/9901001",
        "https://arxiv.org/abs/hep-th/9901001",
    )
    assert row["source_domain"] == "arxiv.org"
    assert (row["title"], row["date"], row["license"]) == ("A short paper", "1999-01", None)
    assert row["source"] == {"uri": str(path), "offset": 0}
    assert dict(row["metadata"]) == {
        "arxiv_id": "hep-th/9901001",
        "yymm": "9901",
        "encoding": "utf-8",
        "tex_files": "1",
        "abstract": "We say $\\mathbb{R}^{2}$.",
    }


def test_what_has_no_name_at_arxiv_has_no_address(tmp_path: Path) -> None:
    (tmp_path / "notes.tex").write_text("\\section{S} x")
    (tmp_path / "figure.png").write_bytes(b"")
    [row] = run(tmp_path)
    assert (row["id"], row["url"], row["date"]) == ("arxiv/notes", None, None)
    assert row["source_domain"] is None


def test_papers_without_sections_are_kept_unless_asked(tmp_path: Path) -> None:
    path = tmp_path / "1001.0001.tex"
    path.write_text("\\documentclass{a}\\begin{document}A letter.\\end{document}")
    assert [row["text"] for row in kept(run(path))] == ["A letter."]
    assert rejected(run(path, require_section=True)) == {"counted no-section": 1}


def test_a_papers_folder_with_its_style_and_readme(tmp_path: Path) -> None:
    folder = tmp_path / "1001.0001"
    folder.mkdir()
    (folder / "own.sty").write_text("\\newcommand{\\eg}{e.g.}")
    main = "\\documentclass{a}\\usepackage{own}\\begin{document}\\section{%s} \\eg x\\end{document}"
    (folder / "main.tex").write_text(main % "New, and longer")
    (folder / "old.tex").write_text(main % "Old")
    (folder / "00README.XXX").write_text("old.tex toplevelfile")
    (tmp_path / "own.sty").write_text("\\def\\a{b}")  # of no paper
    [row] = run(tmp_path)
    assert row["text"] == "\\section{Old} e.g. x"
    metadata = dict(row["metadata"])
    assert (metadata["tex_files"], metadata["tex_files_left_out"]) == ("1", "1")


def test_the_end_of_a_paper_by_option(tmp_path: Path) -> None:
    text = "\\section{S}a\\bibliography{x}\\section{Methods}b"
    (tmp_path / "1001.0001.tex").write_text(text)
    assert [row["text"] for row in run(tmp_path)] == ["\\section{S}a\n\n\\section{Methods}b"]
    assert [row["text"] for row in run(tmp_path, behind_references="drop")] == ["\\section{S}a"]


def test_a_fault_of_the_extractor_costs_one_paper(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("1001.0001.tex", "1001.0002.tex"):
        (tmp_path / name).write_text(f"\\section{{S}} {name}")

    def fails(files: Any, **settings: Any) -> Any:
        if files[0].name.startswith("1001.0001"):
            raise RecursionError("too deep")
        return extract(files, **settings)

    monkeypatch.setattr(arxiv, "extract", fails)
    rows = run(tmp_path)
    assert [row["id"] for row in kept(rows)] == ["arxiv/1001.0002"]
    assert rejected(rows) == {"quarantine extraction-failed": 1}


def test_the_sample(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    planted = dump.write(tmp_path / "a", 0)
    assert dump.write(tmp_path / "b", 0) == planted
    files = sorted(path.relative_to(tmp_path / "a") for path in (tmp_path / "a").rglob("*.*"))
    for file in files:
        if (tmp_path / "a" / file).is_file():
            assert (tmp_path / "a" / file).read_bytes() == (tmp_path / "b" / file).read_bytes()
    inputs = [path for pattern in dump.INPUTS for path in (tmp_path / "a").glob(pattern)]
    rows = run(*inputs)
    expected = {record["record"] for record in planted if record["outcome"] == "kept"}
    assert {row["id"].removeprefix("arxiv/") for row in kept(rows)} == expected
    others = sorted(record["outcome"] for record in planted if record["outcome"] != "kept")
    assert sorted(name.split()[1] for name in rejected(rows)) == others
    for row in kept(rows):
        metadata = dict(row["metadata"])
        assert len(row["text"]) > 1000
        assert "\\langle \\mathbf{x} \\rangle" in row["text"]
        assert row["title"]
        for removed in ("TODO", "\\bibitem", "\\newcommand", "\\x}", "\\section{No}"):
            assert removed not in row["text"]
        assert metadata["encoding"] == ("cp1252" if row["id"] == "arxiv/math/9901008" else "utf-8")
        if row["id"] == "arxiv/hep-th/9901007":
            assert metadata["refused_entries"] == "1"


def test_real_papers(shared_data: Path) -> None:
    rows = run(shared_data / "arxiv")
    assert [row["id"] for row in rows] == ["arxiv/1707.08043", "arxiv/1911.02782"]
    s2orc = rows[1]
    assert s2orc["title"] == "S2ORC: The Semantic Scholar Open Research Corpus"
    assert s2orc["date"] == "2020-07-06T21:36:28Z"
    assert s2orc["text"].startswith("\\section{Introduction}\n\nAcademic papers are")
    for removed in ("\\gorc", "\\xspace", "\\bibliography", "\\newcommand"):
        assert removed not in s2orc["text"]
    assert dict(s2orc["metadata"])["other_files"] == "8"
