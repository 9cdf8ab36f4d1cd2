"""Licence names in SPDX's spelling, and patterns of permitted licences."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

# GitHub's licence keys, which BigQuery uses too, are SPDX identifiers in lower case
_SPDX = """
    0BSD AFL-3.0 AGPL-3.0 AGPL-3.0-only AGPL-3.0-or-later Apache-1.1
    Apache-2.0 Artistic-1.0 Artistic-2.0 BlueOak-1.0.0 BSD-2-Clause
    BSD-2-Clause-Patent BSD-3-Clause BSD-3-Clause-Clear BSD-4-Clause BSL-1.0
    CC-BY-3.0 CC-BY-4.0 CC-BY-SA-3.0 CC-BY-SA-4.0 CC0-1.0 CDDL-1.0
    CECILL-2.1 CERN-OHL-P-2.0 CERN-OHL-S-2.0 CERN-OHL-W-2.0 ECL-2.0 EPL-1.0
    EPL-2.0 EUPL-1.1 EUPL-1.2 GFDL-1.3 GPL-2.0 GPL-2.0-only
    GPL-2.0-or-later GPL-3.0 GPL-3.0-only GPL-3.0-or-later ISC LGPL-2.1
    LGPL-2.1-only LGPL-2.1-or-later LGPL-3.0 LGPL-3.0-only LGPL-3.0-or-later
    LPPL-1.3c MIT MIT-0 MPL-1.1 MPL-2.0 MS-PL MS-RL MulanPSL-2.0
    NCSA ODbL-1.0 OFL-1.1 OSL-3.0 PostgreSQL Python-2.0 Ruby Unlicense
    UPL-1.0 Vim W3C WTFPL Zlib ZPL-2.1
"""
_BY_KEY = {name.lower(): name for name in _SPDX.split()}


def spdx(name: str | None) -> str | None:
    """Return a licence's SPDX identifier, an unknown name unchanged, and None for a blank one.

    >>> spdx("bsd-3-clause")
    'BSD-3-Clause'
    """
    if not name or not name.strip():
        return None
    return _BY_KEY.get(name.strip().lower(), name.strip())


def known(name: str | None) -> bool:
    """Return whether a name, as `spdx` returns it, is a known SPDX identifier."""
    return name is not None and name.lower() in _BY_KEY


def permitted(name: str | None, patterns: Sequence[str]) -> bool:
    """Return whether a licence matches one of some patterns, ignoring case; `*` matches any text.

    >>> permitted("LGPL-2.1", ["MIT", "*gpl*"])
    True
    """
    return name is not None and _pattern(tuple(patterns)).fullmatch(name.lower()) is not None


@lru_cache
def _pattern(patterns: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(
        "|".join(
            ".*".join(re.escape(part) for part in pattern.lower().split("*"))
            for pattern in patterns
        )
        or r"(?!)",
        re.DOTALL,
    )
