"""Navigation, footers and sidebars are not read, unless the page is in them."""

from __future__ import annotations

import pytest

from udfs.extract.web import page
from udfs.extract.web.roles import is_of_site

PROSE = (
    "The harbour was built in 1907, and ships of two thousand tons have used it ever since. " * 2
)
SHORT = "<p>Before it.</p>{}<p>After it.</p>"


def texts(html: str, *, whole: bool = False) -> list[str]:
    """Return the blocks of a page."""
    return page.read(f"<body>{html}", whole=whole)[1].text


@pytest.mark.parametrize(
    "part",
    [
        "<nav><ul><li><a href=/>Home</a></ul></nav>",
        "<footer><p>© 2019 The Company</footer>",
        "<nav>Outer <nav>inner</nav> outer again</nav>",
        "<nav>Tags in comments <!-- </nav> --> are none</nav>",
        "<nav>An attribute <a title='</nav>'>has none</a></nav>",
        "<nav>Neither do <noscript></nav></noscript> substitutes</nav>",
        "<div role=navigation>Home <div>About</div></div>",
        "<div class='col-4 sidebar dark'><div>Popular</div></div>",
        "<ul id=x class=sub-menu><li>One<li>Two</ul>",
        "<ul><li class='menu-item menu-item-12'>One</ul>",
        "<div id=footer>Imprint</div>",
        "<navigation></navigation><nav>Home</nav>",
    ],
)
def test_parts_of_the_site_are_not_read(part: str) -> None:
    html = SHORT.format(part)
    assert texts(html) == ["Before it.", "After it."]
    assert page.read(html)[1].site_text > 0
    assert len(texts(html, whole=True)) > 2


@pytest.mark.parametrize(
    "attributes",
    [
        'class="no-sidebar has-footer"',
        'class="sidebar-left content"',
        'id="navigator"',
        'data-class="nav"',
        'title="footer"',
        'class="canavan"',
        'role="main" class="footer-1"',
        "",
    ],
)
def test_other_names_are_read(attributes: str) -> None:
    assert not is_of_site(attributes)
    assert texts(SHORT.format(f"<div {attributes}>Text</div>"))[1:-1] == ["Text"]


def test_text_around_a_part_is_in_blocks_of_its_own() -> None:
    assert texts("<div>One<nav>Home</nav>two<b> three</b></div>") == ["One", "two three"]
    assert texts("<ul><li>One<nav>Home</nav><li>Two</ul>") == ["One", "Two"]
    assert texts("<pre>a\n<nav>Home</nav>b</pre>") == ["a", "b"]


@pytest.mark.parametrize("start", ["<nav>", "<div class=sidebar>", "<footer>", "<nav><p>Home<nav>"])
def test_a_page_that_is_in_such_a_part_is_read(start: str) -> None:
    """An end tag is missing, or a theme uses the name for something else."""
    html = f"<h1>Harbour</h1>{start}<p>{PROSE}</p><p>{PROSE}</p>"
    assert texts(html)[-2:] == [PROSE.strip()] * 2
    assert page.extract(html).text.count("1907") == 4


def test_prose_of_a_part_counts_only_if_it_is_most() -> None:
    html = f"<article><p>{PROSE}</p><p>{PROSE}</p></article><footer><p>{PROSE}</footer>"
    assert texts(html) == [PROSE.strip()] * 2


def test_the_share_is_of_the_whole_page() -> None:
    part = f"<nav>{'<a>Home</a> ' * 100}</nav>"
    html = f"<article><h1>Harbour</h1><p>{PROSE}</p><p>{PROSE}</p></article>"
    alone, beside = page.extract(html).share, page.extract(part + html).share
    assert alone is not None
    assert beside is not None
    assert 0.3 < beside < 0.6 < alone
