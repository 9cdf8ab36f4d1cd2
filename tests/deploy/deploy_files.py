"""Read the files of deploy/ for its tests."""

from __future__ import annotations

import configparser
from pathlib import Path
from typing import Any

import yaml

PROJECT = Path(__file__).parents[2]
DEPLOY = PROJECT / "deploy"


def setup_cfg() -> configparser.ConfigParser:
    """Return the parsed setup.cfg of the project."""
    parser = configparser.ConfigParser()
    parser.read(PROJECT / "setup.cfg")
    return parser


def requirements() -> list[str]:
    """Return the lines of install_requires without comments."""
    lines = setup_cfg()["options"]["install_requires"].splitlines()
    return [line for line in map(str.strip, lines) if line and not line.startswith("#")]


def spark_defaults(path: Path = DEPLOY / "spark-defaults.conf") -> dict[str, str]:
    """Return the settings of a spark-defaults.conf; fail if a name is repeated."""
    settings: dict[str, str] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            name, value = line.split(maxsplit=1)
            assert name not in settings, f"{name} twice"
            settings[name] = value.strip()
    return settings


def load_yaml(*parts: str) -> list[Any]:
    """Return the documents of a YAML file below deploy/."""
    return list(yaml.safe_load_all(DEPLOY.joinpath(*parts).read_text(encoding="utf-8")))
