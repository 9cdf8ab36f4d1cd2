"""Contents of an e-print: its TeX files, and the number of its other files."""

from __future__ import annotations

import posixpath
import re
from typing import NamedTuple

from jobs.sources.faults import TOO_LARGE, Fault
from jobs.sources.tar_stream import BLOCK, Bytes, Entry, entries, is_tar
from udfs.extract.latex_readme import is_readme
from udfs.extract.latex_source import is_auto_ignored
from udfs.extract.latex_styles import MAX_STYLE, is_style

TEX, WITHDRAWN, PDF, OTHER = "tex", "withdrawn", "pdf", "other"
TEX_SUFFIXES = (".tex", ".ltx", ".latex")
# files that TeX writes or reads and that hold no paper
_STYLE_SUFFIX = re.compile(r"\.(?:sty|cls|clo|def|cfg|fd|bst|bbl|bib|log|aux|out|toc|dtx|ins|bak)")
_PAPER = re.compile(rb"\\document(?:class|style)(?![A-Za-z])|\\begin\s?\{document\}")
_HEAD = 4096
_BY_HEAD = (
    (b"%PDF", PDF),
    (b"%!", "postscript"),
    (b"\x04%!", "postscript"),
    (b"\xf7\x02", "dvi"),
    (b"<!doctype html", "html"),
    (b"<html", "html"),
    (b"PK\x03\x04", OTHER),
)
_BY_SUFFIX = {".pdf": PDF, ".ps": "postscript", ".html": "html", ".htm": "html", ".dvi": "dvi"}
_MAX_STYLES = 1 << 20  # bytes of style files and 00README together
# figures and data are skipped, up to this multiple of the limit for TeX files
_SIZE_FACTOR = 64


class Contents(NamedTuple):
    """The content columns of `schemas.sources.eprints`; `newest` is the latest time of a TeX file.

    `tex` ends with small style files and 00README, which are among the `others` too.
    """

    kind: str
    tex: list[tuple[str, bytes]]
    others: int = 0
    refused: int = 0
    newest: float = 0.0


def contents(stream: Bytes, name: str, max_bytes: int) -> Contents:
    """Return the contents of an e-print: a tar, or a single file with the given name.

    Raises
    ------
    Fault
        `record-too-large`: the TeX files exceed `max_bytes`, or the whole e-print exceeds 64 times
        that; or a fault of the stream.
    """
    if is_tar(stream.peek(BLOCK)):
        return _of_tar(stream, max_bytes)
    return of_file(stream, name, max_bytes)


def of_file(stream: Bytes, name: str, max_bytes: int) -> Contents:
    """Return the contents of an e-print that is a single file, as `contents` does."""
    if is_support(name):
        content = stream.exactly(MAX_STYLE + 1)
        return Contents(
            OTHER, [(name, content)] if len(content) <= min(MAX_STYLE, max_bytes) else [], 1
        )
    kind = kind_of(stream.peek(_HEAD))
    if kind != TEX:
        return Contents(kind, [], int(kind != WITHDRAWN))
    content = stream.exactly(max_bytes + 1)
    if len(content) > max_bytes:
        raise Fault(TOO_LARGE, f"the TeX files have more than {max_bytes} bytes")
    return Contents(TEX, [(name, content)])


def kind_of(head: bytes) -> str:
    """Return the kind of a file, recognised by its first bytes."""
    bare = head.lstrip().lower()
    for magic, kind in _BY_HEAD:
        if head.startswith(magic) or bare.startswith(magic):
            return kind
    if b"\0" in head:
        return OTHER
    return WITHDRAWN if is_auto_ignored(head) else TEX


def is_support(name: str) -> bool:
    """Return whether a file's name is that of a style file, or of arXiv's 00README."""
    return is_style(name) or is_readme(posixpath.basename(name))


def is_junk(name: str) -> bool:
    """Return whether an entry is metadata that macOS adds to archives."""
    *folders, last = name.split("/")
    return last.startswith("._") or last == ".DS_Store" or "__MACOSX" in folders


def _of_tar(stream: Bytes, max_bytes: int) -> Contents:
    tex: list[tuple[str, bytes]] = []
    support: list[tuple[str, bytes]] = []
    kinds: list[str] = []
    support_size = 0
    refused, size, newest = 0, 0, 0.0
    for entry in entries(stream):
        if entry.is_folder or is_junk(entry.name):
            continue
        if not entry.is_file or not entry.is_safe:
            refused += 1
            continue
        if stream.position + entry.size > _SIZE_FACTOR * max_bytes:
            message = f"the e-print has more than {_SIZE_FACTOR * max_bytes} bytes"
            raise Fault(TOO_LARGE, message)
        if is_support(entry.name):
            kinds.append(OTHER)
            support_size += min(entry.size, MAX_STYLE)
            if entry.size <= MAX_STYLE and support_size <= _MAX_STYLES:
                support.append((posixpath.normpath(entry.name), _rest(entry)))
            continue
        suffix = posixpath.splitext(entry.name)[1].lower()
        head = _tex_head(entry, suffix)
        if head is None:
            kinds.append(_BY_SUFFIX.get(suffix, OTHER))
            continue
        size += entry.size
        if size > max_bytes:
            raise Fault(TOO_LARGE, f"the TeX files have more than {max_bytes} bytes")
        tex.append((posixpath.normpath(entry.name), head + _rest(entry)))
        newest = max(newest, entry.mtime)
    if tex:
        kind = WITHDRAWN if all(is_auto_ignored(content) for _, content in tex) else TEX
    else:
        kind = next((kind for kind in kinds if kind != OTHER), OTHER)
    return Contents(kind, [*tex, *support] if tex else [], len(kinds), refused, newest)


def _rest(entry: Entry) -> bytes:
    parts = []
    while part := entry.read(1 << 20):
        parts.append(part)
    return b"".join(parts)


def _tex_head(entry: Entry, suffix: str) -> bytes | None:
    """Return the first bytes read of a TeX file, recognised by name or content; else None."""
    if suffix in TEX_SUFFIXES:
        return b""
    if _STYLE_SUFFIX.fullmatch(suffix):
        return None
    head = entry.read(_HEAD)
    return head if _PAPER.search(head) and b"\0" not in head else None
