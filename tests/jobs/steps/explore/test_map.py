"""The map: words, directions, neighbours, places, clusters, and what a sample is."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from explore_places import write_parquet
from scipy import sparse

from jobs.steps.explore.filters import Filter
from jobs.steps.explore.map.build import document_map, sample
from jobs.steps.explore.map.clusters import clusters
from jobs.steps.explore.map.layout import nearest, plane
from jobs.steps.explore.map.vectors import reduced, unit
from jobs.steps.explore.map.words import words
from jobs.steps.explore.state import State
from schemas.errors import UserError
from schemas.settings.explore import ExploreConfig

TOPICS = {
    "rivers": "river bridge water boat fish bank current stream mill ferry",
    "bread": "flour oven dough yeast crust loaf baker salt butter knead",
    "stars": "planet comet orbit telescope galaxy moon eclipse sky meteor sun",
}


def texts(n: int) -> list[tuple[str, str]]:
    """Return topic and text of n documents; articles stand in all of them."""
    random = np.random.default_rng(7)
    made = []
    for number in range(n):
        topic = list(TOPICS)[number % 3]
        chosen = random.choice(TOPICS[topic].split(), 30)
        made.append((topic, " the ".join(chosen) + f" and number {number}"))
    return made


def test_words_that_every_text_has_do_not_count() -> None:
    by_words = words([text for _, text in texts(300)], ["en"] * 300)
    assert "the" not in by_words.vocabulary
    assert not {"and", "number"} & set(by_words.vocabulary)
    lengths = np.sqrt(np.asarray(by_words.tfidf.multiply(by_words.tfidf).sum(axis=1)).ravel())
    assert np.allclose(lengths[lengths > 0], 1, atol=1e-5)


def test_scripts_without_blanks_have_a_word_a_character() -> None:
    by_words = words(["水の流れ", "水と山", "山の上", "123 ___ !!"], [None] * 4)
    assert {"水", "山"} <= set(by_words.vocabulary)
    assert by_words.tfidf[3].nnz == 0


def test_directions_are_those_of_the_exact_svd() -> None:
    random = np.random.default_rng(0)
    topics = random.random((200, 12)) @ np.diag(0.5 ** np.arange(12)) @ random.random((12, 80))
    matrix = sparse.csr_matrix((topics + 1e-4 * random.random((200, 80))).astype(np.float32))
    ours = reduced(matrix, 10)
    left, values, _ = np.linalg.svd(matrix.toarray(), full_matrices=False)
    exact = unit((left * values)[:, :10].astype(np.float32))
    assert np.allclose(ours @ ours.T, exact @ exact.T, atol=0.02)
    assert (reduced(matrix, 10) == ours).all()


def test_neighbours_are_the_nearest() -> None:
    vectors = unit(np.random.default_rng(1).standard_normal((1500, 8)).astype(np.float32))
    neighbours, similarities = nearest(vectors, 5)
    cosines = vectors @ vectors.T
    np.fill_diagonal(cosines, -2)
    assert np.allclose(np.sort(cosines, axis=1)[:, :-6:-1], similarities, atol=1e-6)
    assert not (neighbours == np.arange(1500)[:, None]).any()


@pytest.fixture(scope="module")
def topics() -> tuple[list[str], np.ndarray, np.ndarray, list[str]]:
    made = texts(240)
    by_words = words([text for _, text in made], ["en"] * 240)
    vectors = reduced(by_words.tfidf)
    labels, groups = clusters(vectors, by_words, ["en"] * 240)
    return [topic for topic, _ in made], plane(vectors), labels, [g.name for g in groups]


def test_documents_of_a_topic_are_near_each_other(
    topics: tuple[list[str], np.ndarray, np.ndarray, list[str]],
) -> None:
    names, places, _, _ = topics
    assert places.min() >= 0
    assert places.max() <= 1
    distance = ((places[:, None] - places[None]) ** 2).sum(axis=2)
    np.fill_diagonal(distance, 9)
    near = np.argsort(distance, axis=1)[:, :10]
    same = np.array([[names[other] == names[row] for other in near[row]] for row in range(240)])
    assert same.mean() > 0.95


def test_clusters_have_one_topic_and_its_words(
    topics: tuple[list[str], np.ndarray, np.ndarray, list[str]],
) -> None:
    names, _, labels, titles = topics
    for label, title in enumerate(titles):
        inside = {names[row] for row in np.flatnonzero(labels == label)}
        assert len(inside) == 1
        assert set(title.split(", ")) <= set(TOPICS[inside.pop()].split())


@pytest.mark.parametrize("n", [1, 2, 3, 4, 5, 30])
def test_few_or_equal_documents(n: int) -> None:
    for made in (
        ["the same text"] * n,
        [f"{number} {'x' * number}" for number in range(n)],
        [""] * n,
    ):
        by_words = words(made, [None] * n)
        vectors = reduced(by_words.tfidf)
        labels, groups = clusters(vectors, by_words, [None] * n)
        places = plane(vectors)
        assert places.shape == (n, 2)
        assert np.isfinite(places).all()
        assert sum(group.size for group in groups) == n == len(labels)


def test_a_smaller_map_is_a_part_of_a_larger_one(tmp_path: Path) -> None:
    rows = [
        {"id": f"c4/{i}", "text": text, "language": "en"} for i, (_, text) in enumerate(texts(60))
    ]
    place = write_parquet(tmp_path, [*rows, rows[0]])  # an id that occurs twice
    state = State(ExploreConfig(place=str(place)))
    version, data = state.version(), state.version().dataset(state.default_table)
    chosen = Filter(data.name)
    all_ids = [row["id"] for row in sample(version.database, data, chosen, 1000)]
    assert sorted(all_ids) == sorted(row["id"] for row in rows)
    assert [row["id"] for row in sample(version.database, data, chosen, 20)] == all_ids[:20]
    once, again = (document_map(version.database, data, chosen, 50) for _ in range(2))
    assert (once.places == again.places).all()
    assert len(once.rows) == 50
    few = document_map(version.database, data, Filter(data.name, {"words": "river"}), 50)
    assert {row["id"] for row in few.rows} <= {f"c4/{i}" for i in range(0, 60, 3)}
    with pytest.raises(UserError, match="nothing to map"):
        document_map(version.database, data, Filter(data.name, {"words": "nowhere"}), 50)
