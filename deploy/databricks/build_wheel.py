"""Build the project's wheel for Databricks: without the requirement of pyspark.

Usage: python3 deploy/databricks/build_wheel.py FOLDER

Databricks has its own Spark. On serverless compute it is Databricks Connect, which a pyspark in the same
environment breaks (https://docs.databricks.com/dev-tools/databricks-connect/python/install.html), and
pip, which does not see it, would install one.
"""

from __future__ import annotations

import base64
import hashlib
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
SOURCES = ("jobs", "udfs", "schemas", "setup.cfg", "pyproject.toml", "README.md", "LICENSE")


def main(folder: Path) -> None:
    """Build the wheel as the only file of a folder."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as work:
        # build from a copy, so that no files of builds get into the wheel or the checkout
        source = Path(work, "source")
        source.mkdir()
        for name in SOURCES:
            copy = shutil.copytree if (PROJECT / name).is_dir() else shutil.copyfile
            copy(PROJECT / name, source / name)
        command = ["-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", work, str(source)]
        subprocess.run([sys.executable, *command], check=True)
        (wheel,) = Path(work).glob("*.whl")
        without(wheel, folder / wheel.name, "pyspark")


def without(wheel: Path, target: Path, package: str) -> None:
    """Write a copy of the wheel without its requirement of a package.

    Raises
    ------
    ValueError
        The wheel does not require the package.
    """
    with zipfile.ZipFile(wheel) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        files = {info: old.read(info) for info in old.infolist()}
        for info, content in files.items():
            if info.filename.endswith(".dist-info/METADATA"):
                metadata, name = _without_requirement(content, package), info.filename
        for info, content in files.items():
            if info.filename == name:
                content = metadata
            elif info.filename.endswith(".dist-info/RECORD"):
                content = _with_digest(content, name, metadata)
            new.writestr(info, content, zipfile.ZIP_DEFLATED)


def _without_requirement(metadata: bytes, package: str) -> bytes:
    lines = metadata.split(b"\n")
    # with or without an extra, such as `pyspark[connect]`
    requirement = re.compile(rb"Requires-Dist: " + package.encode() + rb"\b(?!-)")
    end = lines.index(b"")  # the description follows
    kept = [line for line in lines[:end] if not requirement.match(line)]
    if len(kept) == end:
        raise ValueError(f"no requirement of {package}")
    return b"\n".join(kept + lines[end:])


def _with_digest(record: bytes, name: str, content: bytes) -> bytes:
    digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=")
    line = b"%s,sha256=%s,%d" % (name.encode(), digest, len(content))
    entry = re.compile(b"^" + re.escape(name.encode()) + b",.*$", re.MULTILINE)
    return entry.sub(lambda _: line, record)


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
