"""From the TeX files of a paper to its text: LaTeX source without what is not the paper."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from udfs.extract.latex_comments import Parked, without_comments
from udfs.extract.latex_expand import Expander
from udfs.extract.latex_front import abstract, title
from udfs.extract.latex_inputs import BEGIN, END, roots
from udfs.extract.latex_source import auto_ignored, declared_encoding, decoded

_HEADER = re.compile(
    r"\\(?:chapter|part|(?:sub){0,2}section|(?:sub)?paragraph)(?![A-Za-z@])\*?\s{0,9}"
    r"(?:\[[^\]]{0,500}\]\s{0,9})?\{"
)
_BACK = re.compile(
    r"\\(?:appendix(?![A-Za-z@])|printbibliography(?![A-Za-z@])|bibliography\s{0,9}\{"
    r"|begin\s{0,9}\{(?:references|REFERENCES|thebibliography|appendix|appendices)\})"
)
_STYLE = re.compile(r"\\bibliographystyle\s{0,9}\{[^{}]{0,200}\}[ \t]{0,9}\n?")
_FRONT_END = re.compile(r"\\maketitle(?![A-Za-z@])|\\end\s{0,9}\{abstract\}")
_BLANK_LINES = re.compile(r"\n(?:[ \t]*\n){2,}")


class TexFile(NamedTuple):
    """A TeX file of a paper; the name is its path in the paper, with slashes."""

    name: str
    content: bytes


class Paper(NamedTuple):
    """What a paper says.

    Attributes
    ----------
    text
        LaTeX source from the first section header to the references or the appendix; empty where
        there is nothing of the kind.
    title, abstract
        In one line, without commands; None where there is none.
    encoding
        What the main file was decoded from.
    files
        The names of the files that the text is made of.
    left_out
        The names of the others.
    missing
        How many files are included that are not there.
    has_header
        Whether there is a section header; if not, the text is what follows the title and abstract.
    expanded
        False where its macros grew beyond all measure: the text has them as they were.
    """

    text: str
    title: str | None
    abstract: str | None
    encoding: str
    files: tuple[str, ...]
    left_out: tuple[str, ...]
    missing: int
    has_header: bool
    expanded: bool


def extract(files: Sequence[TexFile]) -> Paper:
    r"""Return the text of a paper, given its TeX files in the order that they came in.

    This is what RedPajama-V1 does (arxiv_cleaner.py), with its faults mended and more of TeX
    understood: comments go, the files become one by their `\input`, macros are expanded, all before
    the first section header goes, and all from the references or the appendix on.

    Never raises for what the files hold; the time is linear in their size.
    """
    used = [each for each in files if not auto_ignored(each.content)]
    declared = declared_encoding([each.content for each in used])
    parked = Parked()
    texts: dict[str, str] = {}
    encodings: dict[str, str] = {}
    for each in used:
        text, encodings[each.name] = decoded(each.content, declared)
        texts[each.name] = without_comments(text, parked)
    flats, _ = roots(texts)
    expander = Expander(flat.text for flat in flats)
    wholes = expander.expanded()
    parts = [_part(whole) for whole in wholes]
    has_header = any(_HEADER.search(part) for part in parts)
    bodies = [_body(part, has_header) for part in parts]
    text = "\n".join(body for body in bodies if body)
    names = dict.fromkeys(name for flat in flats for name in flat.files)
    return Paper(
        text=_BLANK_LINES.sub("\n\n", parked.restored(text)),
        title=next(filter(None, map(title, wholes)), None),
        abstract=next(filter(None, map(abstract, wholes)), None),
        encoding=encodings[next(iter(names))] if names else "utf-8",
        files=tuple(names),
        left_out=tuple(each.name for each in files if each.name not in names),
        missing=sum(flat.missing for flat in flats),
        has_header=has_header,
        expanded=expander.expanding,
    )


def _part(text: str) -> str:
    r"""Return what is between `\begin{document}` and `\end{document}`, as far as they are there."""
    begin = BEGIN.search(text)
    end = END.search(text, begin.end() if begin else 0)
    return text[begin.start() if begin else 0 : end.start() if end else len(text)]


def _body(part: str, has_header: bool) -> str:
    """Return the body of a part: nothing, where others have headers and it has none."""
    header = _HEADER.search(part)
    if header:
        start = header.start()
    else:
        begin = BEGIN.match(part)
        if has_header or not begin:
            return ""
        front = [found.end() for found in _FRONT_END.finditer(part)]
        start = max([begin.end(), *front])
    back = _BACK.search(part, start)
    body = _STYLE.sub("", part[start : back.start() if back else len(part)])
    return body if header else body.lstrip()
