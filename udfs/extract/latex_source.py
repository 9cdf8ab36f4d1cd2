"""Decode TeX files: the encoding that inputenc declares, or detection."""

from __future__ import annotations

import re
from collections.abc import Sequence

from udfs.extract.encoding import decode

_INPUTENC = re.compile(rb"\\usepackage\s{0,9}\[([A-Za-z0-9_,\s-]{1,40})\]\s{0,9}\{inputenc\}")
# Python's codecs for inputenc's options; latin1 is decoded as its superset windows-1252
_OPTIONS = {
    "latin1": "cp1252",
    "ansinew": "cp1252",
    "latin2": "iso8859-2",
    "latin3": "iso8859-3",
    "latin4": "iso8859-4",
    "latin5": "iso8859-9",
    "latin9": "iso8859-15",
    "latin10": "iso8859-16",
    "applemac": "mac-roman",
    **{name: name for name in ("cp437", "cp850", "cp852", "cp866", "cp1250", "cp1251", "cp1252")},
    "koi8-r": "koi8-r",
    "koi8-ru": "koi8-u",
}
_AUTO_IGNORE = re.compile(rb"%+[ \t]{0,9}auto-?ignore\b", re.IGNORECASE)
_HEAD = 1024  # bytes
# characters without meaning in a text; `latex_comments` uses \x02 and \x03 for placeholders
_CONTROLS = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f]")
_CONTROL_BYTES = bytes(code for code in range(128) if _CONTROLS.match(chr(code)))


def is_auto_ignored(content: bytes) -> bool:
    """Return whether a file starts with `%auto-ignore`, which tells arXiv not to process it."""
    return _AUTO_IGNORE.match(content[:_HEAD].lstrip()) is not None


def declared_encoding(contents: Sequence[bytes]) -> str | None:
    r"""Return the codec of the first `\usepackage[..]{inputenc}` in a paper's files, or None."""
    for content in contents:
        for options in _INPUTENC.findall(content):
            for option in options.decode("ascii").lower().split(","):
                if option.strip() in _OPTIONS:
                    return _OPTIONS[option.strip()]
    return None


def decode_tex(content: bytes, declared: str | None = None) -> tuple[str, str]:
    r"""Return a file's text, with `\n` for all line ends, and the name of its encoding.

    The encoding is UTF-8 if the bytes are valid, else the declared one, else the one that is detected.
    Never raises.
    """
    try:
        text, encoding = content.decode("utf-8").removeprefix("\ufeff"), "utf-8"
    except UnicodeDecodeError:
        if declared:
            text, encoding = content.decode(declared, "replace"), declared
        else:
            text, encoding = decode(content)
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    # a look at the bytes takes a tenth of the time
    if encoding != "utf-8" or len(content.translate(None, _CONTROL_BYTES)) < len(content):
        text = _CONTROLS.sub("", text)
    return text, encoding
