"""Decoders of EUC-JP, Shift_JIS, EUC-KR, Big5 and gb18030 (WHATWG Encoding, 10 to 13).

Python's codecs in C do the work. They differ from browsers in few characters, and in the bytes that an
invalid sequence takes along: browsers drop a pair as a whole unless its second byte is ASCII, the
codecs go on one byte later, so that the text after it is misread.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

from udfs.extract.encodings import differences
from udfs.extract.encodings.differences import Entries

_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


@dataclass(frozen=True)
class _Rules:
    """The differences of an encoding from Python's codec.

    Attributes
    ----------
    entries
        Returns the byte sequences, and their text, that the codec lacks or decodes to something else.
    leads
        Bytes that begin a sequence of two or more.
    length
        Returns how many bytes an invalid sequence has, by the lead bytes and its first four bytes.
    """

    entries: Callable[[], Entries]
    leads: frozenset[int]
    length: Callable[[frozenset[int], bytes], int]


@dataclass(frozen=True)
class _Codec:
    """Python's codec, with the names of error handlers that supply what it lacks.

    Attributes
    ----------
    errors, errors_but_the_end
        Handlers; the second one drops a character that the end cuts off.
    characters, characters_pattern
        What the characters become that the codec has where browsers have others.
    shared, shared_pattern
        Entries for which the codec has characters that are right for other sequences.
    """

    name: str
    errors: str
    errors_but_the_end: str
    characters: dict[str, str]
    characters_pattern: re.Pattern[str]
    shared: Entries
    shared_pattern: re.Pattern[bytes]


def decode(payload: bytes, encoding: str, *, final: bool = True) -> str:
    """Return the text of bytes in one of `ENCODINGS`; invalid sequences become U+FFFD.

    So does a character that the end cuts off; without `final`, it is dropped.
    """
    codec = _codec(encoding)
    errors = codec.errors if final else codec.errors_but_the_end
    if any(code in payload for code in codec.shared):
        text = "".join(_pieces(payload, codec, errors))
    else:
        text = payload.decode(codec.name, errors)
    return codec.characters_pattern.sub(lambda match: codec.characters[match[0]], text)


def _pieces(payload: bytes, codec: _Codec, errors: str) -> Iterator[str]:
    """Yield the text in pieces, of which the shared entries are some."""
    decoder = codecs.getincrementaldecoder(codec.name)(codec.errors)
    begin = 0
    for match in codec.shared_pattern.finditer(payload):
        yield decoder.decode(payload[begin : match.start() + 1])
        begin = match.start() + 1
        if decoder.getstate()[0] == match[0][:1]:  # a character begins here
            decoder.reset()
            yield codec.shared[match[0]]
            begin = match.end()
    rest = decoder.getstate()[0] + payload[begin:]
    yield rest.decode(codec.name, errors)


@cache
def _codec(encoding: str) -> _Codec:
    rules = ENCODINGS[encoding]
    lacking, shared, characters = {}, {}, dict(differences.OF_INVALID_BYTES.get(encoding, {}))
    for code, text in rules.entries().items():
        decoded = differences.decoded(code, encoding)
        if decoded is None:
            lacking[code] = text
        elif decoded != text and code in differences.SHARED:
            shared[code] = text
        elif decoded != text:
            characters[decoded] = text
    errors, errors_but_the_end = f"whatwg-{encoding}", f"whatwg-{encoding}-cut"
    codecs.register_error(errors, _Errors(rules, lacking, drop_end=False))
    codecs.register_error(errors_but_the_end, _Errors(rules, lacking, drop_end=True))
    return _Codec(
        encoding,
        errors,
        errors_but_the_end,
        characters,
        re.compile("|".join(map(re.escape, characters)) or "(?!)"),
        shared,
        re.compile(b"|".join(map(re.escape, shared)) or b"(?!)"),
    )


class _Errors:
    """An error handler of a codec: characters that it lacks, and U+FFFD for invalid sequences."""

    def __init__(self, rules: _Rules, lacking: Entries, *, drop_end: bool) -> None:
        self._rules = rules
        self._lacking = lacking
        self._drop_end = drop_end
        never = {bytes((byte,)) for byte in range(0x80, 0x100) if byte not in rules.leads}
        never -= lacking.keys()
        self._never = re.compile(b"[" + b"".join(map(re.escape, sorted(never))) + b"]+")

    def __call__(self, error: UnicodeError) -> tuple[str, int]:
        if not isinstance(error, UnicodeDecodeError):
            raise error
        payload, start = error.object, error.start
        sequence = payload[start : start + 4]
        for code in (sequence[:2], sequence[:1]):
            text = self._lacking.get(code)
            if text is not None:
                return text, start + len(code)
        invalid = self._never.match(payload, start)
        if invalid:  # at once, since a file that is no text may have many
            return _REPLACEMENT * (invalid.end() - start), invalid.end()
        end = start + self._rules.length(self._rules.leads, sequence)
        cut = self._drop_end and end == len(payload) and error.reason.startswith("incomplete")
        return "" if cut else _REPLACEMENT, end


def _pair(leads: frozenset[int], sequence: bytes) -> int:
    # an ASCII byte is read again on its own
    return 2 if sequence[0] in leads and not sequence[1:2].isascii() else 1


def _euc_jp(leads: frozenset[int], sequence: bytes) -> int:
    length = _pair(leads, sequence)
    if sequence[0] == 0x8F and length == 2 and 0xA1 <= sequence[1] <= 0xFE:
        return 2 if sequence[2:3].isascii() else 3
    return length


def _gb18030(leads: frozenset[int], sequence: bytes) -> int:
    if not (sequence[0] in leads and b"0" <= sequence[1:2] <= b"9"):
        return _pair(leads, sequence)
    # four bytes without a character go as a whole, and so does the beginning of four at the end
    fits = not sequence[2:3] or (sequence[2] in leads and b"0" <= (sequence[3:] or b"0") <= b"9")
    return len(sequence) if fits else 1


_81_TO_FE = frozenset(range(0x81, 0xFF))
ENCODINGS = {
    "euc_jp": _Rules(differences.euc_jp, frozenset((0x8E, 0x8F, *range(0xA1, 0xFF))), _euc_jp),
    "cp932": _Rules(dict, frozenset((*range(0x81, 0xA0), *range(0xE0, 0xFD))), _pair),
    "cp949": _Rules(dict, _81_TO_FE, _pair),
    "big5hkscs": _Rules(differences.big5, _81_TO_FE, _pair),
    "gb18030": _Rules(differences.gb18030, _81_TO_FE, _gb18030),
}
