"""Sample of GitHub: a JSON Lines file and a Parquet file, with a record for each reason to drop one."""

from __future__ import annotations

import gzip
import hashlib
import json
from pathlib import Path
from typing import Any, NamedTuple

from jobs.sample.draw import Draw
from jobs.sample.prose import vocabulary

INPUTS = ("*.jsonl.gz", "*.parquet")
_FILES = 24  # good records in each of the two
_NOTICE = (
    "Copyright (c) 2015 The Example Authors. All rights reserved.",
    "Use of this source code is governed by the licence in the file LICENSE.",
)


class _Language(NamedTuple):
    """A programming language: name, suffix, comment mark, template of a function, first lines."""

    name: str
    suffix: str
    comment: str
    function: str
    start: str = ""


_LANGUAGES = (
    _Language(
        "Python",
        ".py",
        "#",
        'def {a}_{b}(values, limit={n}):\n    """Return the {c} of each value below the limit."""\n'
        "    {d} = [value * {m} for value in values if value < limit]\n    return sum({d})\n",
        "#!/usr/bin/env python3\n",
    ),
    _Language(
        "C",
        ".c",
        "//",
        "int {a}_{b}(const int *values, int count) {\n    int {d} = {n};\n"
        "    for (int i = 0; i < count; i++) {\n        {d} += values[i] * {m};\n    }\n"
        "    return {d};\n}\n",
        "#include <stdio.h>\n#include <stdlib.h>\n\n",
    ),
    _Language(
        "JavaScript",
        ".js",
        "//",
        "export function {a}{b}(values) {\n  const {d} = values.filter((value) => value > {n});\n"
        "  return {d}.map((value) => value * {m});\n}\n",
    ),
    _Language(
        "SQL",
        ".sql",
        "--",
        "SELECT {a}, count(*) AS {d}\nFROM {b}\nWHERE {c} > {n}\nGROUP BY {a}\nLIMIT {m};\n",
    ),
    _Language(
        "Shell",
        ".sh",
        "#",
        '{a}_{b}() {\n  local {d}="$1"\n  if [ "${d}" -gt {n} ]; then\n'
        '    echo "the {c} is larger than {n}"\n  fi\n}\n',
        "#!/bin/sh\n",
    ),
)


def write(folder: Path, seed: int) -> list[dict[str, Any]]:
    """Write both files; return the outcome of each record."""
    first, second = (
        [_good(Draw(seed, "github", part, n), n) for n in range(_FILES)] for part in "ab"
    )
    # the same content under two names, one in each file, which the digest reveals
    second[3] = {**second[3], "content": first[3]["content"], "path": _moved(first[3]["path"])}
    planted = [{"record": record["path"], "outcome": "kept"} for record in (*first, *second)]
    bad = []
    for reason, fields in _refused():
        bad.append(_record(Draw(seed, "github", reason), **fields))
        planted.append({"record": fields["path"], "outcome": reason})
    planted.append({"record": "a line that is cut", "outcome": "broken-json"})
    lines = [json.dumps(record) for record in (*first, *bad[::2])]
    lines.insert(5, lines[5][:70])
    data = "".join(line + "\n" for line in lines).encode()
    (folder / "github_000000000000.jsonl.gz").write_bytes(gzip.compress(data, mtime=0))
    _write_parquet(folder / "github_000000000001.parquet", [*second, *bad[1::2]])
    return planted


def _good(draw: Draw, number: int) -> dict[str, Any]:
    """Return a record of a few functions, every third with a copyright notice."""
    language = _LANGUAGES[number % len(_LANGUAGES)]
    start = language.start
    if number % 3 == 0:
        start += "".join(f"{language.comment} {line}\n" for line in _NOTICE) + "\n"
    functions = "\n".join(_function(language, draw) for _ in range(draw.number(3, 7)))
    path = f"src/{draw.pick(vocabulary('en'))}_{number}{language.suffix}"
    return _record(draw, content=start + functions, path=path, language=language.name)


def _function(language: _Language, draw: Draw) -> str:
    # enough prose to outweigh the digits and signs of short code
    about = "Return what the {c} of every {a} leaves for the {b}, as long as the {d} is known."
    comment = f"{language.comment} {about}\n{language.comment} Otherwise nothing is changed here.\n"
    text = comment + language.function
    for slot, word in zip("abcd", draw.some(vocabulary("en"), 4), strict=True):
        text = text.replace("{" + slot + "}", word)
    return text.replace("{n}", str(draw.number(1, 99))).replace("{m}", str(draw.number(2, 9)))


def _refused() -> list[tuple[str, dict[str, Any]]]:
    """Return a record for each reason, in the order of the rules."""
    code = "def answer():\n    return 42\n"
    return [
        ("license-gpl-3.0", {"content": code, "path": "copyleft.py", "license_": "gpl-3.0"}),
        ("no-content", {"content": None, "path": "large.py"}),
        ("binary", {"content": None, "path": "logo.py", "binary": True}),
        ("certificate", {"content": code, "path": "ca.crt"}),
        ("license-file", {"content": "\n".join(_NOTICE), "path": "LICENSE"}),
        ("empty", {"content": f"# {_NOTICE[0]}\n", "path": "pkg/__init__.py"}),
        ("extension", {"content": "milk, bread\n", "path": "notes.txt"}),
        ("max-line-length", {"content": code + "x = '" + "long " * 250 + "'\n", "path": "long.py"}),
        ("mean-line-length", {"content": "value = " * 20 + "0\n", "path": "wide.py"}),
        ("alphanumeric", {"content": "[[], {}, (), [[]]]\n" * 9, "path": "signs.js"}),
        ("letters-per-token", {"content": "7319, 2846, 9075\n" * 9, "path": "table.js"}),
    ]


def _record(
    draw: Draw,
    *,
    content: str | None,
    path: str,
    license_: str = "mit",
    binary: bool = False,
    language: str = "Python",
) -> dict[str, Any]:
    """Return a record in BigQuery's form, with integers as strings."""
    data = (content or path).encode()
    repo = f"{draw.pick(vocabulary('en'))}/{draw.pick(vocabulary('en'))}"
    return {
        "content": content,
        "id": hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest(),
        "repo_name": repo,
        "ref": "refs/heads/master",
        "path": path,
        "mode": "33188",
        "size": str(len(data)),
        "binary": binary,
        "copies": "1",
        "license": license_,
        "language": [{"name": language, "bytes": str(len(data))}],
    }


def _moved(path: str) -> str:
    return "vendor/" + path.rpartition("/")[2]


def _write_parquet(path: Path, records: list[dict[str, Any]]) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    rows = [
        {**record, **{key: int(record[key]) for key in ("mode", "size", "copies")}}
        for record in records
    ]
    pq.write_table(pa.Table.from_pylist(rows), path, row_group_size=16, compression="snappy")
