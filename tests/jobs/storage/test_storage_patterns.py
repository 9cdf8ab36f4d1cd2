"""Globs over object names."""

from __future__ import annotations

import glob
import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobs.storage.patterns import fixed_prefix, glob_regex, is_glob

PARTS = st.text("ab.[]^!-\\", min_size=1, max_size=3).filter(lambda part: part not in (".", ".."))
GLOB_PARTS = st.one_of(
    st.just("**"),
    st.text("ab.*?", min_size=1, max_size=3).filter(
        lambda part: "**" not in part and part not in (".", "..")
    ),
    st.sampled_from(["[ab]", "[!a]*", "a[]]", "[[]", "[a-b]?", "[^]", "[!]a]", "[\\]", "a[", "[]"]),
)


@pytest.mark.parametrize(
    ("pattern", "name", "matches"),
    [
        ("*.gz", "a.gz", True),
        ("*.gz", "d/a.gz", False),
        ("*", "_SUCCESS", False),
        ("*", ".crc", False),
        ("_*", "_SUCCESS", True),
        ("[_]x", "_x", False),
        ("a*", "a_b", True),
        ("**", "a/b/c", True),
        ("**", "a/_b/c", False),
        ("**/c", "c", True),
        ("a/**/c", "a/x/y/c", True),
        ("a/**/c", "ab/c", False),
        ("a", "a/b/c", True),
        ("a", "a/_b", False),
        ("a", "ab", False),
        ("x.gz", "xxgz", False),
    ],
)
def test_a_glob_matches_a_name(pattern: str, name: str, matches: bool) -> None:
    assert bool(glob_regex(pattern).fullmatch(name)) is matches


@given(
    pattern=st.lists(GLOB_PARTS, min_size=1, max_size=3).map("/".join),
    names=st.lists(st.lists(PARTS, min_size=1, max_size=3).map("/".join), min_size=1, max_size=4),
)
def test_globs_agree_with_the_standard_library(pattern: str, names: list[str]) -> None:
    """Both hide names with a leading dot; no name here has a leading underscore."""
    with tempfile.TemporaryDirectory() as folder:
        created = set()
        for name in names:
            path = Path(folder, name)
            if any(parent.is_file() for parent in path.parents) or path.exists():
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch()
            created.add(name)
        matches = glob.glob(pattern, root_dir=folder, recursive=True)
        expected = {name for name in matches if os.path.isfile(os.path.join(folder, name))}
        folders = {name for name in matches if name not in expected}
        inside = {
            name
            for name in created
            for parent in folders
            if name.startswith(f"{parent.rstrip('/')}/") or parent == ""
            if not any(part.startswith(".") for part in name[len(parent) :].strip("/").split("/"))
        }

        assert {
            name for name in created if glob_regex(pattern).fullmatch(name)
        } == expected | inside


def test_the_fixed_prefix_ends_before_the_first_wildcard() -> None:
    assert fixed_prefix("data/2023-*/x") == "data/2023-"
    assert fixed_prefix("data/x") == "data/x"
    assert [is_glob(name) for name in ("a*", "a?", "[a]", "a]", "a")] == [True] * 3 + [False] * 2
