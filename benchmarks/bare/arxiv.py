"""arXiv with gzip, tarfile and re as RedPajama-V1 uses them: one pass per macro without arguments."""

from __future__ import annotations

import gzip
import re
import tarfile
from collections.abc import Sequence
from pathlib import Path

_HEADER = re.compile(
    r"\\(?:chapter|part|section|subsection|subsubsection|paragraph|subparagraph)\*?"
    r"(?:\[.*?\])?\{.*?\}",
    re.DOTALL,
)
_COMMENT_LINE = re.compile(r"(?m)^%.*\n?")
_COMMENT = re.compile(r"(?m)(?<=[^\\])%.+$")
_BACK = re.compile(
    r"\\appendix|\\begin\{(?:references|REFERENCES|thebibliography)\}|\\bibliography\{.*?\}"
)
_COMMAND = re.compile(r"(?m)\\newcommand\*?\{(\\[A-Za-z0-9]+?)\}\{(.*?)\}$")
_DEF = re.compile(r"(?m)\\def\s*(\\[A-Za-z0-9]+?)\s*\{(.*?)\}$")


def bare(paths: Sequence[Path]) -> int:
    """Return the number of characters of the cleaned papers."""
    return sum(len(_clean(_files(path))) for path in paths)


def _files(path: Path) -> list[str]:
    if path.suffix == ".tex":
        return [path.read_bytes().decode("utf-8", "replace")]
    try:
        with tarfile.open(path) as tar:
            return [
                content.read().decode("utf-8", "replace")
                for member in tar
                if member.name.endswith(".tex") and (content := tar.extractfile(member))
            ]
    except tarfile.ReadError:
        return [gzip.decompress(path.read_bytes()).decode("utf-8", "replace")]


def _clean(files: Sequence[str]) -> str:
    macros: dict[str, str] = {}
    for pattern in (_COMMAND, _DEF):
        for text in files:
            macros.update(pattern.findall(text))
    compiled = [
        (re.compile(re.escape(name) + r"(?=[^A-Za-z0-9])"), value) for name, value in macros.items()
    ]
    return "\n".join(_cleaned(text, compiled) for text in files)


def _cleaned(text: str, macros: Sequence[tuple[re.Pattern[str], str]]) -> str:
    header = _HEADER.search(text)
    if not header:
        return ""
    text = _COMMENT.sub("", _COMMENT_LINE.sub("", text[header.start() :]))
    back = _BACK.search(text)
    text = text[: back.start()] if back else text
    for pattern, value in macros:
        text = pattern.sub(value.replace("\\", r"\\"), text)
    return text
