"""C4: gunzip and parse JSON. `python benchmarks/bare/c4.py FILE...` compares the parsers."""

from __future__ import annotations

import gzip
import json
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import orjson


def bare(paths: Sequence[Path], loads: Callable[[bytes], Any] = orjson.loads) -> int:
    """Return the characters of the texts in some files."""
    characters = 0
    for path in paths:
        with gzip.open(path) as stream:
            for line in stream:
                characters += len(loads(line)["text"])
    return characters


def main() -> None:
    """Print what each parser costs, gunzip included, three times in turn."""
    paths = [Path(each) for each in sys.argv[1:]]
    for _ in range(3):
        for loads in (orjson.loads, json.loads):
            before = time.process_time()
            characters = bare(paths, loads)
            spent = time.process_time() - before
            print(f"{loads.__module__}: {spent:.2f} s, {characters:,} characters")


if __name__ == "__main__":
    main()
