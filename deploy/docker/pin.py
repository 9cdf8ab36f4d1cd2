"""Write constraints.txt: the versions that setup.cfg's install_requires resolve to, for each Python.

Usage: python deploy/docker/pin.py python3.10 python3.11 python3.12 python3.13 > constraints.txt

Nothing is installed. Each Python needs pip 23 or newer. A package that not all Pythons have, or that has
several versions, gets environment markers.
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
# All dependencies of the project, each pinned to one version: those of deploy/docker's image.
# Written by `python deploy/docker/pin.py {pythons} > deploy/docker/constraints.txt`;
# write it again when setup.cfg's install_requires change, and run the tests with it:
#     pip install --constraint deploy/docker/constraints.txt '.[test]'
# pyspark and py4j are for environments without a Spark of their own; the image leaves them out.
"""

Versions = dict[str, str]


def main(pythons: Sequence[str]) -> None:
    """Print constraints.txt for these Pythons."""
    resolved = dict(map(resolve, pythons))
    print(HEAD.format(pythons=" ".join(f"python{version}" for version in resolved)), end="")
    print("\n".join(lines(resolved)))


def resolve(python: str) -> tuple[str, Versions]:
    """Return the version of a Python and the versions of all packages that it would install."""
    cfg = configparser.ConfigParser()
    cfg.read(SETUP_CFG)
    with tempfile.TemporaryDirectory() as folder:
        wanted = Path(folder, "requirements.txt")
        wanted.write_text(cfg["options"]["install_requires"], encoding="utf-8")
        report = Path(folder, "report.json")
        # pyspark is the only package that PyPI has as a source only
        command = "-m pip install --quiet --dry-run --ignore-installed --only-binary :all: "
        command += f"--no-binary pyspark --report {report} --requirement {wanted}"
        subprocess.run([python, *command.split()], check=True)
        content = json.loads(report.read_text(encoding="utf-8"))
    packages = [install["metadata"] for install in content["install"]]
    versions = {package["name"]: package["version"] for package in packages}
    return content["environment"]["python_version"], versions


def lines(resolved: Mapping[str, Versions]) -> list[str]:
    """Return the lines of constraints.txt for the versions that each Python resolves.

    Examples
    --------
    >>> lines({"3.10": {"numpy": "2.2.6", "tomli": "2.5"}, "3.11": {"numpy": "2.3.5"}})
    ['numpy==2.2.6; python_version == "3.10"', 'numpy==2.3.5; python_version == "3.11"', \
'tomli==2.5; python_version == "3.10"']
    """
    constraints = []
    for name in sorted(set().union(*resolved.values()), key=str.lower):
        by_version: dict[str, list[str]] = {}
        for python, versions in resolved.items():
            if name in versions:
                by_version.setdefault(versions[name], []).append(python)
        for version, pythons in by_version.items():
            marker = " or ".join(f'python_version == "{python}"' for python in pythons)
            is_common = len(pythons) == len(resolved)
            constraints.append(f"{name}=={version}" + ("" if is_common else f"; {marker}"))
    return constraints


if __name__ == "__main__":
    main(sys.argv[1:])
