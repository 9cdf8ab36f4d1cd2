"""MDS beyond what exports write: lengths of every width, and what a shard cannot hold."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from udfs.formats import mosaic_mds


@pytest.mark.parametrize(
    ("length", "head"),
    [(1, b"\x04\x01"), (255, b"\x04\xff"), (256, b"\x05\x00\x01"), (65_536, b"\x06\0\0\x01\0")],
)
def test_an_array_begins_with_its_length(length: int, head: bytes) -> None:
    values = np.arange(length).astype("uint16")
    assert mosaic_mds.array(values) == head + values.tobytes()


def test_columns_go_by_name() -> None:
    assert mosaic_mds.sample({"b": b"xyz", "a": b""}) == b"\0\0\0\0\x03\0\0\0xyz"
    said = mosaic_mds.settings({"b": "str", "a": "int"}, compressed=False)
    assert (said["column_names"], said["column_encodings"]) == (["a", "b"], ["int", "str"])


class Large(bytes):
    """What says that it is 3 GiB."""

    def __len__(self) -> int:
        return 3 << 30


def test_a_shard_of_4_gib_is_refused() -> None:
    samples: Sequence[Any] = [Large(), Large()]
    with pytest.raises(OverflowError, match="MDS holds less than 4 GiB"):
        mosaic_mds.shard(samples, mosaic_mds.settings({"text": "str"}, compressed=False))
