"""Fetch the published models and lists into a folder, for `annotate --models`.

Each file comes whole or not at all; what is there is checked against its SHA-256, which `SHA256SUMS` in
the folder keeps (`sha256sum -c SHA256SUMS` checks it, too). A file that fails does not stop the others.
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
    """Fetch what is not there yet; the paths of all that is there now, below the folder."""
    folder = local_folder(config.models)
    items = published.chosen(config.what, config.languages, config.mirror, config.table)
    sums = _read_sums(folder)
    fetched, failed = 0, []
    for item in items:
        progress = Progress(item.path, context.out)
        try:
            fetched += _provide(item, folder, sums, progress)
        except (OSError, UserError) as error:
            progress.say(f"{item.path}: {error}")
            failed.append(item.path)
    context.print(f"fetch-models: {len(items) - len(failed)} files in {folder}, {fetched} new")
    if failed:
        raise UserError(
            f"{len(failed)} of {len(items)} files failed, for the reasons above: {', '.join(failed)}"
        )
    return [item.path for item in items]


def _provide(item: Item, folder: Path, sums: dict[str, str], progress: Progress) -> bool:
    """See that a file is there and right; whether it had to be fetched."""
    path = folder / item.path
    expected = item.sha256 or sums.get(item.path)
    new = not path.exists()
    if new:
        found = fetch(item.address, path, expected, progress)
        sums[item.path] = found
        _write_sums(folder, sums)
    elif expected is None:
        progress.say(f"{item.path}: left as it is, since it was not fetched by this command")
    else:
        _check(path, item, expected)
        progress.say(f"{item.path}: there already")
    if item.path == UT1:
        lists = unpack(path, path.parent)
        progress.say(f"{item.path}: unpacked {', '.join(lists)}")
    return new


def _check(path: Path, item: Item, expected: str) -> None:
    found = sha256_of(path)
    if found != expected:
        where = "the table" if item.sha256 else SUMS
        raise UserError(
            f"{path} has SHA-256 {found}, unlike {where}: remove it to fetch it again, or "
            "keep another model under another folder"
        )


def _read_sums(folder: Path) -> dict[str, str]:
    """Path to SHA-256, from lines as `sha256sum` writes them."""
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
