"""`cutoff.csv`: adding or replacing a column keeps the others."""

from __future__ import annotations

from pathlib import Path

from udfs.ccnet.buckets import CCNET_CUTOFFS, Cutoffs
from udfs.ccnet.cutoff_table import ccnet_table, with_column

VALUES = [float(10 * rank) for rank in range(101)]


def load(tmp_path: Path, table: str) -> dict[str, tuple[float, float]]:
    path = tmp_path / "cutoff.csv"
    path.write_text(table, encoding="utf-8")
    return dict(Cutoffs.load(path).table)


def test_a_new_table_has_the_percentiles_from_0_to_100(tmp_path: Path) -> None:
    table = with_column(None, "xx", VALUES)
    lines = table.splitlines()
    assert lines[0] == ",xx"
    assert [line.split(",")[0] for line in lines[1:]] == [str(rank) for rank in range(101)]
    assert load(tmp_path, table) == {"xx": (300.0, 600.0)}


def test_a_column_is_added_at_the_end_and_replaced_in_its_position(tmp_path: Path) -> None:
    table = with_column(with_column(None, "aa", VALUES), "bb", [2 * value for value in VALUES])
    assert load(tmp_path, table) == {"aa": (300.0, 600.0), "bb": (600.0, 1200.0)}
    replaced = with_column(table, "aa", [value + 1 for value in VALUES])
    assert replaced.splitlines()[0] == ",aa,bb"
    assert load(tmp_path, replaced) == {"aa": (301.0, 601.0), "bb": (600.0, 1200.0)}


def test_the_rows_of_an_existing_table_are_kept(tmp_path: Path) -> None:
    table = with_column(",de\n30,370\n37.5,400\n60,590\n", "xx", VALUES)
    assert table == ",de,xx\n30,370,300.0\n37.5,400,375.0\n60,590,600.0\n"
    assert load(tmp_path, table)["de"] == (370.0, 590.0)


def test_ccnets_table_has_the_languages_that_ccnet_knows(tmp_path: Path) -> None:
    assert ccnet_table(["xx"]) is None
    table = ccnet_table(["xx", "en", "de"])
    assert table is not None
    assert load(tmp_path, table) == {code: CCNET_CUTOFFS[code] for code in ("de", "en")}
