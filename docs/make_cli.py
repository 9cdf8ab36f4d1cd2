"""Write docs/cli.md, all commands and options as `--help` prints them.

Usage: python docs/make_cli.py
"""

from __future__ import annotations

import contextlib
import io
import os
import sys
from pathlib import Path
from unittest import mock

PROJECT = Path(__file__).parents[1]
PAGE = PROJECT / "docs" / "cli.md"
COLUMNS = "100"

INTRODUCTION = """\
# Commands and options

`redpajama JOB` and `spark-submit jobs/JOB.py` take the same options, and so does the job's section in a
[YAML file](getting-started.md#a-mixture-of-your-own-archives), with `_` for `-`. This page is made from
`--help` by `python docs/make_cli.py`.
"""


def page() -> str:
    """Return the page: an introduction, then the help of each command."""
    sys.path.insert(0, str(PROJECT))
    from jobs import cli

    names = ["", *cli.JOBS]
    parts = [
        f"## redpajama {name}".rstrip() + f"\n\n```text\n{help_of(name)}```\n" for name in names
    ]
    return "\n".join([INTRODUCTION, *parts])


def help_of(name: str) -> str:
    """Return what `redpajama NAME --help` prints on a terminal of `COLUMNS` columns."""
    from jobs import cli

    printed = io.StringIO()
    with (
        mock.patch.dict(os.environ, {"COLUMNS": COLUMNS}),
        contextlib.redirect_stdout(printed),
        contextlib.suppress(SystemExit),
    ):
        cli.main([*name.split(), "--help"])
    return printed.getvalue()


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
