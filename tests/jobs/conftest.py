"""What the tests of jobs share: servers on loopback, and a folder in each kind of store."""

from __future__ import annotations

import pytest
from faulty_server import faulty_server
from s3_server import s3, s3_endpoint

__all__ = ["faulty_server", "s3", "s3_endpoint"]


@pytest.fixture(params=["file", pytest.param("s3", marks=pytest.mark.s3)])
def any_root(request: pytest.FixtureRequest) -> str:
    """Give an empty folder, once in the file system and once in an S3 bucket."""
    if request.param == "file":
        return str(request.getfixturevalue("tmp_path"))
    return str(request.getfixturevalue("s3").uri()).rstrip("/")
