"""Join words that a hyphen divides at the end of a line, in UTF-8."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from udfs.quality_signals.arrays import Ints

_BEFORE = 9  # blanks between the hyphen and the end of the line
_BEHIND = 99  # and at the beginning of the next one

_IS_BLANK = np.zeros(256, np.bool_)
_IS_BLANK[[ord(" "), ord("\t"), ord("\f")]] = True
_IS_WORD = np.zeros(256, np.bool_)
_IS_WORD[[byte for byte in range(128) if chr(byte).isalnum() or byte == ord("_")]] = True
_IS_WORD[128:] = True

Bytes = npt.NDArray[np.uint8]


def joined(data: bytes) -> bytes:
    """Delete each hyphen between two word characters with the line end behind it, and blanks around that.

    A hyphen is U+002D, U+2010 or U+00AD. A line ends with LF, VT, FF, CR or CR LF. A character that is not
    ASCII is taken for one of a word.

    >>> joined(b"an exam- " + bytes([10]) + b"  ple")
    b'an example'
    """
    flat = np.frombuffer(data, np.uint8)
    ends = np.flatnonzero(flat - ord("\n") <= ord("\r") - ord("\n"))  # bytes wrap around
    ends = ends[(ends > 1) & (ends < len(flat) - 1)]
    ends = ends[
        (flat[ends] != ord("\r")) | (flat[np.minimum(ends + 1, len(flat) - 1)] != ord("\n"))
    ]
    last = ends - 1  # what the line ends with
    last = last - (flat[last] == ord("\r"))
    last = _skipped(flat, last, -1, _BEFORE)
    size = _hyphen_sizes(flat, last)
    divided = (size > 0) & (last >= size)
    starts, ends = (last - size + 1)[divided], ends[divided]
    behind = _skipped(flat, ends + 1, 1, _BEHIND)
    inside = _IS_WORD[flat[starts - 1]] & _IS_WORD[flat[behind]]
    if not inside.any():
        return data
    parts, done = [], 0
    for start, stop in zip(starts[inside].tolist(), behind[inside].tolist(), strict=True):
        parts.append(data[done:start])
        done = stop
    return b"".join([*parts, data[done:]])


def _skipped(flat: Bytes, places: Ints, step: int, most: int) -> Ints:
    """Return the places after at most so many blanks, never beyond the first or last byte."""
    places = places.copy()
    moving = np.arange(len(places))
    for _ in range(most):
        moving = moving[_IS_BLANK[flat[places[moving]]]]
        moving = moving[places[moving] != (len(flat) - 1 if step > 0 else 0)]
        if not len(moving):
            break
        places[moving] += step
    return places


def _hyphen_sizes(flat: Bytes, last: Ints) -> Ints:
    """Return the bytes of the hyphen that ends at each place; 0 where none does."""
    one, two = flat[np.maximum(last - 1, 0)], flat[np.maximum(last - 2, 0)]
    final = flat[last]
    soft = (final == 0xAD) & (one == 0xC2)
    true = (final == 0x90) & (one == 0x80) & (two == 0xE2)
    return np.where(final == ord("-"), 1, np.where(soft, 2, np.where(true, 3, 0)))
