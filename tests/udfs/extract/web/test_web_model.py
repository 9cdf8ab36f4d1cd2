"""The forests, and the choice of blocks by them."""

from __future__ import annotations

import numpy as np

from udfs.extract.web import content, model, page
from udfs.extract.web.feature_names import NAMES
from udfs.extract.web.model import Forest

PROSE = (
    "The harbour was built in the twelfth century and was enlarged several times "
    "since then, by the town and its guilds."
)


def test_a_forest_adds_the_leaves_of_its_trees() -> None:
    random = np.random.default_rng(0)
    features = random.random((5, 7), np.float32)
    forest = Forest(
        random.integers(0, 5, (3, 4)),
        random.random((3, 4), np.float32),
        random.normal(size=(4, 8)).astype(np.float32),
        0.25,
    )
    for block, probability in enumerate(forest.probabilities(features)):
        total = 0.25
        for tree in range(4):
            leaf = sum(
                int(features[forest.features[level, tree], block] > forest.borders[level, tree])
                << level
                for level in range(3)
            )
            total += forest.leaves[tree, leaf]
        assert np.isclose(probability, 1 / (1 + np.exp(-total)))


def test_the_shipped_forests_fit_the_features() -> None:
    first, second = model._forests()
    assert first.features.max() < len(NAMES)
    block = np.full(1, 0.5, np.float32)
    stacked = model.with_neighbours(np.zeros((len(NAMES), 1), np.float32), block)
    assert len(NAMES) <= second.features.max() < len(stacked)


def test_neighbours_do_not_reach_beyond_the_page() -> None:
    for blocks in (1, 2, 5, 40):
        stacked = model.with_neighbours(
            np.zeros((1, blocks), np.float32), np.linspace(0, 1, blocks, dtype=np.float32)
        )
        assert np.isfinite(stacked).all()
        assert ((stacked >= 0) & (stacked <= 1)).all()


def test_content_of_a_page() -> None:
    html = f"""<nav><ul><li><a href=/>Home</a><li><a href=/a>About us</a></ul></nav>
    <article><h1>Harbours</h1><p>{PROSE}</p><p>{PROSE}</p><p>{PROSE} Twice.</p></article>
    <footer>© 2019 The Harbour Company. All rights reserved.</footer>"""
    blocks = page.read(html)[1]
    chosen = content.choose(blocks)
    texts = [text for text, is_chosen in zip(blocks.text, chosen.chosen, strict=True) if is_chosen]
    assert texts == [PROSE, PROSE, f"{PROSE} Twice."]
    assert not chosen.second_try
    assert 0.6 < chosen.share < 0.95


def test_prose_is_taken_where_the_model_finds_none() -> None:
    """Prose in a cookie notice and a footer is a page without content, or one in strange clothes."""
    html = f"<div><h2>x</h2></div><footer class='cookie-consent popup'>{f'<p>{PROSE}</p>' * 2}</footer>"
    chosen = content.choose(page.read(html)[1])
    assert chosen.share > 0.9


def test_a_page_without_text_has_no_content() -> None:
    chosen = content.choose(page.read("<img src=x>")[1])
    assert (chosen.share, chosen.second_try, len(chosen.chosen)) == (0.0, False, 0)


def test_paragraphs_and_lists_beside_prose_are_taken() -> None:
    """The lead of a short article is full of links; its lists are short."""
    lead = "Portby is a <a>town in the north</a> of the <a>old county of Example</a>. It is old."
    html = f"<h1>Portby</h1><div><p>{lead}</p><p>{PROSE}</p><ul><li>Ship<li>Mast</ul><p>{PROSE}</p></div>"
    text = page.extract(html).text
    assert text.startswith("Portby is a town")
    assert [line.strip() for line in text.split("\n")][2:4] == ["• Ship", "• Mast"]


def test_an_address_in_a_sentence_is_not_link_text() -> None:
    address = "<a href=/x>http://www.example.org/search?query=collection&sort=-date</a>"
    sentence = "To see all shows of the archive sorted by their rating go to this address:"
    beside, alone = page.read(f"<p>{sentence} {address}</p><p>See {address}</p>")[1].link_length
    assert beside == 0
    assert alone > 50
    other = page.read(f"<p>{sentence} {address} or <a>ask</a></p>")[1].link_length
    assert other == [3]
