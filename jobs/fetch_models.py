"""Fetch the published models and lists into a folder, for `annotate --models`.

Each file is fetched completely or not at all. Existing files are checked against their SHA-256, which
`SHA256SUMS` in the folder keeps (`sha256sum -c SHA256SUMS` checks it, too). A file that fails does not stop
the others.
"""

from __future__ import annotations

import sys
from pathlib import Path

from jobs import storage
from jobs.runtime.context import Context
from jobs.steps.fetch_models import published
from jobs.steps.fetch_models.blacklists import unpack
from jobs.steps.fetch_models.download import Progress, fetch, sha256_of
from jobs.steps.fetch_models.published import UT1, Item
from jobs.storage.local_path import local_folder
from schemas.errors import UserError
from schemas.settings.fetch_models import FetchModelsConfig

SUMS = "SHA256SUMS"


def run(context: Context, config: FetchModelsConfig) -> list[str]:
    """Fetch the files that are missing; return the paths of all files, below the folder."""
    folder = local_folder(config.models)
    items = published.chosen(config.what, config.languages, config.mirror, config.table)
    sums = _read_sums(folder)
    fetched, failed = 0, []
    for item in items:
        progress = Progress(item.path, context.out)
        try:
            fetched += _provide(item, folder, sums, progress)
        except (OSError, UserError) as error:
            progress.print(f"{item.path}: {error}")
            failed.append(item.path)
    context.print(f"fetch-models: {len(items) - len(failed)} files in {folder}, {fetched} new")
    if failed:
        raise UserError(
            f"{len(failed)} of {len(items)} files failed, for the reasons above: {', '.join(failed)}"
        )
    return [item.path for item in items]


def _provide(item: Item, folder: Path, sums: dict[str, str], progress: Progress) -> bool:
    """Fetch a file or check the existing one; return whether it was fetched."""
    path = folder / item.path
    expected = item.sha256 or sums.get(item.path)
    new = not path.exists()
    if new:
        sums[item.path] = fetch(item.address, path, expected, progress)
        _write_sums(folder, sums)
    elif expected is None:
        progress.print(f"{item.path}: not checked, since this command did not fetch it")
    else:
        _check(path, item, expected)
        progress.print(f"{item.path}: already there")
    if item.path == UT1:
        lists = unpack(path, path.parent)
        progress.print(f"{item.path}: unpacked {', '.join(lists)}")
    return new


def _check(path: Path, item: Item, expected: str) -> None:
    sha256 = sha256_of(path)
    if sha256 != expected:
        source = "the table" if item.sha256 else SUMS
        raise UserError(
            f"{path} has SHA-256 {sha256}, unlike {source}: remove it to fetch it again, or "
            "keep another model under another folder"
        )


def _read_sums(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of each path, from lines as `sha256sum` writes them."""
    path = folder / SUMS
    if not path.exists():
        return {}
    lines = path.read_text(encoding="utf-8").splitlines()
    return {name: digest for digest, _, name in (line.partition("  ") for line in lines) if name}


def _write_sums(folder: Path, sums: dict[str, str]) -> None:
    lines = [f"{digest}  {name}\n" for name, digest in sorted(sums.items())]
    storage.write_bytes(str(folder / SUMS), "".join(lines).encode())


if __name__ == "__main__":
    from jobs.cli import main

    sys.exit(main(["fetch-models", *sys.argv[1:]]))
