"""Sample of arXiv: a tar of its bucket, a single e-print, and TeX files in a paper's folder."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from jobs.sample.archive import gzip_member
from jobs.sample.draw import Draw
from jobs.sample.pages import Writer

INPUTS = ("*.tar", "*.gz", "*/*.tex")
_TAR = "arXiv_src_9901_001.tar"
_TIME = 915_148_800  # 1999-01-01
_ACCENTS = {"à": "\\`a", "è": "\\`e", "é": "\\'e", "ü": '\\"u', "ñ": "\\~n"}

_FORMULA = (
    "Write $\\x_{{{n}}} \\in \\R$ for the yield of year {n}. Then\n\\be\n"
    "\\mean{{\\x}} = \\frac{{1}}{{{n}}} \\sum_{{i=1}}^{{{n}}} \\x_i , % by definition\n\\ee\n"
    "so that $\\norm{{\\x}} \\le \\const$ in {percent}\\% of the cases."
)
_MACROS = r"""\newcommand{\R}{\mathbb{R}}
\newcommand{\x}{\mathbf{x}}
\def\be{\begin{equation}}
\def\ee{\end{equation}}
\newcommand{\mean}[1]{\langle #1 \rangle}
\newcommand{\norm}[2][2]{\left\| #2 \right\|_{#1}}
\DeclareMathOperator{\const}{const}
"""


class _Paper:
    """Writes the parts of a paper's files."""

    def __init__(self, seed: int, number: int, language: str = "en") -> None:
        self._draw = Draw(seed, "arxiv", number)
        self._writer = Writer(language, self._draw)
        self.title = self._writer.line("chronicle_title")

    def section(self) -> str:
        """Return a section: prose around a formula, and a comment."""
        write = self._writer
        formula = _FORMULA.format(n=self._draw.number(3, 90), percent=self._draw.number(10, 99))
        paragraphs = [write.block(chronicle=4, event=2).lines[0] for _ in range(3)]
        heading = write.line("chronicle_title")
        return "\n\n".join(
            [f"\\section{{{heading}}}", paragraphs[0], "% TODO: ask", formula, *paragraphs[1:]]
        )

    def document(self, body: str, *, preamble: str = _MACROS) -> str:
        """Return a main file around a body."""
        abstract = self._writer.block(news=2).lines[0]
        return (
            f"\\documentclass[12pt]{{article}}\n{preamble}\\title{{{self.title}}}\n"
            f"\\author{{{self._writer.line('person')}}}\n\\begin{{document}}\n\\maketitle\n"
            f"\\begin{{abstract}}\n{abstract}\n\\end{{abstract}}\n\n{body}\n"
            "\\begin{thebibliography}{9}\n\\bibitem{a} A book that was made up.\n"
            "\\end{thebibliography}\n\\end{document}\n"
        )

    def whole(self) -> str:
        """Return a paper of one file."""
        return self.document("\n\n".join(self.section() for _ in range(3)))


def write(folder: Path, seed: int) -> list[dict[str, Any]]:
    """Write the files; return the outcome of each e-print."""
    members: list[tuple[str, bytes]] = []
    planted: list[dict[str, Any]] = []

    def add(name: str, content: bytes, outcome: str = "kept", **more: Any) -> None:
        members.append((f"9901/{name}", content))
        record = name.rpartition(".")[0].replace("hep-th", "hep-th/").replace("math", "math/")
        planted.append({"record": record, "outcome": outcome, **more})

    for number in range(1, 6):
        whole = _Paper(seed, number).whole()
        add(f"hep-th990100{number}.gz", gzip_member(whole.encode()))
    add("hep-th9901006.gz", gzip_member(_tar(_parts(seed, 6))))
    add(
        "hep-th9901007.gz",
        gzip_member(_tar([*_parts(seed, 7), ("../../evil.tex", b"\\section{No}")])),
    )
    french = _Paper(seed, 8, "fr").document(
        "\n\n".join(_Paper(seed, paper, "fr").section() for paper in (8, 80)),
        preamble=f"\\usepackage[latin1]{{inputenc}}\n{_MACROS}",
    )
    add("math9901008.gz", gzip_member(french.encode("cp1252", "ignore")), language="fr")
    german = "".join(_ACCENTS.get(letter, letter) for letter in _Paper(seed, 9, "de").whole())
    add("math9901009.gz", gzip_member(german.encode()), language="de")
    letter = _Paper(seed, 10)
    prose = letter.section().partition("\n\n")[2]
    add("math9901010.gz", gzip_member(letter.document(prose).encode()))
    add("math9901011.pdf", b"%PDF-1.4\n%%EOF\n", "pdf")
    add("math9901012.gz", gzip_member(b"%!PS-Adobe-2.0\nshowpage\n"), "postscript")
    add("math9901013.gz", gzip_member(b"%auto-ignore\nWithdrawn: a sign was wrong.\n"), "withdrawn")
    add("math9901014.gz", gzip_member(_Paper(seed, 14).whole().encode())[:-900], "truncated-gzip")
    add("math9901015.gz", gzip_member(b"\\documentclass{article}\n"), "no-section")
    (folder / _TAR).write_bytes(_tar(members))

    (folder / "9902.00016.gz").write_bytes(gzip_member(_tar(_parts(seed, 16))))
    paper = folder / "9902.00017"
    paper.mkdir()
    for name, content in _parts(seed, 17):
        if name.endswith(".tex"):
            (paper / name).write_bytes(content)
    single = [{"record": paper_id, "outcome": "kept"} for paper_id in ("9902.00016", "9902.00017")]
    return [*planted, *single]


def _parts(seed: int, number: int) -> list[tuple[str, bytes]]:
    """Return the files of a paper with one file per section, an old draft and a figure."""
    paper = _Paper(seed, number)
    body = "\\input{first}\n\n\\input{second.tex}\n\n\\input{missing}"
    files = {
        "main.tex": paper.document(body, preamble="\\input{macros}\n"),
        "macros.tex": _MACROS,
        "first.tex": paper.section(),
        "second.tex": paper.section(),
        "draft.tex": paper.section(),
        "figure.eps": "%!PS-Adobe-2.0 EPSF-1.2\n",
    }
    return [(name, content.encode()) for name, content in files.items()]


def _tar(files: Sequence[tuple[str, bytes]]) -> bytes:
    """Return a tar whose bytes depend on the files alone."""
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name, content in files:
            info = tarfile.TarInfo(name)
            info.size, info.mtime = len(content), _TIME
            archive.addfile(info, io.BytesIO(content))
    return target.getvalue()
