"""Write a small root with every table, and its inputs, by the version that is on the path.

    python tests/data/make_root.py 0.1

makes `tests/data/root-0.1.tar.xz` with `inputs/` and `root/`. README.md says what is in them.
"""

from __future__ import annotations

import shutil
import sys
import tarfile
from pathlib import Path

from earlier_inputs import write_inputs

INGEST = {
    "common_crawl": "crawl-data/*/segments/*/warc/*.warc.gz",
    "c4": "c4/en/*.json.gz",
    "github": "github/*.jsonl.gz",
    "arxiv": "arxiv/*.tar",
    "books": "books/*/*.txt",
    "wikipedia": "wikipedia/*.xml.bz2",
    "stackexchange": "stackexchange/*/Posts.xml",
}


def commands(inputs: str) -> list[list[str]]:
    """Return the command lines, without their root, that make the tables."""
    return [
        *(["ingest", name, "--input", f"{inputs}/{glob}"] for name, glob in INGEST.items()),
        ["paragraphs"],
        ["annotate", "--models", f"{inputs}/models"],
        ["dedup", "--threshold", "0.9"],
        ["dedup", "--verify", "jaccard"],
        ["decontaminate", "--evaluations", f"{inputs}/evaluations/lanterns.jsonl"],
        ["curate", "--pii", "common_crawl"],
        ["mix", "--tokens", "4000", "--shards", "2"],
        [
            *("takedown", "--reason", "asked", "--date", "2024-03-02"),
            *("--id", "wikipedia/en/13", "--url", "https://www.harbour.example/2"),
            *("--domain", "nobody.example"),
        ],
        ["mix", "--tokens", "3000", "--seed", "1"],
    ]


def write_root(inputs: str, root: str) -> None:
    """Run the commands.

    Raises
    ------
    SystemExit
        One fails.
    """
    from jobs.cli import main
    from jobs.session import local_session

    local_session(cores=1, shuffle_partitions=1)
    for words in commands(inputs):
        print("redpajama", *words, flush=True)
        code = main([*words, "--root", root])
        if code:
            raise SystemExit(code)


def make(version: str) -> None:
    """Write the archive beside this file."""
    folder = Path(f"/tmp/redpajama-root-{version}")
    shutil.rmtree(folder, ignore_errors=True)
    write_inputs(folder / "inputs")
    write_root(f"{folder}/inputs", f"{folder}/root")
    pack(folder, Path(__file__).with_name(f"root-{version}.tar.xz"))


def pack(folder: Path, archive: Path) -> None:
    """Pack a folder; the file system's own checksums are left out."""

    def chosen(entry: tarfile.TarInfo) -> tarfile.TarInfo | None:
        entry.uid = entry.gid = 0
        entry.uname = entry.gname = ""
        return None if entry.name.endswith(".crc") else entry

    with tarfile.open(archive, "w:xz") as target:
        for name in ("inputs", "root"):
            target.add(folder / name, name, filter=chosen)


if __name__ == "__main__":
    make(*sys.argv[1:])
