"""Signals of installed packages: found by entry point, measured beside V2's, one line for an error."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from schemas import entry_points
from schemas.errors import UserError
from udfs.quality_signals import columns_and_signatures, installed_signals
from udfs.quality_signals.installed import InstalledSignal

MODULE = """
import numpy as np
from udfs.quality_signals import Signal

NOT_A_FUNCTION = 5

def has_code(text):
    return "def " in text if text else None

def characters(documents):
    return documents.lengths / 2

half_length = Signal(characters)
of_lines = Signal(characters, "lines")
two_each = Signal(lambda documents: np.zeros(2 * len(documents)))
"""


def install(folder: Path, name: str, *entry_points: str, version: str = "1.0") -> None:
    """Write the metadata of a package, as pip does."""
    metadata = folder / f"{name}-{version}.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
    lines = ["[redpajama.signals]", *entry_points]
    (metadata / "entry_points.txt").write_text("\n".join(lines))


@pytest.fixture
def packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    (tmp_path / "signals_of_a_user.py").write_text(MODULE)
    monkeypatch.syspath_prepend(str(tmp_path))
    forget_packages()
    yield tmp_path
    forget_packages()


def forget_packages() -> None:
    entry_points.entry_points.cache_clear()
    entry_points._any_of_ours.cache_clear()


def signal(attribute: str) -> InstalledSignal:
    return InstalledSignal("mine", f"signals_of_a_user:{attribute}", "example 1.0")


def test_signals_of_a_package_are_measured_beside_those_of_v2(packages: Path) -> None:
    install(
        packages,
        "my-rules",
        "has_code = signals_of_a_user:has_code",
        "half_length = signals_of_a_user:half_length",
        version="2.1",
    )
    found = installed_signals()
    assert {signal.name: signal.version for signal in found} == {
        "half_length": "signals_of_a_user:half_length of my-rules 2.1",
        "has_code": "signals_of_a_user:has_code of my-rules 2.1",
    }
    texts = ["def f(): ...", "no", "", None]
    others = ["en"] * 4, [None] * 4
    plain = columns_and_signatures(texts, *others)
    measured = columns_and_signatures(
        texts, *others, user_signals={signal.name: signal.load() for signal in found}
    )
    assert plain.user_signals is None
    assert measured.signals == plain.signals
    assert measured.user_signals is not None
    assert measured.user_signals.to_pylist() == [
        [("half_length", 6.0), ("has_code", 1.0)],
        [("half_length", 1.0), ("has_code", 0.0)],
        [("half_length", 0.0)],
        None,
    ]


def test_without_packages_there_are_no_signals() -> None:
    assert installed_signals() == ()


def test_two_signals_of_one_name_are_refused(packages: Path) -> None:
    install(packages, "one", "mine = a:b")
    install(packages, "two", "mine = a:b")
    with pytest.raises(
        UserError, match=r"two packages have a signal 'mine', one 1\.0 and two 1\.0"
    ):
        installed_signals()


def test_a_name_of_v2_is_refused(packages: Path) -> None:
    install(packages, "one", "rps_doc_word_count = a:b")
    with pytest.raises(
        UserError, match=r"signal 'rps_doc_word_count', redpajama-spark and one 1\.0"
    ):
        installed_signals()


@pytest.mark.parametrize(
    ("attribute", "message"),
    [
        ("missing", "signal mine, .* of example 1.0: .*no attribute 'missing'"),
        ("NOT_A_FUNCTION", "expected a function of a text or a Signal of documents, found int"),
        ("of_lines", "expected a function of a text or a Signal of documents, found Signal"),
    ],
)
def test_a_function_that_cannot_be_loaded_is_one_line(
    packages: Path, attribute: str, message: str
) -> None:
    with pytest.raises(UserError, match=message) as raised:
        signal(attribute).load()
    assert "\n" not in str(raised.value)
    with pytest.raises(UserError, match="No module named 'no_such'"):
        InstalledSignal("mine", "no_such.module:f", "example 1.0").load()


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ("builtins:int", "signal mine: ValueError: invalid literal"),
        ("builtins:str.split", "signal mine: TypeError: "),
        ("signals_of_a_user:two_each", "signal mine: expected one number for each document"),
    ],
)
def test_a_function_that_fails_is_one_line(packages: Path, target: str, message: str) -> None:
    loaded = InstalledSignal("mine", target, "example 1.0").load()
    with pytest.raises(UserError, match=message):
        columns_and_signatures(["a b"], ["en"], [None], user_signals={"mine": loaded})


def test_a_number_that_is_not_there_is_absent() -> None:
    loaded = InstalledSignal("mine", "builtins:float", "example 1.0").load()
    texts = ["1.5", "nan", "inf"]
    found = columns_and_signatures(texts, ["en"] * 3, [None] * 3, user_signals={"mine": loaded})
    assert found.user_signals is not None
    assert found.user_signals.to_pylist() == [[("mine", 1.5)], [], [("mine", np.inf)]]
