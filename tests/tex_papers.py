"""Papers for tests of the LaTeX rules."""

from __future__ import annotations

from typing import Any

from udfs.extract.latex import Paper, TexFile, extract


def paper(
    body: str, preamble: str = "", files: dict[str, str] | None = None, **settings: Any
) -> Paper:
    """Return the paper of main.tex, with a document class, and of other files by name."""
    main = (
        f"\\documentclass{{article}}\n{preamble}\n\\begin{{document}}\n{body}\n\\end{{document}}\n"
    )
    sources = {"main.tex": main, **(files or {})}
    return extract([TexFile(name, text.encode()) for name, text in sources.items()], **settings)


def section(text: str, preamble: str = "", files: dict[str, str] | None = None) -> str:
    """Return the text behind the section header of a paper with one section."""
    extracted = paper(f"\\section{{S}}\n{text}", preamble, files).text
    assert extracted.startswith("\\section{S}\n")
    return extracted.removeprefix("\\section{S}\n").rstrip("\n")
