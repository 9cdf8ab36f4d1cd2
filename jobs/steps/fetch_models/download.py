"""One file, fetched whole or not at all, taken up where an earlier attempt was killed."""

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
from jobs.storage import ObjectInfo
from schemas.errors import UserError

_PIECE = 1 << 20
_WEB_PAGES = (b"<!doctype html", b"<html")


class Progress:
    """How far a file has come: on a terminal a line that is written over, elsewhere only its end."""

    def __init__(self, name: str, out: TextIO | None) -> None:
        self.name, self.out = name, out or sys.stdout
        self.begun = self.shown = time.monotonic()
        self.first = 0

    def start(self, done: int) -> None:
        """Bytes that an earlier attempt had fetched; they do not count for the rate."""
        self.first = done

    def step(self, done: int, total: int) -> None:
        """Say how many bytes there are, of how many (-1: the server does not tell)."""
        now = time.monotonic()
        if self.out.isatty() and now - self.shown > 0.2:
            of = f" of {size(total)}" if total >= 0 else ""
            self._over(f"{self.name}: {size(done)}{of}, {self._rate(done, now)}")
            self.shown = now

    def end(self, done: int) -> None:
        """Say that the file is there."""
        again = f", {size(self.first)} of it fetched earlier" if self.first else ""
        text = f"{self.name}: fetched {size(done)}{again}, {self._rate(done, time.monotonic())}"
        self.say(text)

    def say(self, text: str) -> None:
        """Print a line, over the one that is written over."""
        if self.out.isatty():
            self._over("")
        print(text, file=self.out, flush=True)

    def _over(self, text: str) -> None:
        self.out.write(f"\r\033[K{text}")
        self.out.flush()

    def _rate(self, done: int, now: float) -> str:
        return f"{size(int((done - self.first) / max(now - self.begun, 1e-3)))}/s"


def size(count: int) -> str:
    """Bytes as people read them, in powers of 1000."""
    amount = float(count)
    for unit in ("B", "kB", "MB"):
        if amount < 1000:
            return f"{amount:.0f} {unit}" if unit == "B" else f"{amount:.1f} {unit}"
        amount /= 1000
    return f"{amount:.1f} GB"


def fetch(address: str, target: Path, expected: str | None, progress: Progress) -> str:
    """Fetch a file and return its SHA-256; `target` appears when all is there and right.

    What has come so far is in `target.part`, and of which version of the object in
    `target.part.json`: the next attempt goes on from there if the object is still the same.

    Raises
    ------
    OSError
        It cannot be read, or not written.
    UserError
        It is not what it must be. Nothing of it is kept then.
    """
    info = storage.stat(address)
    if info is None:
        raise FileNotFoundError(f"there is nothing at {address}")
    part = target.with_name(target.name + ".part")
    note = target.with_name(target.name + ".part.json")
    target.parent.mkdir(parents=True, exist_ok=True)
    done = _done(part, note, info)
    digest = hashlib.sha256()
    if done:
        _digest(part, digest)
    progress.start(done)
    with part.open("ab" if done else "wb") as out:
        with storage.open_stream(address, offset=done) as source:
            while piece := source.read(_PIECE):
                out.write(piece)
                digest.update(piece)
                done += len(piece)
                progress.step(done, info.size)
        out.flush()
        os.fsync(out.fileno())
    wrong = _wrong(part, info, expected, digest.hexdigest())
    if wrong:
        _remove(part, note)
        raise UserError(f"what {address} sent {wrong}")
    os.replace(part, target)
    _remove(note)
    progress.end(done)
    return digest.hexdigest()


def sha256_of(path: Path) -> str:
    """SHA-256 of a file."""
    digest = hashlib.sha256()
    _digest(path, digest)
    return digest.hexdigest()


def _digest(path: Path, digest: hashlib._Hash) -> None:
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            digest.update(piece)


def _done(part: Path, note: Path, info: ObjectInfo) -> int:
    """Bytes of this very version that an earlier attempt left; else a new start is noted."""
    said = {"address": info.uri, "size": info.size, "version": info.version}
    with contextlib.suppress(FileNotFoundError, ValueError):
        done = part.stat().st_size
        same = json.loads(note.read_text(encoding="utf-8")) == said
        # without a version nobody knows whether the object is still the same
        if same and info.version and (info.size < 0 or done <= info.size):
            return done
    _remove(part)
    note.write_text(json.dumps(said), encoding="utf-8")
    return 0


def _wrong(part: Path, info: ObjectInfo, expected: str | None, found: str) -> str | None:
    """What is wrong with a file that has come to its end."""
    count = part.stat().st_size
    with part.open("rb") as file:
        start = file.read(512).lstrip().lower()
    if info.size not in (-1, count):
        return f"has {count} bytes, not the {info.size} that were announced; try again"
    if start.startswith(_WEB_PAGES):
        return "is a web page: a login, a notice or an error; check the address"
    if expected and found != expected:
        return f"has SHA-256 {found}, not {expected}; check the address and the checksum"
    return None


def _remove(*paths: Path) -> None:
    for path in paths:
        path.unlink(missing_ok=True)
