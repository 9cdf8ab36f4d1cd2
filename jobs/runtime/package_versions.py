"""Versions of Python and of the packages that decide what a run writes."""

from __future__ import annotations

import importlib.metadata
import platform


def versions() -> dict[str, str]:
    """Return the version of each, as a run's record has it."""
    packages = ("redpajama-spark", "pyspark", "pyarrow", "resiliparse", "fastwarc")
    versions = {"python": platform.python_version()}
    for package in packages:
        try:
            versions[package] = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:  # run from a checkout or an archive
            versions[package] = "not installed"
    return versions


def own() -> str:
    """Return the version of this package; nothing where it is run from a checkout or an archive."""
    try:
        return importlib.metadata.version("redpajama-spark")
    except importlib.metadata.PackageNotFoundError:
        return ""
