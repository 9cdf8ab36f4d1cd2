"""Common Crawl's layout: where the archives of a snapshot are."""

from __future__ import annotations

import gzip
import itertools
import re
from typing import Literal

from jobs.storage import join, open_stream
from schemas.errors import UserError

BASE = "https://data.commoncrawl.org"


def archive_list(
    snapshot: str,
    archive: Literal["warc", "wet"] = "warc",
    base: str = BASE,
    limit: int | None = None,
) -> list[str]:
    """Return the addresses of a snapshot's archives, in the order of Common Crawl's list.

    Parameters
    ----------
    snapshot
        Such as `CC-MAIN-2023-06`; RedPajama-V1's way of naming it, `2023-06`, will do.
    archive
        `warc` for pages as HTML, `wet` for Common Crawl's own text of them.
    base
        Where the crawl is: Common Crawl's web server, `s3://commoncrawl`, or a folder laid out so.
    limit
        Only the first so many.

    Raises
    ------
    UserError
        If there is no such snapshot, or it cannot be read.
    """
    if re.fullmatch(r"\d{4}-\d{2}", snapshot):
        snapshot = f"CC-MAIN-{snapshot}"
    paths = join(base, "crawl-data", snapshot, f"{archive}.paths.gz")
    try:
        with open_stream(paths) as packed, gzip.open(packed, "rt", encoding="utf-8") as lines:
            names = [line.strip() for line in itertools.islice(lines, limit)]
    except FileNotFoundError:
        raise UserError(
            f"no snapshot {snapshot!r} at {paths}: snapshots are named CC-MAIN-YYYY-WW, such as "
            "CC-MAIN-2023-06; index.commoncrawl.org lists them"
        ) from None
    except OSError as error:
        raise UserError(f"cannot read {paths}: {error}") from error
    return [join(base, name) for name in names if name]
