"""The benchmark's data, ratios and thresholds, with planted times."""

from __future__ import annotations

import copy
import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import yaml

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

import run
from archives import by_record, http, read, warc_record
from suite import data, plot, results

NAMES = ("start", *results.STAGES, "whole", "bare curate", "bare mix", "bare ingest")
ADDED = dict.fromkeys(results.STAGES, 20.0) | {
    "bare ingest": 10.0,
    "bare curate": 10.0,
    "bare mix": 5.0,
    "whole": 120.0,
}


def result() -> dict[str, Any]:
    """Return a result in which each stage costs 3 s and what `ADDED` says for each size."""
    runs = []
    for size in (1, 4):
        for cores in (1, 2):
            stages = {
                name: {"processor": 3 + ADDED.get(name, 0) * size, "wall": 100 * size / cores**0.9}
                for name in NAMES
            }
            runs.append({"size": size, "cores": cores, "stages": stages})
    return {"pages": 500, "runs": runs, "peers": {"trafilatura": {"peer": 9.0, "ours": 3.0}}}


def with_cost(name: str, factor: float) -> dict[str, Any]:
    changed = copy.deepcopy(result())
    for one in changed["runs"]:
        one["stages"][name]["processor"] *= factor
    return changed


def test_costs_are_what_a_size_adds() -> None:
    costs = results.costs(result())
    assert costs["ingest"] == costs["dedup"] == 2
    assert costs["curate / copy"] == 2
    assert costs["mix / copy"] == 4
    assert costs["start"] == pytest.approx(3 / (10 / 500 * 1000))
    assert costs["growth"] == 1
    assert costs["cores"] == pytest.approx(2**-0.9, abs=1e-4)


def test_one_size_tells_no_costs() -> None:
    one = {**result(), "runs": result()["runs"][:2]}
    assert results.costs(one) == {}
    assert "| annotate | 23.0, 100.0 | 23.0, 53.6 |" in list(results.tables(one))


def test_another_machine_changes_no_cost() -> None:
    slow = copy.deepcopy(result())
    for one in slow["runs"]:
        for seconds in one["stages"].values():
            seconds["processor"] *= 3
            seconds["wall"] *= 5
    assert results.costs(slow) == results.costs(result())


def test_the_thresholds_name_costs() -> None:
    thresholds = yaml.safe_load(run.THRESHOLDS.read_text(encoding="utf-8"))
    named = {*thresholds["growth_of"], *thresholds["most"]} - {"default"}
    assert named <= set(results.costs(result()))


@pytest.mark.parametrize(
    ("name", "factor", "code"), [("dedup", 1.05, 0), ("dedup", 1.5, 1), ("annotate", 0.5, 0)]
)
def test_compare_exits_with_1_past_a_threshold(
    name: str, factor: float, code: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old, new = tmp_path / "old.json", tmp_path / "new.json"
    old.write_text(json.dumps(result()))
    new.write_text(json.dumps(with_cost(name, factor)))
    assert run.main(["compare", str(old), str(new)]) == code
    assert (f"{name}: 2 became" in capsys.readouterr().out) == bool(code)


def test_a_cost_over_its_bound_is_refused_whatever_it_was() -> None:
    thresholds = {"growth_of": {"default": 9.0}, "most": {"ingest": 1.5}}
    assert results.worse(result(), result(), thresholds) == ["ingest: 2; at most 1.5"]


def test_tables_and_plot(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file, picture = tmp_path / "result.json", tmp_path / "plot.svg"
    file.write_text(json.dumps(result()))
    assert run.main(["tables", str(file), "--plot", str(picture)]) == 0
    said = capsys.readouterr().out
    assert "| annotate | 23.0, 100.0 |" in said
    assert "| trafilatura | 9.0 | 3.0 | 3.00 |" in said
    lines = ElementTree.parse(picture).getroot().iter("{http://www.w3.org/2000/svg}polyline")
    assert len(list(lines)) == 2
    assert plot.svg(result()) == picture.read_text(encoding="utf-8")


def test_copies_of_pages_share_no_five_words(tmp_path: Path) -> None:
    words = b" ".join([b"the", b"old", b"mill", b"by", b"a", b"wide", b"river"] * 9)
    page = b"<html><body><p class='a b c d e f'>" + words + b"</p></body></html>"
    archive = tmp_path / "a.warc.gz"
    archive.write_bytes(
        by_record(warc_record(http(page), name="00000000-0000-0000-0000-000000000001"))
    )
    copies = data.multiplied([archive], 2, tmp_path)
    rows = [row for (path,) in copies for row in read(path.read_bytes())]
    assert not [row for row in rows if row["error"]]
    assert len({row["record_id"] for row in rows}) == len({row["digest"] for row in rows}) == 2
    texts = [row["content"].decode() for row in rows]
    assert all("<p class='a b c d e f'>" in text for text in texts)
    grams = Counter(
        gram
        for text in texts
        for gram in {tuple(text.split()[n : n + 5]) for n in range(8, len(text.split()) - 4)}
    )
    assert set(grams.values()) == {1}
