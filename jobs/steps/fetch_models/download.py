"""Download a file completely or not at all; resume where an earlier attempt ended."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import sys
import time
from pathlib import Path
from typing import TextIO

from jobs import storage
from jobs.storage import ObjectInfo, atomic_file
from schemas.errors import UserError

_CHUNK = 1 << 20
_WEB_PAGES = (b"<!doctype html", b"<html")


class Progress:
    """Progress of a download: a line that is updated on a terminal, and a line at its end anywhere.

    tqdm would replace `update` alone: the last line, with the bytes and the rate, is needed anyway.
    """

    def __init__(self, name: str, out: TextIO | None) -> None:
        self.name, self.out = name, out or sys.stdout
        self.started = self.updated = time.monotonic()
        self.resumed_at = 0

    def resume(self, done: int) -> None:
        """Set the number of bytes that an earlier attempt fetched; the rate does not count them."""
        self.resumed_at = done

    def update(self, done: int, total: int) -> None:
        """Show how many bytes have been fetched, of a total (-1 if the server sends none)."""
        now = time.monotonic()
        if self.out.isatty() and now - self.updated > 0.2:
            of = f" of {size(total)}" if total >= 0 else ""
            self._overwrite(f"{self.name}: {size(done)}{of}, {self._rate(done, now)}")
            self.updated = now

    def end(self, done: int) -> None:
        """Print that the file is complete."""
        earlier = f", {size(self.resumed_at)} of it earlier" if self.resumed_at else ""
        rate = self._rate(done, time.monotonic())
        self.print(f"{self.name}: fetched {size(done)}{earlier}, {rate}")

    def print(self, text: str) -> None:
        """Print a line, in place of the one that `update` shows."""
        if self.out.isatty():
            self._overwrite("")
        print(text, file=self.out, flush=True)

    def _overwrite(self, text: str) -> None:
        self.out.write(f"\r\033[K{text}")
        self.out.flush()

    def _rate(self, done: int, now: float) -> str:
        return f"{size(int((done - self.resumed_at) / max(now - self.started, 1e-3)))}/s"


def size(count: int) -> str:
    """Return a number of bytes for people, in powers of 1000."""
    amount = float(count)
    for unit in ("B", "kB", "MB"):
        if amount < 1000:
            return f"{amount:.0f} {unit}" if unit == "B" else f"{amount:.1f} {unit}"
        amount /= 1000
    return f"{amount:.1f} GB"


def fetch(address: str, target: Path, expected: str | None, progress: Progress) -> str:
    """Fetch a file and return its SHA-256; `target` appears when it is complete and checked.

    Until then its bytes are in `target.part`, and the version of the object in `target.part.json`: the
    next attempt resumes there if the object has not changed.

    Parameters
    ----------
    expected
        The SHA-256 that the file must have; None if it is unknown.

    Raises
    ------
    OSError
        The object cannot be read, or the file cannot be written.
    UserError
        The content has another size or SHA-256, or is a web page; it is removed.
    """
    info = storage.stat(address)
    if info is None:
        raise FileNotFoundError(f"no object at {address}")
    part = target.with_name(target.name + ".part")
    note = target.with_name(target.name + ".part.json")
    target.parent.mkdir(parents=True, exist_ok=True)
    done = _resumable_bytes(part, note, info)
    digest = hashlib.sha256()
    if done:
        _update_from_file(digest, part)
    progress.resume(done)
    with part.open("ab" if done else "wb") as out:
        with storage.open_stream(address, offset=done) as source:
            while chunk := source.read(_CHUNK):
                out.write(chunk)
                digest.update(chunk)
                done += len(chunk)
                progress.update(done, info.size)
        atomic_file.sync(out)
    fault = _fault(part, info, expected, digest.hexdigest())
    if fault:
        _remove(part, note)
        raise UserError(f"the content of {address} {fault}")
    os.replace(part, target)
    _remove(note)
    progress.end(done)
    return digest.hexdigest()


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file."""
    digest = hashlib.sha256()
    _update_from_file(digest, path)
    return digest.hexdigest()


def _update_from_file(digest: hashlib._Hash, path: Path) -> None:
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)


def _resumable_bytes(part: Path, note: Path, info: ObjectInfo) -> int:
    """Return how many bytes of this version an earlier attempt fetched; if none, note the version."""
    version = {"address": info.uri, "size": info.size, "version": info.version}
    with contextlib.suppress(FileNotFoundError, ValueError):
        done = part.stat().st_size
        same = json.loads(note.read_text(encoding="utf-8")) == version
        # without a version, the object may have changed without notice
        if same and info.version and (info.size < 0 or done <= info.size):
            return done
    _remove(part)
    note.write_text(json.dumps(version), encoding="utf-8")
    return 0


def _fault(part: Path, info: ObjectInfo, expected: str | None, sha256: str) -> str | None:
    """Return what is wrong with a complete download; None if nothing is."""
    count = part.stat().st_size
    with part.open("rb") as file:
        start = file.read(512).lstrip().lower()
    if info.size not in (-1, count):
        return f"has {count} bytes, not the {info.size} that were announced; try again"
    if start.startswith(_WEB_PAGES):
        return "is a web page: a login, a notice or an error; check the address"
    if expected and sha256 != expected:
        return f"has SHA-256 {sha256}, not {expected}; check the address and the checksum"
    return None


def _remove(*paths: Path) -> None:
    for path in paths:
        path.unlink(missing_ok=True)
