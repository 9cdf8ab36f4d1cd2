"""Compare the cost of ingest with a bare loop of fastwarc and resiliparse over the same archives.

Usage: python benchmarks/ingest.py ARCHIVE.warc.gz... [--bare-seconds 60] [--work DIR]

The archives are copied, each copy with record ids of its own, until the bare loop takes
`--bare-seconds`. Then the bare loop and `redpajama ingest` run over these copies and over four times as
many, each in a separate process. The cost is the slope, between the two sizes, of the CPU time of all
processes, including the JVM and the Python workers, so that the cost of starting drops out.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import uuid
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

FACTOR = 4
_ID = re.compile(rb"(?m)^WARC-Record-ID: <urn:uuid:([^>]+)>")
_TICKS = os.sysconf("SC_CLK_TCK")


def bare(archives: Sequence[str]) -> int:
    """Return the number of characters of the main content of all pages, in a minimal loop."""
    from fastwarc.warc import ArchiveIterator, WarcRecordType
    from resiliparse.extract.html2text import extract_plain_text
    from resiliparse.parse.encoding import bytes_to_str, detect_encoding

    characters = 0
    for archive in archives:
        with open(archive, "rb") as file:
            for record in ArchiveIterator(file, record_types=WarcRecordType.response):
                page = record.reader.read()
                text = bytes_to_str(page, detect_encoding(page) or "utf-8")
                characters += len(
                    extract_plain_text(text, main_content=True, preserve_formatting=True)
                )
    return characters


def ingest(archives: Sequence[str], root: str, cores: int) -> int:
    """Run the job over the archives; return the number of characters of the documents."""
    from jobs import ingest as job
    from jobs.runtime.context import Context
    from jobs.runtime.session import local_session
    from schemas.settings.ingest import CommonCrawlConfig

    session = local_session(cores=cores)
    config = CommonCrawlConfig(root=root, input=tuple(archives))
    [record] = job.run(Context(root, session, out=sys.stderr), config)
    return record.characters_out or 0


def members(path: Path) -> Iterator[bytes]:
    """Yield the records of an archive with one gzip member per record."""
    data = path.read_bytes()
    while data:
        member = zlib.decompressobj(31)
        yield member.decompress(data)
        data = member.unused_data


def multiply(archives: Sequence[Path], copies: range, folder: Path, per_file: int) -> list[str]:
    """Write copies of the archives with distinct record ids, `per_file` copies to one file."""
    written = []
    for number, archive in enumerate(archives):
        records = list(members(archive))
        for first in range(copies.start, copies.stop, per_file):
            path = folder / f"{number:02}-{first:05}.warc.gz"
            with path.open("wb") as file:
                for copy in range(first, min(first + per_file, copies.stop)):
                    for record in records:
                        compressor = zlib.compressobj(6, wbits=31)
                        file.write(compressor.compress(_renamed(record, copy)))
                        file.write(compressor.flush())
            written.append(str(path))
    return written


def _renamed(record: bytes, copy: int) -> bytes:
    def name(match: re.Match[bytes]) -> bytes:
        new = uuid.uuid5(uuid.NAMESPACE_OID, f"{copy} {match[1]!r}")
        return f"WARC-Record-ID: <urn:uuid:{new}>".encode()

    return _ID.sub(name, record, count=1)


def tree_seconds(root: int) -> float:
    """Return the CPU time of a process and its descendants, including those that have ended."""
    ticks: dict[int, int] = {}
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except (FileNotFoundError, ProcessLookupError):  # the process has ended
                continue
            parents[int(entry.name)] = int(fields[1])
            ticks[int(entry.name)] = sum(map(int, fields[11:15]))
    total = 0
    for process in ticks:
        ancestor = process
        while ancestor not in (root, 0, 1) and ancestor in parents:
            ancestor = parents[ancestor]
        if ancestor == root:
            total += ticks[process]
    return total / _TICKS


def measure(side: str, archives: Sequence[str], root: Path, cores: int) -> dict[str, float]:
    """Run one measurement of a side (`bare` or `ingest`) in a separate process."""
    shutil.rmtree(root, ignore_errors=True)
    task = json.dumps({"side": side, "archives": archives, "root": str(root), "cores": cores})
    command = [sys.executable, __file__, "--measure", "-"]
    process = subprocess.run(command, input=task, text=True, check=True, stdout=subprocess.PIPE)
    result: dict[str, float] = json.loads(process.stdout.splitlines()[-1])
    size = sum(os.path.getsize(archive) for archive in archives) / 1e6
    print(
        f"{side:>6}: {len(archives):>4} archives, {size:8.1f} MB: {result['cpu']:7.1f} s of CPU, "
        f"{result['wall']:6.1f} s, {result['characters']:,.0f} characters",
        flush=True,
    )
    return result


def _run_task() -> None:
    task = json.loads(sys.stdin.read())
    start = time.monotonic()
    if task["side"] == "bare":
        characters = bare(task["archives"])
    else:
        characters = ingest(task["archives"], task["root"], task["cores"])
    wall = time.monotonic() - start
    # while the workers and the JVM are still running
    print(json.dumps({"cpu": tree_seconds(os.getpid()), "wall": wall, "characters": characters}))


def main() -> None:
    """Copy the archives, measure both sides and print the ratio."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("archives", nargs="*", type=Path, help="WARCs compressed record by record")
    parser.add_argument(
        "--bare-seconds", type=float, default=60, help="CPU time of the bare loop (60)"
    )
    parser.add_argument("--copies", type=int, help="number of copies, instead of --bare-seconds")
    parser.add_argument("--per-file", type=int, default=16, help="copies in one archive (16)")
    parser.add_argument("--cores", type=int, default=2, help="of the local session (2)")
    parser.add_argument("--work", type=Path, help="folder for the copies (a temporary one)")
    parser.add_argument("--measure", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        _run_task()
        return
    if not options.archives:
        parser.error("archives are missing")
    with tempfile.TemporaryDirectory(dir=options.work) as name:
        folder = Path(name)
        once = measure("bare", [str(archive) for archive in options.archives], folder / "root", 1)
        copies = options.copies or max(1, round(options.bare_seconds / once["cpu"]))
        small = multiply(options.archives, range(copies), folder, options.per_file)
        more = multiply(options.archives, range(copies, FACTOR * copies), folder, options.per_file)
        slopes = {}
        for side in ("bare", "ingest"):
            first, last = (
                measure(side, archives, folder / "root", options.cores)
                for archives in (small, small + more)
            )
            slopes[side] = (last["cpu"] - first["cpu"]) / (FACTOR - 1)
            print(f"{side:>6}: {slopes[side]:.2f} s of CPU for {copies} copies")
        ratio = slopes["ingest"] / slopes["bare"]
        print(f"ingest costs {ratio:.3f} of the bare loop, which is {1 / ratio:.3f} of ingest")


if __name__ == "__main__":
    main()
