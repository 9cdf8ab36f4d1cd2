"""Unpack UT1's archive of block lists: the lists that the quality signals use, and nothing else."""

from __future__ import annotations

import gzip
import os
import re
import shutil
import tarfile
import zlib
from pathlib import Path
from typing import IO

from schemas.errors import UserError
from udfs.quality_signals.resources import UT1_CATEGORIES

_CATEGORIES = "|".join(UT1_CATEGORIES)
_LIST = re.compile(rf"(?:\./)?(?:blacklists/)?({_CATEGORIES})/domains")
_ALIAS = re.compile(rf"(?:\./)?(?:blacklists/)?({_CATEGORIES})")


def unpack(archive: Path, folder: Path) -> list[str]:
    """Write `folder/CATEGORY/domains` for each category of V2 in the archive; return the categories.

    Members are selected by their exact names, and written to paths that do not come from the archive:
    none of its paths and links reaches the disk. UT1 links other names of a category to it (`porn` to
    `adult`, `violence` to `agressif`): these get a copy of the list.

    Raises
    ------
    UserError
        The file is damaged, no tar archive, or has none of the lists.
    """
    written: list[str] = []
    aliases: dict[str, str] = {}
    try:
        with tarfile.open(archive, "r:*") as tar:
            for member in tar:
                name = member.name
                if member.isfile() and (match := _LIST.fullmatch(name)):
                    content = tar.extractfile(member)
                    assert content is not None  # it is a file
                    _write(content, folder / match[1] / "domains")
                    written.append(match[1])
                elif member.issym() and (match := _ALIAS.fullmatch(name)):
                    aliases[match[1]] = member.linkname.rstrip("/")
    except (tarfile.TarError, EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise UserError(
            f"{archive} cannot be unpacked ({error or type(error).__name__}): "
            "remove it and fetch it again"
        ) from error
    for alias, category in aliases.items():
        if category in written and alias not in written:
            with (folder / category / "domains").open("rb") as content:
                _write(content, folder / alias / "domains")
            written.append(alias)
    if not written:
        raise UserError(f"{archive} has none of UT1's lists, such as blacklists/adult/domains")
    return sorted(set(written))


def _write(content: IO[bytes], path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    with part.open("wb") as file:
        shutil.copyfileobj(content, file)
    os.replace(part, path)
