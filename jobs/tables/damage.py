"""Damaged Parquet files: one line that names the file, for what pyarrow says without it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pyarrow as pa

from schemas.errors import UserError, one_line


class DamagedFileError(UserError):
    """A Parquet file is cut, or its bytes have changed."""


@contextmanager
def named(uri: str) -> Iterator[None]:
    """Read a file in a block.

    Raises
    ------
    DamagedFileError
        It is damaged.
    """
    try:
        yield
    except (pa.ArrowException, OSError) as error:
        # those of a store and of the system have a number, or are of a class of their own
        if not isinstance(error, pa.ArrowException) and (type(error) is not OSError or error.errno):
            raise
        raise DamagedFileError(
            f"{uri} is damaged ({one_line(error)}): put it back from a copy, or make its table again "
            "(`redpajama check --deep` says how)"
        ) from error
