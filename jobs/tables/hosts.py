"""The host of an address, by Spark alone: no text crosses into Python."""

from __future__ import annotations

from pyspark.sql import Column
from pyspark.sql import functions as F

_HOST = r"^[A-Za-z][A-Za-z0-9+.-]*://(?:[^/?#@]*@)?([^/:?#]+)"


def host_of(url: Column) -> Column:
    """Return the host in small letters, without user and port; null where the address has none."""
    host = F.lower(F.regexp_extract(url, _HOST, 1))
    return F.when(host != "", host)
