"""Header of a MediaWiki export: its encoding, wiki, language and namespaces."""

from __future__ import annotations

import codecs
import html
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from jobs.sources.faults import STORAGE, Fault

NOT_MEDIAWIKI = "not-mediawiki"
UNKNOWN_ENCODING = "unknown-encoding"
_MOST = 1 << 20  # maximum size of a header in bytes
_FILE, _CATEGORY = 6, 14  # numbers of namespaces

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it starts with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    ("<?".encode("utf-32-le"), "utf-32-le"),
    ("<?".encode("utf-32-be"), "utf-32-be"),
    ("<?".encode("utf-16-le"), "utf-16-le"),
    ("<?".encode("utf-16-be"), "utf-16-be"),
)
_EBCDIC = "<?xm".encode("cp037")
_DECLARED = re.compile(r"\s*<\?xml\s[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._:-]{1,40})[\"']")
_ROOT = re.compile(r"<mediawiki(?:\s[^>]*)?>")
_LANGUAGE = re.compile(r"\sxml:lang\s*=\s*[\"']([^\"'<]*)[\"']")
_FIELD = re.compile(r"<(dbname|base)>([^<]*)</")
_NAMESPACE = re.compile(r"<namespace\s[^>]{0,200}?key=[\"'](-?\d{1,9})[\"'][^>]{0,200}>([^<]*)</")
_PAGE = re.compile(r"<page[\s>]")


@dataclass(frozen=True)
class Header:
    """The metadata of an export that precede its first page.

    Attributes
    ----------
    encoding
        Python's name of the encoding.
    namespaces
        Names of the namespaces by number, in the wiki's language.
    """

    encoding: str
    wiki: str | None = None
    language: str | None = None
    base: str | None = None
    namespaces: dict[int, str] = field(default_factory=dict)

    @property
    def not_text(self) -> tuple[str, ...]:
        """Names of the namespaces of files and categories in the wiki's language."""
        names = (self.namespaces.get(_FILE), self.namespaces.get(_CATEGORY))
        return tuple(name for name in names if name)

    @property
    def ascii_compatible(self) -> bool:
        """Return whether markup has the same bytes as in ASCII, so that any byte range can be read."""
        try:
            return "</page>".encode(self.encoding) == b"</page>"
        except UnicodeError:
            return False


def read_header(chunks: Iterable[bytes]) -> Header:
    """Return the header of an export, reading no more chunks than needed.

    Raises
    ------
    Fault
        `not-mediawiki`, `unknown-encoding`, or a fault of the chunks.
    """
    data = b""
    encoding = ""
    broken: Fault | None = None
    try:
        for chunk in chunks:
            data += chunk
            if len(data) >= 1024:
                encoding = encoding or _encoding(data)
                if _PAGE.search(data.decode(encoding, "replace")) or len(data) >= _MOST:
                    break
    except Fault as fault:
        # the header of a small damaged dump may precede the damage
        if not data or fault.error in (STORAGE, UNKNOWN_ENCODING):
            raise
        broken = fault
    encoding = encoding or _encoding(data)
    text = data[:_MOST].decode(encoding, "replace")
    root = _ROOT.search(text)
    if not root:
        raise broken or Fault(NOT_MEDIAWIKI, "no element <mediawiki> is at its start")
    page = _PAGE.search(text, root.end())
    site = text[root.end() : page.start() if page else len(text)]
    language = _LANGUAGE.search(root[0])
    fields = {name: html.unescape(value).strip() for name, value in _FIELD.findall(site)}
    return Header(
        encoding=encoding,
        wiki=fields.get("dbname"),
        language=language and html.unescape(language[1]),
        base=fields.get("base"),
        namespaces={
            int(key): html.unescape(name).strip() for key, name in _NAMESPACE.findall(site)
        },
    )


def _encoding(data: bytes) -> str:
    for mark, name in _MARKS:
        if data.startswith(mark):
            return name
    start = data[:1024].decode("cp037" if data.startswith(_EBCDIC) else "latin-1")
    declared = _DECLARED.match(start)
    name = declared[1] if declared else "utf-8"
    try:
        encoding = codecs.lookup(name).name
        "<page>".encode(encoding)
    except (LookupError, UnicodeError):
        raise Fault(UNKNOWN_ENCODING, f"it is in {name}, which Python does not know") from None
    # a declaration readable as ASCII cannot be in the UTF-16 or UTF-32 that it names
    return "utf-8" if declared and encoding.startswith(("utf-16", "utf-32")) else encoding
