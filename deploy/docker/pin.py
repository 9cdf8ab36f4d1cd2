"""Make constraints.txt anew: what setup.cfg's install_requires resolve to today, for each Python.

Usage: python deploy/docker/pin.py python3.10 python3.11 python3.12 python3.13 > constraints.txt

Nothing is installed. Each Python needs pip 23 or newer. Where a package has other versions for some
Pythons, or is wanted by some alone, its lines say which.
"""

from __future__ import annotations

import configparser
import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

SETUP_CFG = Path(__file__).parents[2] / "setup.cfg"

HEAD = """\
# All dependencies of the project, each at one version: those of deploy/docker's image.
# Made by `python deploy/docker/pin.py {pythons} > deploy/docker/constraints.txt`;
# make it anew where setup.cfg's install_requires change, and run the tests with it:
#     pip install --constraint deploy/docker/constraints.txt '.[test]'
# pyspark and py4j are for environments without a Spark of their own; the image leaves them out.
"""

Versions = dict[str, str]


def main(pythons: Sequence[str]) -> None:
    """Print the file."""
    found = dict(map(resolve, pythons))
    print(HEAD.format(pythons=" ".join(f"python{version}" for version in found)), end="")
    print("\n".join(lines(found)))


def resolve(python: str) -> tuple[str, Versions]:
    """A Python's version, and the versions of all packages that it would install."""
    cfg = configparser.ConfigParser()
    cfg.read(SETUP_CFG)
    with tempfile.TemporaryDirectory() as folder:
        wanted = Path(folder, "requirements.txt")
        wanted.write_text(cfg["options"]["install_requires"], encoding="utf-8")
        report = Path(folder, "report.json")
        # pyspark is the one that PyPI has as a source only
        command = "-m pip install --quiet --dry-run --ignore-installed --only-binary :all: "
        command += f"--no-binary pyspark --report {report} --requirement {wanted}"
        subprocess.run([python, *command.split()], check=True)
        said = json.loads(report.read_text(encoding="utf-8"))
    versions = {each["metadata"]["name"]: each["metadata"]["version"] for each in said["install"]}
    return said["environment"]["python_version"], versions


def lines(found: Mapping[str, Versions]) -> list[str]:
    """The lines of constraints.txt for the versions that each Python has.

    Examples
    --------
    >>> lines({"3.10": {"numpy": "2.2.6", "tomli": "2.5"}, "3.11": {"numpy": "2.3.5"}})
    ['numpy==2.2.6; python_version == "3.10"', 'numpy==2.3.5; python_version == "3.11"', \
'tomli==2.5; python_version == "3.10"']
    """
    made = []
    for name in sorted(set().union(*found.values()), key=str.lower):
        by_version: dict[str, list[str]] = {}
        for python, versions in found.items():
            if name in versions:
                by_version.setdefault(versions[name], []).append(python)
        for version, pythons in by_version.items():
            marker = " or ".join(f'python_version == "{python}"' for python in pythons)
            everywhere = len(pythons) == len(found)
            made.append(f"{name}=={version}" + ("" if everywhere else f"; {marker}"))
    return made


if __name__ == "__main__":
    main(sys.argv[1:])
