"""Line feeds of many texts at once equal `bytes.count` of each text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from udfs import line_feeds as module
from udfs.line_feeds import line_feeds

# texts of several 64-bit words, with the byte values next to a line feed's
TEXTS = st.lists(st.text(st.sampled_from("\n\n\t\x0bé"), max_size=200).map(str.encode), max_size=9)


@given(texts=TEXTS)
def test_counts_equal_bytes_count(texts: list[bytes]) -> None:
    counts = line_feeds(b"".join(texts), [*map(len, texts)])
    assert counts.tolist() == [text.count(b"\n") for text in texts]


@pytest.mark.parametrize("step", [64, 128, 1 << 18])
def test_texts_longer_than_a_step(step: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_STEP", step)
    texts = [b"\n" * n + b"x" * (n % 7) for n in range(150)]
    counts = line_feeds(bytearray().join(texts), [*map(len, texts)])
    assert counts.tolist() == [*range(150)]
