"""C4: gzip and a JSON parser. `python benchmarks/bare/c4.py FILE...` compares parsers."""

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
    """Return the number of characters of the texts in files."""
    characters = 0
    for path in paths:
        with gzip.open(path) as stream:
            for line in stream:
                characters += len(loads(line)["text"])
    return characters


def main() -> None:
    """Print the CPU time of each parser, including gzip, three times in turn."""
    paths = [Path(name) for name in sys.argv[1:]]
    for _ in range(3):
        for loads in (orjson.loads, json.loads):
            before = time.process_time()
            characters = bare(paths, loads)
            seconds = time.process_time() - before
            print(f"{loads.__module__}: {seconds:.2f} s, {characters:,} characters")


if __name__ == "__main__":
    main()
