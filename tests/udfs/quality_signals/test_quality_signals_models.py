"""Signals that need lists and models from a folder: importance weights, classifiers, block lists."""

from __future__ import annotations

import pickle
import shutil
from collections import Counter
from collections.abc import Callable
from itertools import combinations
from pathlib import Path
from typing import Any

import fasttext
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.stats import poisson

from schemas.errors import UserError
from udfs.quality_signals import Resources, columns, score
from udfs.quality_signals.classifiers import classifier_score, classifier_text, own_signals
from udfs.quality_signals.documents import Documents
from udfs.quality_signals.importance import hashed_counts
from udfs.quality_signals.output import columns_and_signatures
from udfs.quality_signals.python_hash import hash_pairs, hash_strings
from udfs.quality_signals.resources import NO_RESOURCES, Domain
from udfs.quality_signals.ut1 import UT1_CATEGORIES, BlockedDomains, ut1_category_ids

Conformance = Callable[..., list[dict[str, Any]]]

TEXTS = [
    "The cat sat. The cat ran!",
    "",
    "x",
    "Über die Brücke – und zurück…",
    "a\x1cb c",
    "語 語 語",
]


def write_dsir(folder: Path, language: str, name: str, counts: list[int], mean: float) -> None:
    target = folder / "dsir" / language
    target.mkdir(parents=True, exist_ok=True)
    np.save(target / f"{name}.{language}.{len(counts)}.counts.npy", np.array(counts))
    np.save(target / f"{name}.{language}.lambda.npy", np.float64(mean))


def value(signals: dict[str, Any], name: str) -> Any:
    ((_, _, found),) = signals[name]
    return found


# --- importance weights ------------------------------------------------------------------------


def test_reference_hashed_counts(conformance: Conformance) -> None:
    for case in conformance("dsir.hash_feature"):
        documents = Documents([case["input"]], ["en"], [None], NO_RESOURCES, {})
        found = hashed_counts(documents, case["params"]["buckets"])
        assert found.tolist() == [case["expected"]]


def test_reference_importance(conformance: Conformance, tmp_path: Path) -> None:
    for i, case in enumerate(conformance("rps_doc_wikipedia_importance")):
        params = case["params"]
        folder = tmp_path / str(i)
        write_dsir(folder, "en", "wikipedia", params["target_counts"], params["target_lambda"])
        write_dsir(folder, "en", "ccnet", params["source_counts"], params["source_lambda"])
        resources = Resources.load(folder)
        found = score(case["input"], language="en", source_domain=None, resources=resources)
        assert found[case["function"]] == case["expected"]
        assert value(found, "rps_doc_books_importance") is None
        found = score(case["input"], language="de", source_domain=None, resources=resources)
        assert value(found, case["function"]) is None


def test_importance_equals_the_formula() -> None:
    rng = np.random.default_rng(0)
    target, source = rng.integers(0, 50, (2, 10_000))
    resources = Resources(
        domains={("en", "books"): Domain(target, 7.5), ("en", "ccnet"): Domain(source, 20.0)}
    )
    difference = np.log(target / target.sum() + 1e-8) - np.log(source / source.sum() + 1e-8)
    struct = columns(TEXTS, ["en"] * len(TEXTS), [None] * len(TEXTS), resources)
    plain = struct.field("rps_doc_books_importance").to_pylist()
    corrected = struct.field("rps_doc_books_importance_length_correction").to_pylist()
    for row, text in enumerate(TEXTS):
        if not text:
            assert plain[row] is corrected[row] is None
            continue
        documents = Documents([text], ["en"], [None], NO_RESOURCES, {})
        words = [documents.vocabulary.chunks[chunk] for chunk in documents.raw_chunks.tolist()]
        # these texts' words need no more than a look at their chunks
        of_chunk = dict(zip(documents.vocabulary.chunks, split_raw(documents), strict=True))
        raw = [word for chunk in words for word in of_chunk[chunk]]
        hashes = hash_strings(raw)
        both = np.concatenate([hashes, hash_pairs(hashes[:-1], hashes[1:])]).astype(np.int64)
        counts = Counter(abs(int(x)) % 10_000 for x in both)
        total = sum(count * difference[bucket] for bucket, count in counts.items())
        assert plain[row] == pytest.approx(total, abs=2e-8)
        total += np.log(poisson.pmf(len(text), 7.5) + 1e-8)
        total -= np.log(poisson.pmf(len(text), 20.0) + 1e-8)
        assert corrected[row] == pytest.approx(total, abs=2e-8)


