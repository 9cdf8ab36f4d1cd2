"""SPDX identifiers of licence names, and patterns of permitted licences."""

from __future__ import annotations

import pytest

from schemas.settings.ingest import GithubConfig
from udfs.licenses import known, permitted, spdx

V1 = GithubConfig(root="").licenses


@pytest.mark.parametrize(
    ("name", "spelled", "kept"),
    [
        ("mit", "MIT", True),
        ("apache-2.0", "Apache-2.0", True),
        ("bsd-2-clause", "BSD-2-Clause", True),
        ("BSD-3-Clause", "BSD-3-Clause", True),
        (" MIT ", "MIT", True),
        ("gpl-3.0", "GPL-3.0", False),
        ("unlicense", "Unlicense", False),
        ("summit", "summit", False),
        ("my own", "my own", False),
        ("", None, False),
        (None, None, False),
    ],
)
def test_spdx_identifiers_and_v1s_permitted_licences(
    name: str | None, spelled: str | None, kept: bool
) -> None:
    assert spdx(name) == spelled
    assert permitted(spdx(name), V1) is kept


def test_patterns_and_known_identifiers() -> None:
    assert permitted("LGPL-2.1", ["*gpl*"])
    assert permitted("MIT", ["*"])
    assert not permitted("MIT", ["M.T"])
    assert not permitted("MIT", [])
    assert known("GPL-3.0")
    assert not known("my own")
    assert not known(None)
