"""The report's page: well formed, self-contained, with hostile ids as text."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree, html
from markupsafe import Markup

from jobs.steps.report import charts, dedup_tables, recall_tables
from jobs.steps.report.markup import code, escaped, joined, percent, table, tag
from jobs.steps.report.page import page
from jobs.steps.report.section import Section
from schemas.errors import UserError
from udfs.proportions import wilson

HOSTILE = "<script>alert('1')</script>\"&\x00\u202e\ud800"


def parsed(markup: str) -> Any:
    """The elements; an error if the markup is not well formed."""
    return etree.fromstring(markup.encode())


def test_text_from_data_is_escaped() -> None:
    cell = parsed(tag("td", HOSTILE, title=HOSTILE))
    assert list(cell) == []
    assert cell.text == cell.get("title") == "<script>alert('1')</script>\"&\ufffd\u202e\ufffd"


@given(st.text(), st.text())
def test_any_text_makes_a_well_formed_element(text: str, other: str) -> None:
    cell = parsed(tag("td", text, code(other), title=other))
    assert [element.tag for element in cell.iter()] == ["td", "code", "bdi"]
    if not re.search("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]", text):
        assert (cell.text or "") == text


def test_markup_is_not_escaped_again() -> None:
    inner = tag("b", "1 < 2")
    assert inner == "<b>1 &lt; 2</b>"
    assert tag("p", inner, " & ", None, 3) == f"<p>{inner} &amp; 3</p>"
    assert escaped(inner) is inner
    assert joined(["<", Markup("<br />")], ",") == "&lt;,<br />"
    assert tag("rect", stroke_width=2, class_="x", title=None) == (
        '<rect stroke-width="2" class="x"></rect>'
    )


def test_a_table_names_its_columns_and_rows() -> None:
    element = parsed(table("About <it>", ("what", "n", "why"), [("a", 1234567, None)], text=(0, 2)))
    assert element.get("aria-label") == "About <it>"
    assert element.findtext(".//caption") == "About <it>"
    assert [cell.get("scope") for cell in element.iter("th")] == ["col", "col", "col", "row"]
    assert [cell.text for cell in element.iter("td")] == ["1,234,567", None]
    assert [cell.get("class") for cell in element.iter("td")] == ["n", None]


def test_a_page_has_its_sections_and_loads_nothing() -> None:
    sections = [
        Section("one", "One & only", tag("p", HOSTILE)),
        Section("two", "Two", charts.stacked("bar", [("a", 3, "red"), (HOSTILE, 1, "blue")])),
    ]
    text = page(HOSTILE, "today", "1.0", sections)
    root = parsed(text.partition("\n")[2])
    assert [section.get("id") for section in root.iter("section")] == ["one", "two"]
    assert [heading.text for heading in root.iter("h2")] == ["One & only", "Two"]
    ids = {element.get("id") for element in root.iter() if element.get("id")}
    assert {link.get("href") for link in root.iter("a")} <= {f"#{id_}" for id_ in ids}
    assert all(section.get("aria-labelledby") in ids for section in root.iter("section"))
    # an HTML parser finds no script either
    for tree in (root, html.fromstring(text.encode())):
        assert not {"script", "link", "img", "iframe", "object"} & {
            element.tag for element in tree.iter()
        }
        names = {str(name) for element in tree.iter() for name in element.attrib}
        assert not {name for name in names if name.startswith("on") or name == "src"}
    policy = html.fromstring(text.encode()).xpath(
        "string(//meta[@http-equiv='Content-Security-Policy']/@content)"
    )
    assert "default-src 'none'" in str(policy)
    assert not re.search(r"https?://|url\(|@import", text)


def test_a_stacked_bar_has_all_parts_in_order() -> None:
    bar = parsed(charts.stacked("of it", [("kept", 900, "a"), ("x", 99, "b"), ("y", 1, "c")]))
    starts = [float(part.get("x").rstrip("%")) for part in bar.iter("rect")]
    widths = [float(part.get("width").rstrip("%")) for part in bar.iter("rect")]
    assert starts == [0, 90, 99.9]
    assert widths == [90, 9.9, 0.4]  # 0.1 % is drawn wider, to be visible
    assert bar.get("aria-label") == "of it: kept 90.0\xa0%, x 9.9\xa0%, y 0.1\xa0%"
    parsed(charts.stacked("of nothing", [("kept", 0, "a")]))


def test_a_chart_places_curves_and_points_by_their_values() -> None:
    curve = charts.Curve("c", [(0.0, 0.0), (1.0, 1.0)])
    point = charts.Point(0.5, 0.5, 0.4, 0.6, "here")
    chart = parsed(charts.unit_chart("t", ("x", "y"), [curve], [point], (0.8, "limit")))
    corners = chart.find(".//polyline").get("points").split()
    (left, bottom), (right, top) = (
        [float(value) for value in corner.split(",")] for corner in corners
    )
    circle = chart.find(".//circle")
    assert float(circle.get("cx")) == (left + right) / 2
    assert float(circle.get("cy")) == (bottom + top) / 2
    assert top < bottom
    width, height = map(float, chart.get("viewBox").split()[2:])
    for label in chart.iter("text"):
        if label.get("x"):
            assert 0 <= float(label.get("x")) <= width
            assert 0 <= float(label.get("y")) <= height


def test_the_explain_command_is_quoted_for_a_shell() -> None:
    import shlex

    id_ = "common_crawl/it's; rm -rf $HOME <b>"
    assert shlex.split(dedup_tables.explain(id_, "/a root")) == [
        "redpajama",
        "dedup",
        "--explain",
        id_,
        "--root",
        "/a root",
    ]


@pytest.mark.parametrize(("found", "of"), [(0, 10), (10, 10), (3, 7), (500, 1000)])
def test_wilson_s_interval_contains_the_share(found: int, of: int) -> None:
    low, high = wilson(found, of)
    assert 0 <= low <= found / of <= high <= 1
    # the measured share is 1.96 standard deviations of each end away from it
    for end in {low, high} - {0.0, 1.0}:
        assert abs(found / of - end) == pytest.approx(
            1.96 * (end * (1 - end) / of) ** 0.5, abs=1e-9
        )


def test_shares_in_percent() -> None:
    assert percent(1, 3) == "33.3\xa0%"
    assert percent(0, 0) == "–"
    assert [recall_tables.signed(share) for share in (0.021, -0.3, -1e-5, 0.0)] == [
        "+2.1\xa0%",
        "-30.0\xa0%",
        "0.0\xa0%",
        "0.0\xa0%",
    ]


def test_an_output_that_is_no_page_is_an_error() -> None:
    from jobs.report import run
    from jobs.runtime.context import Context
    from schemas.settings.report import ReportConfig

    for output in ("numbers.json", "folder/"):
        with pytest.raises(UserError, match="--output"):
            run(Context("/nowhere"), ReportConfig(root="/nowhere", output=output))


def test_a_root_without_tables_is_an_error(tmp_path: Any) -> None:
    from jobs.report import run
    from jobs.runtime.context import Context
    from schemas.settings.report import ReportConfig

    with pytest.raises(UserError, match="has no tables yet"):
        run(Context(str(tmp_path)), ReportConfig(root=str(tmp_path)))
    assert not list(tmp_path.iterdir())