def split_raw(documents: Documents) -> list[list[str]]:
    words = iter(documents.vocabulary.raw_words)
    counts = documents.vocabulary.raw_word_counts.tolist()
    return [[next(words) for _ in range(count)] for count in counts]


def test_importance_without_means_has_no_correction() -> None:
    counts = np.array([1, 2, 3, 4])
    resources = Resources(
        domains={("en", "books"): Domain(counts), ("en", "ccnet"): Domain(counts[::-1])}
    )
    found = score("some words", language="en", source_domain=None, resources=resources)
    assert value(found, "rps_doc_books_importance") is not None
    assert value(found, "rps_doc_books_importance_length_correction") is None


# --- classifiers -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def model_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models")
    good = [f"the history of the city number {i} is told in many old books" for i in range(60)]
    bad = [f"buy cheap pills now {i} click here best price free" for i in range(60)]
    lines = [f"__label__wikipedia {x}" for x in good] + [f"__label__cc {x}" for x in bad]
    (folder / "train.txt").write_text("\n".join(lines) + "\n")
    model = fasttext.train_supervised(str(folder / "train.txt"), dim=4, epoch=20, thread=12)
    (folder / "classifiers" / "de").mkdir(parents=True)
    model.save_model(str(folder / "classifiers" / "de" / "wikipedia.model.bin"))
    model.save_model(str(folder / "wikiref.model.bin"))
    return folder


def test_classifier_scores_good_text(model_folder: Path) -> None:
    resources = Resources.load(model_folder)
    assert set(resources.classifiers) == {("de", "wikipedia"), ("en", "wikiref")}
    good = "the history of the city\nis told in many old books"
    german = score(good, language="de", source_domain=None, resources=resources)
    assert value(german, "rps_doc_ml_wikipedia_score") > 0.5
    assert value(german, "rps_doc_ml_wikiref_score") is None
    spam = score("buy cheap pills now", language="en", source_domain=None, resources=resources)
    assert value(spam, "rps_doc_ml_wikiref_score") < 0.5
    assert value(spam, "rps_doc_ml_wikipedia_score") is None
    assert value(spam, "rps_doc_ml_palm_score") is None
    empty = score("", language="en", source_domain=None, resources=resources)
    assert value(empty, "rps_doc_ml_wikiref_score") is None


