"""Measure `explore` over many documents: the time of each page, and of a map.

    python benchmarks/explore.py [--rows 1000000] [--folder FOLDER]

The documents are synthetic, with all signals of a number each, and are made in the folder once.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import threading
import time
import urllib.request
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from jobs.steps.explore.filters import Filter
from jobs.steps.explore.map.build import document_map
from jobs.steps.explore.server import Server
from jobs.steps.explore.state import State
from schemas.settings.explore import ExploreConfig
from schemas.signals import V2_SIGNALS

ROWS_OF_A_FILE = 100_000
SYLLABLES = ("ka", "lo", "mi", "ter", "su", "qu", "an", "be", "dor", "fe", "gri", "hal")
PAGES = {
    "all documents": "/",
    "one slice": "/?slice=c4",
    "two filters and a range": "/?slice=c4&language=de&range=rps_doc_word_count:10:30",
    "largest first": "/?sort=-token_count&bucket=head",
    "an id": "/?id=c4/777",
    "a domain": "/?domain=site77.example.org",
    "words: the documents": "/?words=kalomi",
    "words: the counts": "/summary?words=kalomi",
    "two sets compared": "/compare?a.slice=c4&b.language=de",
}


def write(folder: Path, rows: int) -> None:
    """Write synthetic documents, unless they are there."""
    random = np.random.default_rng(0)
    vocabulary = np.array([f"{a}{b}{c}" for a in SYLLABLES for b in SYLLABLES for c in SYLLABLES])
    for number, start in enumerate(range(0, rows, ROWS_OF_A_FILE)):
        path = folder / f"part-{number:04}.parquet"
        n = min(ROWS_OF_A_FILE, rows - start)
        if path.exists():
            continue
        words = vocabulary[np.minimum(random.zipf(1.3, (n, 60)) - 1, len(vocabulary) - 1)]
        texts = [" ".join(row) for row in words]
        slices = np.array(["common_crawl", "c4", "wikipedia", "github"])[random.integers(0, 4, n)]
        numbers = [name for name, signal in V2_SIGNALS.items() if signal.kind == "doc"]
        signals = [pa.array(random.gamma(2, 20, n)) for _ in numbers]
        table = pa.table(
            {
                "id": [f"{name}/{i}" for i, name in enumerate(slices, start)],
                "text": texts,
                "title": [text[:40] for text in texts],
                "url": [f"https://site{i % 5000}.example.org/{i}" for i in range(start, start + n)],
                "source_domain": [f"site{i % 5000}.example.org" for i in range(start, start + n)],
                "date": [f"20{10 + i % 14}-01-01T00:00:00Z" for i in range(start, start + n)],
                "language": np.array(["en", "de", "fr"])[random.integers(0, 3, n)],
                "bucket": np.array(["head", "middle", "tail"])[random.integers(0, 3, n)],
                "token_count": random.integers(10, 5000, n),
                "quality_signals": pa.StructArray.from_arrays(signals, numbers),
                "slice": slices,
            }
        )
        pq.write_table(table, path, compression="zstd")


def processor_time() -> float:
    """Return the seconds of processor time that this process has used."""
    times = os.times()
    return times.user + times.system


def main() -> None:
    """Print the times."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--map", type=int, default=20_000, help="documents on the map")
    default = Path(tempfile.gettempdir(), "redpajama-explore")
    parser.add_argument("--folder", type=Path, default=default)
    settings = parser.parse_args()
    settings.folder.mkdir(parents=True, exist_ok=True)
    write(settings.folder, settings.rows)
    started = time.perf_counter()
    state = State(ExploreConfig(place=str(settings.folder)))
    with Server(state) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        print(f"{'':28}{'seconds':>8}{'processor':>10}")
        for name, address in PAGES.items():
            began, used = time.perf_counter(), processor_time()
            urllib.request.urlopen(server.url.rstrip("/") + address).read()
            print(f"{name:28}{time.perf_counter() - began:8.2f}{processor_time() - used:10.2f}")
            if address == "/":
                print(f"{'  since the start':28}{time.perf_counter() - started:8.2f}")
        data = state.version().dataset(state.default_table)
        began, used = time.perf_counter(), processor_time()
        document_map(state.version().database, data, Filter(data.name), settings.map)
        title = f"map of {settings.map:,} documents"
        print(f"{title:28}{time.perf_counter() - began:8.2f}{processor_time() - used:10.2f}")
        server.shutdown()


if __name__ == "__main__":
    main()
