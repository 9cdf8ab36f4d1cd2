"""List the archives of a Common Crawl snapshot."""

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
    """Return the URIs of a snapshot's archives, in the order of Common Crawl's list.

    Parameters
    ----------
    snapshot
        Its name, such as `CC-MAIN-2023-06`, or RedPajama-V1's short form of it, `2023-06`.
    archive
        `warc` for pages as HTML, `wet` for the text that Common Crawl extracted from them.
    base
        URI of the crawl: Common Crawl's web server, `s3://commoncrawl`, or a folder with the same
        layout.
    limit
        Maximum number of archives to return, from the start of the list.

    Raises
    ------
    UserError
        If the snapshot does not exist, or its list cannot be read.
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
