"""Build the whole sample in a folder, or reuse the one that is there."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata, resources
from pathlib import Path
from typing import TYPE_CHECKING

from jobs.sample import dumps
from jobs.sample.models import make_models
from jobs.sample.web import FIRST, OLDEST, SECOND, make_web, write_truth
from jobs.storage.atomic_file import move_folder
from schemas.errors import UserError

if TYPE_CHECKING:
    from importlib.abc import Traversable

STAMP = "sample.stamp"


@dataclass(frozen=True)
class SampleInfo:
    """The locations of a sample's parts.

    Attributes
    ----------
    folder
        The folder of the sample.
    """

    folder: Path

    @property
    def snapshots(self) -> tuple[str, ...]:
        """The names of the crawls."""
        return (FIRST, SECOND, OLDEST)

    @property
    def archives(self) -> Path:
        """The root of the crawls, with the layout of Common Crawl's bucket."""
        return self.folder / "archives"

    @property
    def inputs(self) -> dict[str, tuple[str, ...]]:
        """Glob patterns of the input files by slice, as `ingest --input` takes them."""
        crawls = self.archives / "crawl-data" / "*" / "segments" / "*"
        web = (crawls / "warc" / "*.warc.gz", crawls / "wet" / "*.wet.gz")
        arcs = self.archives / OLDEST / "*" / "*" / "*" / "*" / "*.arc.gz"
        return {**dumps.inputs(self.dumps), "common_crawl": tuple(map(str, (*web, arcs)))}

    @property
    def dumps(self) -> Path:
        """The folder of the other slices' dumps."""
        return self.folder / "dumps"

    @property
    def models(self) -> Path:
        """The folder with `{lang}.sp.model`, `{lang}.arpa` and `cutoff.csv`."""
        return self.folder / "models"

    @property
    def truth(self) -> Path:
        """The JSON file that lists the planted records and their expected outcomes."""
        return self.folder / "truth.json"


def make(folder: Path, *, seed: int = 0) -> SampleInfo:
    """Write the sample into `folder`; the same seed always gives the same bytes.

    Compressed bytes and trained models depend on the installed zlib and sentencepiece; all other
    bytes are the same everywhere.

    Parameters
    ----------
    folder
        Target folder; existing parts of a sample in it are replaced.
    seed
        Another seed gives other pages with the same kinds of planted records.
    """
    info = SampleInfo(Path(folder))
    info.folder.mkdir(parents=True, exist_ok=True)
    (info.folder / STAMP).unlink(missing_ok=True)
    for old in (info.archives, info.dumps, info.models):
        shutil.rmtree(old, ignore_errors=True)
    web = make_web(info.archives, seed)
    write_truth(info.truth, {**web, **dumps.write(info.dumps, seed)})
    make_models(info.models, seed)
    (info.folder / STAMP).write_text(version(seed), encoding="utf-8")
    return info


def ensure(folder: Path, *, seed: int = 0) -> SampleInfo:
    """Return the sample in `folder`; build it if it is absent or of another version.

    The sample is built next to `folder` and renamed, so that no reader sees an incomplete one.

    Raises
    ------
    UserError
        The folder holds something else than a sample.
    """
    info = SampleInfo(Path(folder))
    if _is_current(info, seed):
        return info
    if info.folder.is_dir() and any(info.folder.iterdir()) and not (info.folder / STAMP).exists():
        raise UserError(f"{info.folder} holds something else than the sample: name another folder")
    fresh = info.folder.with_name(f".{info.folder.name}.{os.getpid()}")
    try:
        make(fresh, seed=seed)
        shutil.rmtree(info.folder, ignore_errors=True)
        move_folder(fresh, info.folder, last=STAMP)
    except OSError:
        # another process may have moved the same sample there first
        if not _is_current(info, seed):
            raise
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return info


def _is_current(info: SampleInfo, seed: int) -> bool:
    stamp = info.folder / STAMP
    return stamp.is_file() and stamp.read_text(encoding="utf-8") == version(seed)


def version(seed: int) -> str:
    """Return a hash of all that the sample's bytes depend on: seed, code, texts and trainer."""
    digest = hashlib.sha256(f"{seed} {metadata.version('sentencepiece')}".encode())
    models = resources.files("udfs.language_models")
    names = ("sentencepiece_pieces", "ngram_counts", "kneser_ney", "arpa")
    used = [models / f"{name}.py" for name in names]
    used.append(resources.files("udfs.ccnet") / "normalizer.py")
    for file in [*_files(resources.files("jobs.sample")), *used]:
        digest.update(file.read_bytes())
    return digest.hexdigest()


def _files(folder: Traversable) -> Iterator[Traversable]:
    """Yield the code and text files below a folder, which may be inside a zipped wheel."""
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.is_dir():
            yield from _files(entry)
        elif entry.name.endswith((".py", ".txt")):
            yield entry
