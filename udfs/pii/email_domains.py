"""Find the end of an e-mail address's domain."""

from __future__ import annotations

import functools
import re
from typing import NamedTuple

from udfs.pii.characters import (
    AT_SIGNS,
    DOTS,
    IDEOGRAPHIC_STOPS,
    INVISIBLE,
    folded,
    is_hangul,
    is_latin,
    is_spaceless,
    marks,
)
from udfs.pii.top_level_domains import AMBIGUOUS, names

_LONGEST, _LONGEST_LABEL = 255, 63  # RFC 5321, section 4.5.3.1; RFC 1035, section 2.3.4
_LONGEST_UNKNOWN = (
    4  # characters of a top-level domain that is in no list, where words have no spaces
)
_BYTE = r"(?:25[0-5]|2[0-4]\d|1?\d?\d)"
# text after an address literal must not continue the domain of its replacement
_LITERAL = re.compile(
    rf"\[(?:(?:{_BYTE}\.){{3}}{_BYTE}|(?i:IPv6):[0-9A-Fa-f:.]{{2,45}})\](?!\.?[^\W_]|-)", re.ASCII
)
_ASCII_RUN = re.compile(rf"[A-Za-z0-9.-]{{1,{_LONGEST + 2}}}")
_VERSION = re.compile(r"v?\d")
_VERSION_GOES_ON = re.compile(r"v?\d|x$")  # 18.x.io
# text without the space or line end before it, as web pages lose them
_GLUED = re.compile(r"(?:com|org|net|edu|gov)(?=[A-Z][a-z])")
_DENSITY = re.compile(r"\d{1,2}x")


class _End(NamedTuple):
    """A place where a domain may end."""

    place: int
    is_known: bool


def domain_end(text: str, start: int) -> int:
    """Return where the domain that begins at `start` ends; 0 if there is none.

    Its last label is a top-level domain. The longest such domain counts, but not the first word of the
    next sentence (`jane@uni.example.It is`), nor what another address begins with.

    >>> domain_end("jane@uni.example-joe@uni.example", 5)
    16
    >>> domain_end("node@18.x", 5)
    0
    """
    if text.startswith("[", start):
        literal = _LITERAL.match(text, start)
        if literal is None or _goes_on(text, literal.end()):
            return 0
        return literal.end()
    run = (_ASCII_RUN if text.isascii() else _unicode_run()).match(text, start)
    if run is None:
        return 0
    ends = _ends(run[0])
    if not ends or ends[-1].place > _LONGEST:
        return 0
    ends = [end for end in ends if end.is_known] or ends
    free = [end for end in ends if not text.startswith(tuple(AT_SIGNS), start + end.place)]
    end = (free or ends)[-1].place
    return 0 if _is_code(run[0][:end], text[start + end : start + end + 1]) else start + end


@functools.cache
def _unicode_run() -> re.Pattern[str]:
    return re.compile(rf"(?:[^\W_]|[{marks()}{INVISIBLE}{DOTS}-]){{1,{_LONGEST + 2}}}")


def _goes_on(text: str, position: int) -> bool:
    """Return whether a letter follows that would join the domain of a replacement."""
    return text[position : position + 1].isalnum()


@functools.lru_cache(maxsize=4096)
def _ends(run: str) -> list[_End]:
    """Return where domains end in a text of labels and dots, in order."""
    ends: list[_End] = []
    position = 0
    for number, label in enumerate(re.split(f"[{DOTS}]", run)):
        if not label or label[0] == "-" or len(label) > _LONGEST_LABEL:
            break
        if number:
            stop = run[position - 1] in IDEOGRAPHIC_STOPS
            if ends and _begins_a_sentence(label, run[: position - 1]):
                break
            known, length = _top_level(label, unknown=not stop, before=run[: position - 1])
            if length:
                ends.append(_End(position + len(label[:length].rstrip(INVISIBLE)), known))
        if label[-1] == "-":
            break
        position += len(label) + 1
    return ends


def _begins_a_sentence(label: str, before: str) -> bool:
    """Return whether a label is capitalised, and those before it are not."""
    return label[0].isupper() and label[1:].islower() and before == before.lower()


def _top_level(label: str, *, unknown: bool, before: str) -> tuple[bool, int]:
    """Return whether a label begins with a known top-level domain, and its length; 0 if it has none.

    It ends with the label, before a hyphen, where the script changes (`info@site.example以上`), or, if it is
    one of the oldest, before a capital (`info@site.comPhone`). Names
    in other scripts that are in no list are allowed, for they change and Latin letters are not likely.
    """
    for length in _lengths(label):
        name = label[:length]
        plain = folded(name)
        if plain in names() and name in (name.lower(), name.upper(), name.capitalize()):
            return True, length
    letters = [character for character in label if character.isalpha()]
    if not unknown or len(letters) < 2 or any(map(is_latin, [*letters, before[-1]])):
        return False, 0
    too_long = any(map(is_spaceless, letters)) and len(label) > _LONGEST_UNKNOWN
    if too_long or any(map(str.isdigit, label)):
        return False, 0
    return False, len(label.rstrip("-"))


def _lengths(label: str) -> list[int]:
    """Return the lengths of the beginnings of a label that may be a name, the longest first."""
    if label.isascii():
        glued = _GLUED.match(label)
        hyphens = (i for i in range(len(label) - 1, 0, -1) if label[i] == "-")
        return [len(label), *hyphens, *([glued.end()] if glued else [])]
    lengths = [len(label)]
    for i in range(len(label) - 1, 0, -1):
        before, after = label[i - 1], label[i]
        changes = before.isascii() and not after.isascii() and after.isalnum()
        unspaced = is_spaceless(before) or is_hangul(before)
        if after == "-" or changes or (unspaced and after.isalnum()):
            lengths.append(i)
    return lengths


def _is_code(domain: str, after: str) -> bool:
    """Return whether a domain is rather a version, the density of an image, or an attribute."""
    *labels, top = folded(domain).split(".")
    is_version = len(labels) > 1 and bool(
        _VERSION.match(labels[0]) and _VERSION_GOES_ON.match(labels[1])
    )
    if top not in AMBIGUOUS:
        return is_version and all(map(_VERSION_GOES_ON.match, labels))
    return is_version or bool(_DENSITY.fullmatch(labels[0])) or after in {"(", "[", "$"}
