"""Tests of deploy/docker/slim_sdk.py on a small jar of the same layout."""

from __future__ import annotations

import runpy
import zipfile
from pathlib import Path

import pytest
from deploy_files import DEPLOY

SDK = "software/amazon/awssdk"
KEPT = [
    "META-INF/MANIFEST.MF",
    f"{SDK}/services/s3/S3Client.class",
    f"{SDK}/services/s3/internal/crossregion/A.class",
    f"{SDK}/services/sts/StsClient.class",
    f"{SDK}/core/SdkClient.class",
    f"{SDK}/transfer/s3/S3TransferManager.class",
    f"{SDK}/thirdparty/org/apache/http/HttpHost.class",
]
OTHERS = [f"{SDK}/services/ec2/Ec2Client.class", f"{SDK}/services/s3control/S3ControlClient.class"]


def jar(path: Path, names: list[str]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            archive.writestr(name, name * 10)
    return path


def test_services_that_s3a_does_not_call_go(tmp_path: Path) -> None:
    path = jar(tmp_path / "bundle-2.jar", [*OTHERS, *KEPT])
    runpy.run_path(str(DEPLOY / "docker" / "slim_sdk.py"))["slim"](path)
    with zipfile.ZipFile(path) as archive:
        assert archive.namelist() == KEPT
        assert all(archive.read(name) == name.encode() * 10 for name in KEPT)
    assert list(tmp_path.iterdir()) == [path]


def test_another_jar_is_an_error(tmp_path: Path) -> None:
    path = jar(tmp_path / "other.jar", KEPT)
    with pytest.raises(ValueError, match="no services to leave out"):
        runpy.run_path(str(DEPLOY / "docker" / "slim_sdk.py"))["slim"](path)