def test_a_classifier_of_another_name_is_a_signal_of_the_user(
    model_folder: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "classifiers" / "en"
    folder.mkdir(parents=True)
    shutil.copy(model_folder / "wikiref.model.bin", folder / "has_history.model.bin")
    signals = own_signals(Resources.load(tmp_path))
    texts, languages = ["the history of the city", "buy cheap pills now", ""], ["en", "en", "en"]
    measured = columns_and_signatures(
        texts, languages, [None] * 3, Resources.load(tmp_path), user_signals=signals
    )
    assert measured.user_signals is not None
    good, spam, empty = (dict(pairs) for pairs in measured.user_signals.to_pylist())
    assert good["ml_has_history_score"] > 0.5 > spam["ml_has_history_score"]
    assert empty == {}
    assert own_signals(Resources.load(model_folder)) == own_signals(None) == {}


def test_classifier_score_is_the_model_s_probability(model_folder: Path) -> None:
    resources = Resources.load(model_folder)
    model = resources.classifiers["en", "wikiref"]
    for text in ("buy the city", "old\r\nbooks\x85\u2028free", "\ud800 odd", "  \n "):
        found = score(text, language="en", source_domain=None, resources=resources)
        line = classifier_text(text).replace("\ud800", "?")
        labels, probabilities = model.predict([line])
        expected = classifier_score(labels[0][0], float(probabilities[0][0]))
        assert value(found, "rps_doc_ml_wikiref_score") == pytest.approx(expected, abs=1e-8)


def test_classifier_label_decides() -> None:
    assert classifier_score("__label__cc", 0.75) == 0.25
    assert classifier_score("__label__wiki", 0.75) == 0.75


# --- lists -------------------------------------------------------------------------------------


def test_reference_categories(conformance: Conformance) -> None:
    ids = ut1_category_ids()
    for case in conformance("ut1.category_index", exact=True):
        assert ids[tuple(sorted(case["input"]))] == case["expected"]
    (case,) = conformance("ut1.category_index.size")
    assert sorted(case["input"]) == sorted(UT1_CATEGORIES)
    assert len(ids) == case["expected"]


def test_category_ids_count_smaller_sets_first() -> None:
    ids = ut1_category_ids()
    assert ids[UT1_CATEGORIES] == 8190
    pairs = list(combinations(sorted(UT1_CATEGORIES), 2))
    assert [ids[pair] for pair in pairs] == list(range(13, 13 + len(pairs)))


@pytest.mark.parametrize("parent", ["ut1", "blacklists", "ut1/blacklists"])
def test_block_lists_as_they_are_published(tmp_path: Path, parent: str) -> None:
    lists = {
        "adult": b"a.example\nboth.example\n",
        "porn": b"both.example\nb\xffd\n",
        "other": b"o.example\n",
    }
    for name, domains in lists.items():
        (tmp_path / parent / name).mkdir(parents=True)
        (tmp_path / parent / name / "domains").write_bytes(domains)
    resources = Resources.load(tmp_path)
    for domain, expected in [
        ("a.example", 0),
        ("both.example", 23),
        ("www.a.example", None),
        ("o.example", None),
        (None, None),
    ]:
        found = score("x", language="en", source_domain=domain, resources=resources)
        assert found["rps_doc_ut1_blacklist"] == [[0, 1, expected]]


@settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.dictionaries(
        st.sampled_from(UT1_CATEGORIES), st.lists(st.text("ab.é", max_size=3)), min_size=1
    )
)
def test_blocked_domains_equal_a_dict(tmp_path: Path, lists: dict[str, list[str]]) -> None:
    expected: dict[str, set[str]] = {}
    paths = {}
    for category, domains in lists.items():
        paths[category] = tmp_path / category
        paths[category].write_text("".join(f"{domain}\n" for domain in domains), encoding="utf-8")
        for domain in domains:
            expected.setdefault(domain, set()).add(category)
    expected.pop("", None)
    blocked = BlockedDomains(paths)
    ids = ut1_category_ids()
    assert len(blocked) == len(expected)
    for domain, categories in expected.items():
        assert blocked.get(domain) == ids[tuple(sorted(categories))]
    for domain in ("", "zz", "a.b.c", "\ud800"):
        assert blocked.get(domain) is None


def test_word_lists_of_any_language_in_the_folder(shared_data: Path) -> None:
    resources = Resources.load(shared_data / "lists")
    assert len(resources.bad_words) == 28
    assert {"en", "ja", "fr-CA-u-sd-caqc"} <= set(resources.bad_words)
    assert len(resources.stop_words["en"]) == 570
    assert resources.categories is None
    assert Resources.load(shared_data / "lists") is resources


def test_word_lists_as_v2_s_own_folder_has_them(tmp_path: Path) -> None:
    (tmp_path / "bad_words").mkdir()
    (tmp_path / "bad_words" / "xy.txt").write_text("bad\nvery bad\n")
    resources = Resources.load(tmp_path)
    found = score("Very bad.", language="xy", source_domain=None, resources=resources)
    assert found["rps_doc_ldnoobw_words"] == [[0, 9, 2.0]]


def test_pickles_as_the_name_of_the_folder(model_folder: Path) -> None:
    resources = Resources.load(model_folder, word_rule="re")
    data = pickle.dumps(resources)
    assert len(data) < 500
    assert pickle.loads(data) is resources
    assert pickle.loads(pickle.dumps(Resources(stop_words={"en": frozenset("a")}))).stop_words


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("stopwords/en.json", b"not json"),
        ("stopwords/en.json", b'{"a": 1}'),
        ("dsir/en/books.en.4.counts.npy", b"not numpy"),
        ("classifiers/en/palm.model.bin", b"not fasttext"),
    ],
)
def test_a_broken_file_is_named(tmp_path: Path, name: str, content: bytes) -> None:
    path = tmp_path / name
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    with pytest.raises(UserError, match=path.name):
        Resources.load(tmp_path)


def test_statistics_of_other_buckets_are_named(tmp_path: Path) -> None:
    write_dsir(tmp_path, "en", "books", [1, 2, 3, 4], 2.0)
    write_dsir(tmp_path, "en", "ccnet", [1, 2, 3], 2.0)
    with pytest.raises(UserError, match="buckets"):
        Resources.load(tmp_path)


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="absent"):
        Resources.load(tmp_path / "absent")
