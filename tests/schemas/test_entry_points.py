"""Packages that add slices, seen by the command line: listed, broken, or two of one name."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

EXAMPLE = Path(__file__).parents[1] / "example_package/src"
CSV_TEXT = "csv_text = redpajama_example.csv_text:SLICE"


def package(folder: Path, name: str, entry: str, group: str = "redpajama.slices") -> None:
    """Put the metadata of an installed package into a folder."""
    metadata = folder / f"{name}-1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    (metadata / "entry_points.txt").write_text(f"[{group}]\n{entry}\n")


def redpajama(folder: Path, *arguments: str) -> tuple[int, str, str]:
    """Run the command line with a folder of packages; return exit code, output and errors."""
    path = os.pathsep.join(map(str, (Path(__file__).parents[2], EXAMPLE, folder)))
    done = subprocess.run(
        [sys.executable, "-m", "jobs.cli", *arguments],
        env={**os.environ, "PYTHONPATH": path, "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


def test_the_slice_of_a_package_is_listed_and_explained(tmp_path: Path) -> None:
    package(tmp_path, "example", CSV_TEXT)
    code, printed, _ = redpajama(tmp_path, "ingest", "--help")
    assert code == 0
    assert "CSV files with a header, a document per row" in printed
    code, printed, _ = redpajama(tmp_path, "ingest", "csv_text", "--help")
    assert code == 0
    assert "column of the text (default: text)" in printed
    assert "csv_text" in redpajama(tmp_path, "export", "--help")[1]


def test_two_packages_of_one_name_are_one_line(tmp_path: Path) -> None:
    package(tmp_path, "example", CSV_TEXT)
    package(tmp_path, "other", "csv_text = other:SLICE")
    line = "two packages have a slice 'csv_text', example 1.0 and other 1.0: uninstall one"
    code, _, errors = redpajama(tmp_path, "ingest", "csv_text", "--root", str(tmp_path))
    assert (code, errors) == (2, f"redpajama: {line}\n")
    assert line in redpajama(tmp_path, "ingest", "--help")[1]


def test_the_name_of_a_shipped_slice_is_refused(tmp_path: Path) -> None:
    package(tmp_path, "example", "c4 = redpajama_example.csv_text:SLICE")
    dump = tmp_path / "c4.json"
    dump.write_text('{"text": "x"}\n')
    root = str(tmp_path / "root")
    code, _, errors = redpajama(tmp_path, "ingest", "c4", "--root", root, "--input", str(dump))
    assert (code, errors) == (
        2,
        "redpajama ingest c4: two packages have a slice 'c4', redpajama-spark and example 1.0: "
        "uninstall one\n",
    )


def test_a_broken_package_is_one_line_and_hurts_no_other_slice(tmp_path: Path) -> None:
    package(tmp_path, "example", "csv_text = redpajama_example.nowhere:SLICE")
    code, _, errors = redpajama(tmp_path, "ingest", "csv_text", "--root", str(tmp_path))
    assert (code, errors) == (
        2,
        "redpajama: the slice 'csv_text' of example 1.0 (redpajama_example.nowhere:SLICE) cannot be "
        "used: ModuleNotFoundError: No module named 'redpajama_example.nowhere'\n",
    )
    assert redpajama(tmp_path, "ingest", "c4", "--help")[0] == 0
