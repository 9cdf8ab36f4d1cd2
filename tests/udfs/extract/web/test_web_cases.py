"""Pages that extractors are known to lose text of, with their right text."""

from __future__ import annotations

from pathlib import Path

import pytest

from udfs.extract.html import extract

SENTENCE = "has been enlarged several times"  # of the prose of all pages


def between_prose(path: Path) -> list[str]:
    """Return the lines of a page's text that are not its prose; fail if the prose is not all there."""
    text = extract(path.read_bytes(), "text/html; charset=utf-8").text
    assert text.count(SENTENCE) == path.read_bytes().count(SENTENCE.encode())
    return [line for line in text.split("\n") if SENTENCE not in line]


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ("single-char-node-cjk/input.html", ["中国人民的生活很好。山和水。", "제가 그를 보았다"]),
        (
            "single-char-node-table/input.html",
            [
                *("男\t12", "女\t15", "B\t€ 12", "C\t—"),
                "Here 5 ≤ x ≥ 2 and press ⌘+C, then →.",
            ],
        ),
        (
            "ordered-list-start/input.html",
            ["  5. five comes first here", "  6. six is next", "  9. nine jumps"],
        ),
        ("math-wikipedia-mathjax/mathjax2.html", [r"We have x^2+1 and \int f here."]),
        ("math-wikipedia-mathjax/mathml.html", [r"We have x^2+\frac{1}{2} here."]),
        ("math-wikipedia-mathjax/wikipedia.html", ["We have x^{2} here."]),
    ],
)
def test_lines(page: str, expected: list[str], web_cases: Path) -> None:
    assert between_prose(web_cases / page) == expected


def test_readings_of_ruby_are_dropped(web_cases: Path) -> None:
    [line] = between_prose(web_cases / "ruby-furigana" / "input.html")
    assert line.startswith("本日の会議は東京で行います。本日の会議は午後二時から")


@pytest.mark.parametrize(
    ("page", "items"),
    [
        ("body-ul.html", ("Point one: the agency", "Point two: the minutes")),
        ("key-points.html", ("You should aim", "You generally fall", "Live below your means")),
    ],
)
def test_lists_near_the_root_stay(page: str, items: tuple[str, ...], web_cases: Path) -> None:
    lines = between_prose(web_cases / "ul-near-root" / page)
    assert len(lines) == len(items)
    assert all(line.startswith(f"  • {item}") for line, item in zip(lines, items, strict=True))


@pytest.mark.parametrize("kind", ["class-no-comments", "decoy-main-content", "thread-of-comments"])
def test_the_prose_stays(kind: str, web_cases: Path) -> None:
    pages = sorted((web_cases / kind).glob("*.html"))
    assert pages
    for page in pages:
        assert not [line for line in between_prose(page) if "newsletter" in line]
