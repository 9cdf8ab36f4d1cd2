r"""Extract the text of a paper from its TeX files, as LaTeX source.

The rules are those of RedPajama-V1's arxiv_cleaner.py: comments are removed, files are joined by their
`\input`, macros are expanded, and everything before the first section header and from the references on
is removed. V1's faults are corrected and more of TeX is understood; the tests list the differences.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from udfs.extract.latex_comments import ProtectedText, without_comments
from udfs.extract.latex_expand import Expander
from udfs.extract.latex_front import abstract, title
from udfs.extract.latex_inputs import BEGIN, END, root_files
from udfs.extract.latex_source import declared_encoding, decode_tex, is_auto_ignored

_HEADER = re.compile(
    r"\\(?:chapter|part|(?:sub){0,2}section|(?:sub)?paragraph)(?![A-Za-z@])\*?\s{0,9}"
    r"(?:\[[^\]]{0,500}\]\s{0,9})?\{"
)
_BACK_MATTER = re.compile(
    r"\\(?:appendix(?![A-Za-z@])|printbibliography(?![A-Za-z@])|bibliography\s{0,9}\{"
    r"|begin\s{0,9}\{(?:references|REFERENCES|thebibliography|appendix|appendices)\})"
)
_STYLE = re.compile(r"\\bibliographystyle\s{0,9}\{[^{}]{0,200}\}[ \t]{0,9}\n?")
_FRONT_END = re.compile(r"\\maketitle(?![A-Za-z@])|\\end\s{0,9}\{abstract\}")
_BLANK_LINES = re.compile(r"\n(?:[ \t]*\n){2,}")


class TexFile(NamedTuple):
    """A TeX file of a paper; the name is its path within the paper, with slashes."""

    name: str
    content: bytes


class Paper(NamedTuple):
    """The text and metadata of a paper.

    Attributes
    ----------
    text
        The LaTeX source from the first section header to the references or the appendix; empty if a
        paper has no such part.
    title, abstract
        In one line and without commands; None if missing.
    encoding
        The encoding of the main file.
    files
        The names of the files that contribute to the text.
    unused_files
        The names of the other files.
    missing
        The number of included files that do not exist.
    has_header
        Whether the paper has a section header. If not, the text starts after title and abstract.
    expanded
        Whether macros were expanded. They are kept as they are if they would grow without bound.
    """

    text: str
    title: str | None
    abstract: str | None
    encoding: str
    files: tuple[str, ...]
    unused_files: tuple[str, ...]
    missing: int
    has_header: bool
    expanded: bool


def extract(files: Sequence[TexFile]) -> Paper:
    """Return the text of a paper, given its TeX files in their order in the archive.

    No content of the files raises an error. The time is linear in their size.
    """
    used = [file for file in files if not is_auto_ignored(file.content)]
    declared = declared_encoding([file.content for file in used])
    protected = ProtectedText()
    texts: dict[str, str] = {}
    encodings: dict[str, str] = {}
    for file in used:
        text, encodings[file.name] = decode_tex(file.content, declared)
        texts[file.name] = without_comments(text, protected)
    roots, _ = root_files(texts)
    expander = Expander(root.text for root in roots)
    expanded = expander.expand()
    documents = [_document(text) for text in expanded]
    has_header = any(_HEADER.search(document) for document in documents)
    bodies = [_body(document, has_header) for document in documents]
    text = "\n".join(body for body in bodies if body)
    names = dict.fromkeys(name for root in roots for name in root.files)
    return Paper(
        text=_BLANK_LINES.sub("\n\n", protected.restore(text)),
        title=next(filter(None, map(title, expanded)), None),
        abstract=next(filter(None, map(abstract, expanded)), None),
        encoding=encodings[next(iter(names))] if names else "utf-8",
        files=tuple(names),
        unused_files=tuple(file.name for file in files if file.name not in names),
        missing=sum(root.missing for root in roots),
        has_header=has_header,
        expanded=expander.within_budget,
    )


def _document(text: str) -> str:
    r"""Return the text from `\begin{document}` to `\end{document}`; either may be missing."""
    begin = BEGIN.search(text)
    end = END.search(text, begin.end() if begin else 0)
    return text[begin.start() if begin else 0 : end.start() if end else len(text)]


def _body(document: str, has_header: bool) -> str:
    """Return a document without front and back matter.

    It is empty for a document without a section header if another document of the paper has one.
    """
    header = _HEADER.search(document)
    if header:
        start = header.start()
    else:
        begin = BEGIN.match(document)
        if has_header or not begin:
            return ""
        front_ends = [match.end() for match in _FRONT_END.finditer(document)]
        start = max([begin.end(), *front_ends])
    back_matter = _BACK_MATTER.search(document, start)
    body = _STYLE.sub("", document[start : back_matter.start() if back_matter else len(document)])
    return body if header else body.lstrip()
