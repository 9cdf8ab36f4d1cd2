"""The pages of `explore` in a real browser: what a reader sees, can reach, and is safe from."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlencode

import browser
import pytest
from browser import CONTRASTS, NARROW, OVERLAPS, WIDE, Page
from explore_places import HOSTILE, hostile_rows, root, serving, write_parquet

from jobs.steps.explore.server import Server


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    with browser.browser() as page:
        yield page


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(write_parquet(tmp_path_factory.mktemp("pages"), hostile_rows())) as server:
        yield server


@pytest.fixture(scope="module")
def rooted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(root(tmp_path_factory.mktemp("rooted"))) as server:
        yield server


def addresses(folder: Server, rooted: Server) -> list[str]:
    hostile = urlencode({"id": hostile_rows()[0]["id"], "q": "before"})
    signal = "rps_lines_ending_with_terminal_punctution_mark"
    return [
        *(
            f"{folder.url}{path}"
            for path in (
                "",
                "?words=rivers",
                "?slice=c4&slice=books&range=token_count:100:300&show=token_count",
                "?words=nothing-has-this",
                f"document?{hostile}",
                "compare?a.slice=c4&b.language=en",
                "map",
                "document?id=none",
            )
        ),
        *(
            f"{rooted.url}{path}"
            for path in (
                "",
                f"document?table=corpus&id=c4/a&lines={signal}",
                "document?table=corpus&id=c4/a&view=removed",
                "document?table=corpus&id=c4/a&view=changes",
                "document?table=annotated&id=c4/b&against=c4/a",
                "trace?id=c4/b",
            )
        ),
    ]


@pytest.fixture(autouse=True)
def watched(request: pytest.FixtureRequest) -> Iterator[None]:
    """Every test ends without an error of the console and without a request to another machine."""
    page: Page = request.getfixturevalue("page")
    page.errors.clear()
    page.requests.clear()
    yield
    unknown = "document?id=none"  # a page that says what was wrong
    assert [error for error in page.errors if not error.endswith(unknown)] == []
    assert [url for url in page.requests if not url.startswith("http://127.0.0.1:")] == []
    assert page.requests


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_nothing_overlaps_and_every_text_is_legible(
    page: Page, folder: Server, rooted: Server, width: int
) -> None:
    for address in addresses(folder, rooted):
        page.show(width)
        page.open(address)
        if "/map" in address:
            page.wait_for("document.getElementById('map').dataset.ready")
        assert page.layout_faults(width) == [], address


def test_overlaps_and_bad_contrast_would_be_seen(page: Page, folder: Server) -> None:
    page.open(folder.url)
    page.value("document.querySelector('h1').style.marginBottom = '-40px'")
    page.value("document.querySelector('h1').style.color = '#777'")
    assert page.value(OVERLAPS) != []
    page.value("document.querySelector('.soft').style.color = '#999'")
    page.show(WIDE)
    assert page.value(CONTRASTS) != []


def test_hostile_texts_are_seen_and_not_run(page: Page, folder: Server, rooted: Server) -> None:
    page.show(WIDE)
    for address in addresses(folder, rooted):
        page.open(address)
        assert page.value("document.title") not in ("run", "1")
        assert page.value("document.querySelectorAll('main script, main img, main b').length") == 0
        links = page.value("[...document.links].map((link) => link.protocol)")
        assert set(links) == {"http:"}
    page.open(f"{folder.url}document?{urlencode({'id': hostile_rows()[0]['id']})}")
    text = page.value("document.querySelector('main').innerText")
    assert HOSTILE in text
    assert "javascript:document.title='run'" in text
    page.open(f"{folder.url}map")
    page.wait_for("document.getElementById('map').dataset.ready")
    page.value("document.querySelector('#clusters button').click()")
    assert page.value("document.querySelectorAll('#list a').length") > 0
    assert page.value("document.querySelectorAll('#list script, #list img').length") == 0
    assert page.value("document.title") not in ("run", "1")


def test_filters_change_what_is_shown_with_the_keyboard_alone(page: Page, folder: Server) -> None:
    page.show(WIDE)
    page.open(folder.url)
    total = page.value("document.querySelector('.total').innerText")
    assert total.startswith("50 documents")
    page.tab_to("e.name === 'words'")
    page.type("rivers")
    page.submit()
    page.wait_for("document.querySelector('.total')")
    assert page.value("document.querySelector('.total').innerText").startswith("25 of 50 documents")
    assert page.value("document.querySelectorAll('.snippet mark').length") == 20
    page.tab_to("e.matches('.bars a') && e.innerText.startsWith('MIT')")
    page.submit()
    page.wait_for("document.querySelector('.total')")
    assert page.value("document.querySelector('.chips').innerText").count("✕") == 2
    page.tab_to("e.matches('.chips a') && e.innerText.includes('rivers')")
    page.submit()
    assert page.value("document.querySelector('.total').innerText").startswith("16 of 50")
    page.tab_to("e.matches('.histogram a')")
    page.submit()
    ranged = page.value("Number(document.querySelector('.total strong').innerText)")
    assert 0 < ranged < 16
    page.tab_to("e.matches('.results a')")
    page.submit()
    assert page.value("document.querySelector('h1').innerText").startswith("Title ")
    assert page.value("document.querySelectorAll('.text li').length") == 1


def test_what_has_the_focus_is_seen(page: Page, folder: Server) -> None:
    page.show(WIDE)
    page.open(folder.url)
    for test in ("e.matches('nav a')", "e.name === 'words'", "e.matches('.bars a')"):
        page.tab_to(test)
        outline = "((s) => s.outlineStyle + parseFloat(s.outlineWidth))"
        assert page.value(f"{outline}(getComputedStyle(document.activeElement))") == "solid3"


def test_the_map_with_pointer_and_keyboard(page: Page, folder: Server) -> None:
    page.show(WIDE)
    page.open(f"{folder.url}map?table=documents&slice=c4&slice=books")
    page.wait_for("document.getElementById('map').dataset.ready")
    assert "49 documents" in page.value("document.getElementById('status').innerText")
    left, top, width, height = page.value(
        "((b) => [b.left, b.top, b.width, b.height])"
        "(document.getElementById('canvas').getBoundingClientRect())"
    )
    right, bottom = left + width - 2, min(top + height, 900) - 2
    page.drag(
        (left + 2, top + 2),
        (right, top + 2),
        (right, bottom),
        (left + 2, bottom),
        (left + 2, top + 2),
    )
    assert "in the lasso" in page.value("document.getElementById('selected').innerText")
    assert page.value("document.querySelectorAll('#list a').length") > 30
    page.press("Escape")
    assert page.value("document.querySelectorAll('#list a').length") == 0
    for _ in range(15):
        page.press("+")
    page.press("Enter")
    assert "49 documents in the circle" in page.value(
        "document.getElementById('selected').innerText"
    )
    page.tab_to("e.matches('#list a')")
    page.submit()
    assert page.value("location.pathname") == "/document"


def test_another_site_cannot_read_it(page: Page, folder: Server) -> None:
    """A page of another origin gets nothing, by fetch or by frame."""
    with serving(folder.state.config.place) as other:
        page.open(other.url)
        answer = page.value(
            f"fetch({folder.url!r}).then((a) => a.text()).catch((e) => 'refused ' + e.name)"
        )
        assert answer == "refused TypeError"
    page.errors.clear()  # the browser reports what it refused
