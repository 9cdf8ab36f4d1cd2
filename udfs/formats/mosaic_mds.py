"""MosaicML Streaming's shards (MDS, version 2) and their `index.json`.

A shard holds, little-endian, the number of samples (4 bytes), the start of each sample and the end of the
last (4 bytes each, from the start of the file), the settings as JSON, and the samples. A sample holds the
size of each of its columns (4 bytes each; columns by name), then the columns. Text is UTF-8; an array of one
axis begins with a byte for the number of axes and the width of the length, and the length.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

SIZE_LIMIT = 1 << 26  # of a shard, as Streaming's own writer
_WIDTHS = ("<u1", "<u2", "<u4", "<u8")


def settings(columns: Mapping[str, str], *, compressed: bool) -> dict[str, Any]:
    """Return the settings that a shard and its entry in the index record.

    Parameters
    ----------
    columns
        Encoding of each column, by its name: `str`, `ndarray:uint16`, ...
    """
    names = sorted(columns)
    return {
        "column_encodings": [columns[name] for name in names],
        "column_names": names,
        "column_sizes": [None] * len(names),
        "compression": "zstd" if compressed else None,
        "format": "mds",
        "hashes": ["sha256"],
        "size_limit": SIZE_LIMIT,
        "version": 2,
    }


def array(values: NDArray[Any]) -> bytes:
    """Return an array of one axis, not empty, of the type that its column names."""
    width = next(i for i, dtype in enumerate(_WIDTHS) if values.size <= np.iinfo(dtype).max)
    length = np.array([values.size], _WIDTHS[width]).tobytes()
    return (
        bytes([1 << 2 | width]) + length + values.astype(values.dtype.newbyteorder("<")).tobytes()
    )


def sample(columns: Mapping[str, bytes]) -> bytes:
    """Return a sample as stored, given the bytes of its columns."""
    content = [columns[name] for name in sorted(columns)]
    return np.array([len(column) for column in content], "<u4").tobytes() + b"".join(content)


def shard(samples: Sequence[bytes], config: Mapping[str, Any]) -> bytes:
    """Return a shard of samples, with its settings.

    Raises
    ------
    OverflowError
        It would have 4 GiB or more, beyond the format's 32-bit positions.
    """
    stored = json.dumps(dict(config), sort_keys=True).encode()
    start = 4 + 4 * (len(samples) + 1) + len(stored)
    places = start + np.cumsum([0, *map(len, samples)], dtype=np.int64)
    if places[-1] >= 1 << 32:
        raise OverflowError(f"a shard of {places[-1]:,} bytes: MDS holds less than 4 GiB")
    head = np.array([len(samples), *places], "<u4").tobytes()
    return b"".join([head, stored, *samples])


def index(entries: Sequence[Mapping[str, Any]]) -> bytes:
    """Return the `index.json` that lists shards in the order in which they are read."""
    return json.dumps({"version": 2, "shards": list(entries)}, sort_keys=True).encode()


def entry(
    config: Mapping[str, Any],
    path: str,
    samples: int,
    raw: tuple[int, str],
    stored: tuple[int, str],
) -> dict[str, Any]:
    """Return a shard's entry in the index.

    Parameters
    ----------
    path
        Path of the stored file, `.mds` or `.mds.zstd`, below the folder of the index.
    raw, stored
        Bytes and SHA-256 of the shard and of the stored file; equal unless it is compressed.
    """
    plain = path.removesuffix(".zstd")
    zipped = _file(path, stored) if plain != path else None
    return {**config, "raw_data": _file(plain, raw), "samples": samples, "zip_data": zipped}


def _file(path: str, content: tuple[int, str]) -> dict[str, Any]:
    return {"basename": path, "bytes": content[0], "hashes": {"sha256": content[1]}}
