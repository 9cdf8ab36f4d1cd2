"""The features of a page's blocks."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from udfs.extract.web import page
from udfs.extract.web.arrays import Floats
from udfs.extract.web.feature_names import NAMES
from udfs.extract.web.features import measure

PROSE = (
    "The harbour was built in the twelfth century and was enlarged several times "
    "since then, by the town and its guilds."
)
NAV = "<nav><ul><li><a href=/>Home</a></li></ul></nav>"


def features(html: str) -> dict[str, Floats]:
    matrix = measure(page.read(html)[1])
    assert len(matrix) == len(NAMES)
    return dict(zip(NAMES, matrix, strict=True))


def test_names_are_distinct() -> None:
    assert len(set(NAMES)) == len(NAMES)


def test_text_and_links() -> None:
    found = features(
        f"<p>{PROSE}</p><p><a href=x>Read more</a> now</p><p>港は12世紀に造られた。</p>"
    )
    assert found["link_share"].tolist() == [0, np.float32(9 / 13), 0]
    assert found["links"].tolist() == [0, 1, 0]
    assert np.allclose(found["width"], np.log1p([len(PROSE), 13, 12 + 2 * 10 - 1]), atol=0.1)
    assert found["n_stops"].tolist() == [1, 0, 1]
    assert found["d_before"].tolist() == [30, 1, 2]


def test_words_around_most_of_the_prose_say_nothing() -> None:
    wrapped = features(f"{NAV}<div class=comments><p>{PROSE}</p><p>{PROSE}</p></div>")
    assert not wrapped["path_comment"].any()
    below = features(f"<p>{PROSE * 5}</p><div class=comments><p>{PROSE}</p></div>")
    assert below["path_comment"].tolist() == [0, 1]
    posts = f"<div class=comment><p>{PROSE}</p></div>"
    assert not features(posts * 5)["path_comment"].any()


def test_repeated_siblings() -> None:
    card = f"<div class=card><h3><a href=x>Title</a></h3><p>{PROSE}…</p></div>"
    found = features(f"<p>{PROSE}</p>" + card * 4)
    assert found["unit_repeats"].tolist() == np.log1p([0, *[4] * 8]).astype(np.float32).tolist()
    assert found["cut"].tolist() == [0, *[0, 1] * 4]


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["p", "div", "li", "td", "h1", "pre", "span", "a"]),
            st.text(max_size=40),
        )
    )
)
@settings(deadline=None, max_examples=60)
def test_features_are_finite(elements: list[tuple[str, str]]) -> None:
    blocks = page.read("".join(f"<{name}>{text}" for name, text in elements))[1]
    if blocks.text:
        assert np.isfinite(measure(blocks)).all()
