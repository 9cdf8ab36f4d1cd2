"""Random choices by a keyed hash."""

from __future__ import annotations

from udfs.keyed_hash import is_held_out, keyed_hash


def test_the_hash_does_not_change() -> None:
    # what was drawn and held out for a model must be the same in the next version
    assert keyed_hash(0, "draw", "text") == 4309571637736848677
    assert keyed_hash(0, "draw", "half \ud800 pair")


def test_seed_and_purpose_make_other_numbers() -> None:
    values = {keyed_hash(seed, use, "text") for seed in (0, 1) for use in ("draw", "held out")}
    assert len(values) == 4
    assert all(-(2**63) <= value < 2**63 for value in values)


def test_the_share_that_is_held_out() -> None:
    texts = [f"text {i}" for i in range(5000)]
    for share in (0.1, 0.5, 0.9):
        count = sum(is_held_out(3, text, share) for text in texts)
        assert abs(count / len(texts) - share) < 0.02
    assert not any(is_held_out(3, text, 0.0) for text in texts)
    assert all(is_held_out(3, text, 1.0) for text in texts)
