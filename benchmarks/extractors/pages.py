"""Read the pages of a benchmark, with what is known of their content."""

from __future__ import annotations

import gzip
import json
import re
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_SUFFIXES = {".html", ".htm", ".xhtml"}
# of the root element, which is where a page says its language
_LANGUAGE = re.compile(
    rb"""<html\b[^>]*?\s(?:xml:)?lang\s*=\s*["']?\s*([A-Za-z]{2,3})\b""", re.IGNORECASE
)
_LANGUAGE_BYTES = 8192
# the folder that translations of a manual are under: `/de/`, `/pt-BR/`
_LANGUAGE_FOLDER = re.compile(r"/([a-z]{2})(?:[-_][A-Za-z]{2,4})?/")
# languages with many pages; folders are also called `io`, which is Ido
_LANGUAGES = re.compile(
    "a[fr]|az|b[egns]|c[as]|d[ae]|e[lnstu]|f[air]|gl|h[eiruy]|i[dst]|ja|k[ako]|l[tv]|m[klrs]|n[beln]|no|"
    "p[lt]|r[ou]|s[iklqrv]|t[aehr]|u[krz]|vi|zh"
)


@dataclass(frozen=True)
class Page:
    """A page and what is known of its content.

    Attributes
    ----------
    html
        The page's bytes.
    body
        The text that a person marked as the content; None if nobody did.
    wanted, unwanted
        Strings that must be, and must not be, in the text.
    language
        ISO 639 code; empty if the page does not say.
    """

    name: str
    html: bytes = field(repr=False)
    body: str | None = None
    wanted: tuple[str, ...] = ()
    unwanted: tuple[str, ...] = ()
    language: str = ""


def read_folder(folder: Path) -> list[Page]:
    """Return the pages of a folder, in the order of their names.

    A folder has `articles.json` and `articles.tar` (the body of each page), `chunks.json` and
    `chunks.tar` (wanted and unwanted strings), or pages in files of their own, with the body in a file
    of the same name that ends in `.txt` where it is known. All three kinds are read.
    """
    return [*_articles(folder), *_chunks(folder), *_files(folder)]


def _articles(folder: Path) -> Iterator[Page]:
    if (folder / "articles.json").exists():
        bodies = json.loads((folder / "articles.json").read_text(encoding="utf-8"))
        for name, html in _members(folder / "articles.tar"):
            body = _entry(bodies, name.removesuffix(".html"))
            yield Page(name, html, body=body, language=language(html))


def _chunks(folder: Path) -> Iterator[Page]:
    if (folder / "chunks.json").exists():
        strings = json.loads((folder / "chunks.json").read_text(encoding="utf-8"))
        for name, html in _members(folder / "chunks.tar"):
            entry = _entry(strings, name)
            wanted, unwanted = (tuple(_entry(entry, key)) for key in ("with", "without"))
            yield Page(name, html, None, wanted, unwanted, language(html))


def _entry(entries: dict[str, Any], key: str) -> Any:
    if key not in entries:
        raise ValueError(f"{key} is not among the annotations")
    return entries[key]


def _members(path: Path) -> Iterator[tuple[str, bytes]]:
    try:
        with tarfile.open(path) as archive:
            for member in archive:
                file = archive.extractfile(member)
                if file is not None:
                    yield member.name.removesuffix(".gz"), gzip.decompress(file.read())
    except tarfile.TarError as error:
        raise ValueError(f"{path}: {error}") from error


def _files(folder: Path) -> Iterator[Page]:
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() in _SUFFIXES:
            html = path.read_bytes()
            truth = path.with_suffix(".txt")
            body = _text(truth) if truth.exists() else None
            yield Page(str(path.relative_to(folder)), html, body=body, language=language(html))


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise ValueError(f"{path}: {error}") from error


def read_archives(archives: list[Path], per_language: int) -> list[Page]:
    """Return pages of WARC files whose language is known, the first `per_language` of each."""
    from fastwarc.warc import ArchiveIterator, WarcRecordType

    pages: dict[str, list[Page]] = {}
    for archive in archives:
        with archive.open("rb") as file:
            for record in ArchiveIterator(file, record_types=WarcRecordType.response):
                url = record.headers.get("WARC-Target-URI") or ""
                html = record.reader.read()
                code = language(html, url)
                if code and len(pages.setdefault(code, [])) < per_language:
                    pages[code].append(Page(url, html, language=code))
    return [page for code in sorted(pages) for page in pages[code]]


def language(html: bytes, url: str = "") -> str:
    """Return the language of a page: of its root element, else the one its address names."""
    if match := _LANGUAGE.search(html, 0, _LANGUAGE_BYTES):
        return match[1].decode().lower()
    return next((code for code in _LANGUAGE_FOLDER.findall(url) if _LANGUAGES.fullmatch(code)), "")
