"""Makes the whole sample in a folder, or finds it there."""

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
from schemas.errors import UserError

if TYPE_CHECKING:
    from importlib.abc import Traversable

STAMP = "sample.stamp"


@dataclass(frozen=True)
class SampleInfo:
    """Where the parts of a made sample are.

    Attributes
    ----------
    folder
        The folder of the sample.
    """

    folder: Path

    @property
    def snapshots(self) -> tuple[str, ...]:
        """The crawls in it."""
        return (FIRST, SECOND, OLDEST)

    @property
    def archives(self) -> Path:
        """The root of the crawls, laid out as Common Crawl's bucket."""
        return self.folder / "archives"

    @property
    def inputs(self) -> dict[str, tuple[str, ...]]:
        """Patterns of the input files by slice, as `ingest` takes them."""
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
        """The folder of `{lang}.sp.model`, `{lang}.arpa` and `cutoff.csv`."""
        return self.folder / "models"

    @property
    def truth(self) -> Path:
        """The file that says what was planted."""
        return self.folder / "truth.json"


def make(folder: Path, *, seed: int = 0) -> SampleInfo:
    """Write the sample into `folder`, the same bytes every time for the same seed.

    Compressed bytes and trained models are those of the zlib and the sentencepiece at hand; all
    else is the same everywhere.

    Parameters
    ----------
    folder
        Where to; what is in the way of the sample's own files is replaced.
    seed
        Another seed writes other pages with the same things planted.
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
    """Return the sample in `folder`; make it where it is absent or was made by another version.

    It is made beside `folder` and moved into place, so that no one meets half of it.

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
        fresh.rename(info.folder)
    except OSError:
        # another process may have put the same sample there in the meantime
        if not _is_current(info, seed):
            raise
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return info


def _is_current(info: SampleInfo, seed: int) -> bool:
    stamp = info.folder / STAMP
    return stamp.is_file() and stamp.read_text(encoding="utf-8") == version(seed)


def version(seed: int) -> str:
    """Return what the sample's bytes depend on: the seed, its code and texts, and the trainer."""
    found = hashlib.sha256(f"{seed} {metadata.version('sentencepiece')}".encode())
    models = resources.files("udfs.language_models")
    names = ("sentencepiece_pieces", "ngram_counts", "kneser_ney", "arpa")
    used = [models / f"{name}.py" for name in names]
    used.append(resources.files("udfs.ccnet") / "normalizer.py")
    for file in [*_files(resources.files("jobs.sample")), *used]:
        found.update(file.read_bytes())
    return found.hexdigest()


def _files(folder: Traversable) -> Iterator[Traversable]:
    """Code and texts below a folder, which may be one of a wheel that is not unpacked."""
    for each in sorted(folder.iterdir(), key=lambda each: each.name):
        if each.is_dir():
            yield from _files(each)
        elif each.name.endswith((".py", ".txt")):
            yield each
