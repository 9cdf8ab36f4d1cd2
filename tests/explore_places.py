"""Places for the tests of `explore`: a small root, a folder of Parquet with hostile texts, a server."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from plain_roots import fill

from jobs.steps.explore.server import Server
from jobs.steps.explore.state import State
from schemas.settings.explore import ExploreConfig

HOSTILE = '<script>document.title="run"</script><img src=x onerror="document.title=1">'
"""Markup that must be shown and not run."""

LINES = ["A first line.", "menu | home | about", "The second line stays", "mail me at a@b.example"]
TEXT = "\n".join(LINES)


def hostile_rows() -> list[dict[str, Any]]:
    """Return documents whose every column is hostile, and plain ones."""
    return [
        {
            "id": f"c4/{HOSTILE}",
            "text": f"before {HOSTILE} after \u202e\x00 ]]> ${{x}} '; DROP TABLE d; --",
            "title": f"\"'>{HOSTILE}",
            "url": "javascript:document.title='run'",
            "source_domain": HOSTILE,
            "license": HOSTILE,
            "language": "'><b>",
            "date": "<i>2023</i>",
            "slice": HOSTILE,
            "bucket": "../../etc",
            "token_count": 3,
        },
        *(
            {
                "id": f"c4/{number}",
                "text": f"Plain text {number} about {'rivers' if number % 2 else 'mountains'}.",
                "title": f"Title {number}",
                "url": f"https://site{number % 3}.example.org/{number}",
                "source_domain": f"site{number % 3}.example.org",
                "license": None if number % 3 else "MIT",
                "language": ("en", "de")[number % 2],
                "date": f"20{10 + number % 5}-03-01T00:00:00Z",
                "slice": ("c4", "books")[number % 2],
                "bucket": "all",
                "token_count": number * 10,
            }
            for number in range(1, 50)
        ),
    ]


def write_parquet(folder: Path, rows: Sequence[Mapping[str, Any]], name: str = "rows") -> Path:
    """Write rows as a Parquet file of a folder; return the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.Table.from_pylist(list(rows)), folder / f"{name}.parquet")
    return folder


def root(folder: Path) -> Path:
    """Publish documents/, annotated/, duplicates/ and corpus/ with three documents, one a duplicate."""
    archive = folder / "dump.jsonl"
    archive.parent.mkdir(parents=True, exist_ok=True)
    archive.write_text('{"text": "raw"}\n')
    base = {
        "slice": "c4",
        "url": "https://example.org/a",
        "source": {"uri": str(archive), "offset": 0},
        "date": "2023-06-01T00:00:00Z",
        "title": "A title",
        "length": len(TEXT),
        "nlines": len(LINES),
    }
    kept = "\n".join(LINES[:1] + LINES[2:])
    other = kept.replace("second", "other")
    place = folder / "root"
    ids = ("c4/a", "c4/b", "c4/c")
    fill(place, "documents", [{**base, "id": id_, "text": TEXT} for id_ in ids])
    scores = [{"start": 0, "end": 14, "score": 1.0}, {"start": 14, "end": 36, "score": 0.0}]
    signals = {
        "rps_doc_word_count": 12,
        "rps_lines_ending_with_terminal_punctution_mark": scores,
    }
    annotated = [
        {
            **base,
            "id": id_,
            "text": text,
            "line_ids": [0, 2, 3],
            "language": "en",
            "bucket": "head",
            "quality_signals": signals,
            "user_signals": [("mine", 0.5)],
        }
        for id_, text in zip(ids, (kept, other, kept), strict=True)
    ]
    fill(place, "annotated", annotated)
    pair = {"id": "c4/b", "survivor_id": "c4/a", "cluster_id": "c4/a", "kind": "near"}
    fill(place, "duplicates", [{**pair, "similarity": 0.875}])
    hidden = kept.replace("a@b.example", "email@example.com")
    fill(
        place,
        "corpus",
        [{**annotated[0], "text": hidden, "token_count": 9, "line_ids": None, "emails": 1}],
    )
    return place


@contextmanager
def serving(place: Path | str, **settings: Any) -> Iterator[Server]:
    """Serve the pages of a place."""
    state = State(ExploreConfig(place=str(place), **settings))
    with Server(state, state.config.port) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def get(
    server: Server, path: str, method: str = "GET", **headers: str
) -> tuple[int, Mapping[str, str], str]:
    """Return status, headers and text of an answer; `Host` replaces the server's own."""
    connection = http.client.HTTPConnection("127.0.0.1", int(server.server_address[1]), timeout=60)
    try:
        connection.putrequest(method, path, skip_host="Host" in headers)
        for name, value in headers.items():
            connection.putheader(name.replace("_", "-"), value)
        connection.endheaders()
        answer = connection.getresponse()
        text = answer.read().decode("utf-8", "replace")
        return answer.status, dict(answer.headers), text
    finally:
        connection.close()
