"""Pages are held out by site where their addresses allow it; figures and advice on what is held out."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from jobs.steps.train.evaluation import HeldOut, advice, auc, calibration, figures
from jobs.steps.train.split import Split, split
from udfs.proportions import auc_interval

Page = tuple[str, str, str | None]


def pages(label: str, sites: int, each: int = 10, address: bool = True) -> Iterator[Page]:
    for site in range(sites):
        for number in range(each):
            url = f"https://www.{label}{site}.co.uk:80/{number}?a=b" if address else None
            yield label, f"{label} page {site} {number} </s>", url


def held(tmp_path: Path, *given: Page) -> tuple[Split, list[str]]:
    result = split(iter(given), tmp_path / "train.txt", seed=3, share=0.2)
    assert [path.name for path in tmp_path.iterdir()] == ["train.txt"]
    return result, (tmp_path / "train.txt").read_text(encoding="utf-8").splitlines()


def test_a_site_is_on_one_side(tmp_path: Path) -> None:
    given = [*pages("good", 50), *pages("crawl", 60)]
    result, lines = held(tmp_path, *given)
    assert result.by == {"good": "site", "crawl": "site"}
    for label, total in (("good", 500), ("crawl", 600)):
        sites = {line.split()[3] for line in lines if line.startswith(label)}
        held_sites = {text.split()[2] for text in result.held_out[label]}
        assert sites
        assert held_sites
        assert not sites & held_sites
        assert result.trained[label] + len(result.held_out[label]) == total
        assert 0.06 < len(result.held_out[label]) / total < 0.6
    # the order of the training file is that of the pages, and a mark of fastText's ends no line
    assert not any("</s>" in line for line in lines)
    again, _ = held(tmp_path, *given)
    assert again == result


@pytest.mark.parametrize("given", [[*pages("good", 2)], [*pages("good", 50, address=False)]])
def test_few_sites_or_no_addresses_are_held_out_by_text(tmp_path: Path, given: list[Page]) -> None:
    result, _ = held(tmp_path, *given, *pages("crawl", 60), ("crawl", "bad", "http://[bad"))
    assert result.by == {"good": "text", "crawl": "site"}
    assert 0 < len(result.held_out["good"]) < len(given)


def test_figures_of_a_perfect_a_random_and_a_constant_classifier() -> None:
    draw = random.Random(5)
    chance = [[draw.random() for _ in range(400)] for _ in range(2)]
    cases: list[tuple[list[float], list[float], float]] = [
        ([0.9] * 200, [0.1] * 200, 1.0),
        ([0.5] * 200, [0.5] * 200, 0.5),
        (chance[0], chance[1], 0.5),
    ]
    for positive, negative, area in cases:
        result = figures(_held(positive, negative))
        low, high = result["auc_interval"]
        assert low <= area <= high
        assert (
            result["accuracy_interval"][0] <= result["accuracy"] <= result["accuracy_interval"][1]
        )
    # the same by counting pairs
    scores = [[round(draw.random(), 1) for _ in range(30)] for _ in range(2)]
    wins = sum((a > b) + (a == b) / 2 for a in scores[0] for b in scores[1])
    assert auc(*scores) == pytest.approx(wins / 900)
    assert auc_interval(0.5, 10, 10)[0] < auc_interval(0.5, 1000, 1000)[0]


def test_calibration_by_hand() -> None:
    rows = calibration([0.95, 0.95, 0.15, 0.95], [0.15, 0.15])
    low, high = rows
    assert (low["from"], low["weight"], low["score"]) == (0.1, 0.625, 0.15)
    assert low["positives"] == pytest.approx(0.125 / 0.625, abs=1e-4)
    assert (high["from"], high["weight"], high["positives"]) == (0.9, 0.375, 1.0)
    result = figures(_held([0.95, 0.95, 0.15, 0.95], [0.15, 0.15]))
    assert result["calibration_error"] == pytest.approx(0.625 * 0.05 + 0.375 * 0.05, abs=1e-4)


def _held(
    positive: list[float],
    negative: list[float],
    languages: tuple[str, str] = ("en", "en"),
    by: tuple[str, str] = ("site", "site"),
    near: int = 0,
) -> HeldOut:
    good, crawl = languages
    return HeldOut(positive, negative, [good] * len(positive), [crawl] * len(negative), near, by)


GOOD, CRAWL = [0.9] * 200, [0.1] * 200


@pytest.mark.parametrize(
    ("pages_", "words"),
    [
        (_held(GOOD, CRAWL), []),
        (_held(GOOD, CRAWL, near=7), ["7 held-out pages are near-duplicates"]),
        (_held([], CRAWL, near=7), ["near-duplicates", "accuracy unknown"]),
        (_held(GOOD[:30], CRAWL), ["30 held-out pages of a class are few"]),
        (_held(GOOD, CRAWL, by=("text", "site")), ["held out by text"]),
        (_held([0.5] * 200, [0.501] * 200), ["score alike: give more --epochs"]),
        (_held([0.2, 0.8] * 100, [0.2, 0.8] * 100), ["no better than chance"]),
        (_held(GOOD, CRAWL, ("en", "de")), ["en: 100% of good pages, 0% of the crawl"]),
    ],
)
def test_advice(pages_: HeldOut, words: list[str]) -> None:
    lines = advice(pages_, figures(pages_))
    assert len(lines) == len(words)
    for line, part in zip(lines, words, strict=True):
        assert part in line
