r"""Extract the text of a paper from its TeX files, as LaTeX source.

The rules are those of RedPajama-V1's arxiv_cleaner.py: comments are removed, files are joined by their
`\input`, macros are expanded, and what precedes the first section header, references and appendices are
removed. V1's faults are corrected and more of TeX is understood; the tests list the differences.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from udfs.extract.latex_body import body, document, has_header
from udfs.extract.latex_comments import ProtectedText, without_comments
from udfs.extract.latex_conditionals import without_false_branches
from udfs.extract.latex_expand import Expander
from udfs.extract.latex_front import abstract, title
from udfs.extract.latex_inputs import JoinedFile, includes_files, join_inputs, root_files
from udfs.extract.latex_layout import without_layout
from udfs.extract.latex_readme import file_uses, is_readme
from udfs.extract.latex_source import declared_encoding, decode_tex, is_auto_ignored
from udfs.extract.latex_styles import MAX_STYLE, is_style, is_template, style_macros, used_styles
from udfs.extract.latex_verbatim import verbatim_of

_BLANK_LINES = re.compile(r"\n(?:[ \t]*\n){2,}")
_MAX_ROUNDS = 4  # of files that are included by macros in values of macros


class TexFile(NamedTuple):
    """A TeX file of a paper; the name is its path within the paper, with slashes."""

    name: str
    content: bytes


class Paper(NamedTuple):
    """The text and metadata of a paper.

    Attributes
    ----------
    text
        The LaTeX source from the first section header on, without references, appendices and commands
        of layout; empty if a paper has no such part.
    title, abstract
        In one line and without commands; None if missing.
    encoding
        The encoding of the main file.
    files
        The names of the files that contribute to the text.
    unused_files
        The names of the other TeX files.
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


def extract(files: Sequence[TexFile], *, behind_references: bool = True) -> Paper:
    r"""Return the text of a paper, given its TeX files in their order in the archive.

    No content of the files raises an error. The time is linear in their size.

    Parameters
    ----------
    files
        Also the paper's own style files, for their macros, and arXiv's 00README, which may name the main
        file.
    behind_references
        Whether sections after the references stay, unless they are an appendix; RedPajama-V1 ends a
        paper at its references.
    """
    sources = [file for file in files if not is_style(file.name) and not is_readme(file.name)]
    uses = file_uses(decode_tex(file.content)[0] for file in files if is_readme(file.name))
    used = [
        file
        for file in sources
        if not is_auto_ignored(file.content) and file.name not in uses.ignored
    ]
    paper = _Source(used, [file for file in files if is_style(file.name)])
    roots, expanded, within_budget = paper.expanded(uses.top)
    documents = [document(text) for text in expanded]
    header = any(map(has_header, documents))
    bodies = [body(text, header, behind_references) for text in documents]
    text = without_layout("\n".join(part for part in bodies if part))
    names = dict.fromkeys(name for root in roots for name in root.files)
    return Paper(
        text=_BLANK_LINES.sub("\n\n", paper.protected.restore(text)),
        title=next(filter(None, map(title, expanded)), None),
        abstract=next(filter(None, map(abstract, expanded)), None),
        encoding=paper.encodings[next(iter(names))] if names else "utf-8",
        files=tuple(names),
        unused_files=tuple(file.name for file in sources if file.name not in names),
        missing=sum(root.missing for root in roots),
        has_header=header,
        expanded=within_budget,
    )


class _Source:
    """The decoded files of a paper, without comments and false branches.

    Attributes
    ----------
    protected
        The verbatim texts in place of which the files have placeholders.
    encodings
        The encoding of each file, by its name.
    """

    def __init__(self, sources: Sequence[TexFile], styles: Sequence[TexFile]) -> None:
        declared = declared_encoding([file.content for file in sources])
        self.protected = ProtectedText()
        self.encodings: dict[str, str] = {}
        texts: dict[str, str] = {}
        for file in sources:
            texts[file.name], self.encodings[file.name] = decode_tex(file.content, declared)
        decoded = {
            file.name: decode_tex(file.content, declared)[0]
            for file in styles
            if len(file.content) <= MAX_STYLE and not is_template(file.content)
        }
        own = {name: decoded[name] for name in used_styles(decoded, texts.values())}
        verbatim = verbatim_of([*own.values(), *texts.values()])
        self._styles = [without_comments(text, self.protected, verbatim) for text in own.values()]
        texts = {
            name: without_comments(text, self.protected, verbatim) for name, text in texts.items()
        }
        self._texts = without_false_branches(texts, self._styles)

    def expanded(self, top: Sequence[str]) -> tuple[list[JoinedFile], list[str], bool]:
        """Return the paper's files, their text with macros expanded, and whether all were."""
        roots = root_files(self._texts, top)
        expander = Expander((root.text for root in roots), style_macros(self._styles))
        expanded = expander.expand()
        used = {name for root in roots for name in root.files}
        for _ in range(_MAX_ROUNDS):
            more = [
                includes_files(text, self._texts, root.files[0])
                for root, text in zip(roots, expanded, strict=True)
            ]
            if not any(more):
                break
            for index, root in enumerate(roots):
                joined = join_inputs(root.files[0], self._texts, used, expanded[index])
                files = (*root.files, *joined.files[1:])
                roots[index] = JoinedFile(joined.text, files, joined.missing)
            expander = Expander((root.text for root in roots), expander.macros())
            expanded = expander.expand()
        return roots, expanded, expander.within_budget
