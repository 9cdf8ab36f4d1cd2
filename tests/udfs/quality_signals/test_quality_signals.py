"""V2's signals: the pairs of the reference, and the rules restated, on texts of any kind."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
import reference_signals as reference
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pyspark.sql.pandas.types import to_arrow_type

from schemas.signals import V2_SIGNALS
from schemas.tables.quality_signals import QUALITY_SIGNALS
from udfs.quality_signals import SIGNALS, Resources, columns, columns_and_signatures, score
from udfs.quality_signals import ccnet as ccnet_signals
from udfs.quality_signals.characters import _is_regex_word
from udfs.quality_signals.classifiers import classifier_text
from udfs.quality_signals.declaration import FUNCTIONS, signal
from udfs.quality_signals.documents import Documents
from udfs.quality_signals.output import ARROW_TYPE
from udfs.quality_signals.resources import NO_RESOURCES
from udfs.quality_signals.vocabulary import normalize

Conformance = Callable[..., list[dict[str, Any]]]

BAD_WORDS = frozenset({"damn", "bad word", "bad", "word word", "a b c d", "", "a  b", "Caps", "ﬁ"})
STOP_WORDS = frozenset({"the", "The", "a", "don't", "über", "die"})
LISTS = Resources(
    bad_words={"en": BAD_WORDS},
    stop_words={"en": STOP_WORDS},
    categories={"bad.example.com": 0, "www.casino.test": 17},
)

# words that make lists, repeats, ties and every class of character likely
PIECES = st.one_of(
    st.sampled_from(
        [
            *("the", "The", "a", "b", "c", "d", "bad", "word", "damn", "lorem", "ipsum", "xlorem"),
            *(
                "don't",
                "javascript",
                "JavaScript!",
                "U",
                "B2B",
                "I_AM",
                "3½",
                "三",
                "ǅ",
                "ΑΣ",
                "ΑΣ.",
            ),
            *("…", "...", "....", "#", "{}", "•", "–", "”", "?!", "é", "e\u0301", "İ", "ß", "한글"),
            *(
                "हिन्दी",
                "العربية",
                "👩‍👩‍👧",
                "\u200b",
                "\x00",
                "\u037e",
                "\u1fef",
                "ſ",
                "-",
                "_",
                "ﬁ",
            ),
        ]
    ),
    st.text(max_size=4),
)
GAPS = st.sampled_from(
    ["", " ", " ", " ", " ", "\n", "\n\n", "\r\n", "\t", "\x1c", "\x85", "\u2028", "\u3000", ". "]
)
TEXTS = st.lists(st.tuples(PIECES, GAPS), max_size=60).map(
    lambda pairs: "".join(piece + gap for piece, gap in pairs)
)


def measured(text: str, **given_values: Any) -> dict[str, list[list[Any]]]:
    given_values.setdefault("language", "en")
    given_values.setdefault("source_domain", None)
    return score(text, **given_values)


def raw_words(text: str) -> list[str]:
    documents = Documents([text], ["en"], [None], NO_RESOURCES, {})
    counts, words = documents.vocabulary.raw_word_counts.tolist(), documents.vocabulary.raw_words
    of_chunk = [[words.pop(0) for _ in range(count)] for count in counts]
    return [word for chunk in documents.raw_chunks.tolist() for word in of_chunk[chunk]]


def test_reference_pairs_of_rules(conformance: Conformance, shared_data: Path) -> None:
    lists = shared_data / "lists"
    for case in conformance("rps_"):
        name, params = case["function"], case["params"]
        if "importance" in name:
            continue
        language = params.get("language", "en")
        stop_words = json.loads((lists / "stopwords" / f"{language}.json").read_text("utf-8"))
        resources = Resources(
            bad_words={language: frozenset(params.get("bad_words", ()))},
            stop_words={language: frozenset(stop_words)},
            categories=params.get("domain_to_category_id"),
        )
        found = score(
            case["input"],
            language=language,
            source_domain=params.get("domain"),
            resources=resources,
        )
        assert found[name] == case["expected"], (name, case["input"])


def test_reference_pairs_of_the_texts_forms(conformance: Conformance) -> None:
    for case in conformance("rpv2.normalize"):
        assert normalize(case["input"]) == case["expected"]
        documents = Documents([case["input"]], ["en"], [None], NO_RESOURCES, {})
        assert documents.normalized == [case["expected"]]
        assert documents.normalized_lengths.tolist() == [len(case["expected"])]
    for case in conformance("rpv2.raw_words"):
        assert raw_words(case["input"]) == case["expected"]
    for case in conformance("rpv2.classifier_preprocess"):
        assert classifier_text(case["input"]) == case["expected"]
    for case in conformance("rpv2.lines"):
        documents = Documents([case["input"]], ["en"], [None], NO_RESOURCES, {})
        spans = list(zip(*(side.tolist() for side in documents.line_spans), strict=True))
        assert spans == [(start, end) for _, start, end in case["expected"]]
        if case["params"]["normalized"]:
            lengths = documents.normalized_line_lengths.tolist()
            assert lengths == [len(text) for text, _, _ in case["expected"]]


def test_reference_pairs_of_buckets(conformance: Conformance) -> None:
    for case in conformance("ccnet_bucket"):
        found = measured("a text", ccnet={"bucket": case["input"]})
        assert found["ccnet_bucket"] == [[0, 6, case["expected"]]]


@settings(max_examples=400, deadline=None)
@given(TEXTS)
@example("")
@example("\n")
@example("\u0301 x\n\u0301")
@example("!?. . ...\n\n")
@example("a b a b a b a b a b a b a b")
@example("x y " * 12 + "lorem ipsumlorem ipsum")
def test_equals_the_rules_restated(text: str) -> None:
    found = measured(text, resources=LISTS, source_domain="www.casino.test")
    expected = reference.signals(
        text,
        bad_words=BAD_WORDS,
        stop_words=STOP_WORDS,
        categories=LISTS.categories,
        domain="www.casino.test",
    )
    assert {name: found[name] for name in expected} == expected


@settings(max_examples=100, deadline=None)
@given(TEXTS)
@example("½ x² e\u0301 .\x1c. a\x1cb")
def test_words_as_when_the_signals_were_published(text: str) -> None:
    found = measured(text, resources=Resources(word_rule="re", stop_words=LISTS.stop_words))
    expected = reference.signals(text, stop_words=STOP_WORDS, word_rule="re")
    assert {name: found[name] for name in expected} == expected


def test_words_are_those_of_the_module_regex() -> None:
    regex = pytest.importorskip("regex")
    word, space = regex.compile(r"\w"), regex.compile(r"\s")
    # the module may know characters of a later Unicode than this Python
    known = [char for char in map(chr, range(0x110000)) if unicodedata.category(char) != "Cn"]
    assert [
        char for char in known if (word.match(char) is not None) != reference.is_word(char)
    ] == []
    assert [
        char for char in known if (space.match(char) is not None) != reference.is_space(char)
    ] == []
    assert [char for char in known if reference.is_word(char) != _is_regex_word(char)] == []


@settings(max_examples=60, deadline=None)
@given(st.lists(st.one_of(st.none(), TEXTS), max_size=12), st.data())
def test_columns_equal_score(texts: list[str | None], data: st.DataObject) -> None:
    count = len(texts)
    languages = data.draw(
        st.lists(st.sampled_from(["en", "de", None]), min_size=count, max_size=count)
    )
    domains = data.draw(
        st.lists(st.sampled_from(["bad.example.com", None]), min_size=count, max_size=count)
    )
    perplexities = data.draw(
        st.lists(st.one_of(st.none(), st.floats(1, 9)), min_size=count, max_size=count)
    )
    given_fields = {"perplexity": pa.array(perplexities, pa.float64())}
    struct = columns(pa.array(texts, pa.string()), languages, domains, LISTS, given_fields)
    assert struct.type == to_arrow_type(QUALITY_SIGNALS) == ARROW_TYPE
    struct.validate(full=True)
    for row, text in enumerate(texts):
        if text is None:
            assert struct[row].as_py() is None
            continue
        expected = score(
            text,
            language=languages[row] or "",
            source_domain=domains[row],
            resources=LISTS,
            ccnet={"perplexity": perplexities[row]},
        )
        assert in_v2_form(struct[row].as_py(), len(text)) == expected


def in_v2_form(row: dict[str, Any], length: int) -> dict[str, list[list[Any]]]:
    return {
        name: [[x["start"], x["end"], x["score"]] for x in value]
        if isinstance(value, list)
        else [[0, length, value]]
        for name, value in row.items()
    }


def test_a_batch_larger_than_one_part() -> None:
    texts: list[str | None] = [
        f"Line {i} of the text.\nMore {i}" if i % 7 else None for i in range(700)
    ]
    texts[300] = "word " * 500_000
    struct, [signatures], _ = columns_and_signatures(texts, ["en"] * 700, [None] * 700, LISTS)
    assert len(struct) == len(signatures) == 700
    counts = struct.field("rps_doc_word_count").to_pylist()
    expected = [None if text is None else len(text.replace(".", "").split()) for text in texts]
    assert counts == expected
    assert [i for i, signature in enumerate(signatures.to_pylist()) if signature] == [300]


def test_without_documents() -> None:
    assert columns([], [], []).to_pylist() == []


def test_each_signal_of_v2_has_one_function() -> None:
    assert FUNCTIONS.keys() == V2_SIGNALS.keys()
    assert list(SIGNALS) == QUALITY_SIGNALS.names == list(measured("a"))
    assert len(SIGNALS) == 45
    with pytest.raises(ValueError, match="rps_doc_word_count"):
        signal("rps_doc_word_count")(SIGNALS["rps_doc_word_count"].function)


def test_without_resources_lists_score_zero_and_models_null() -> None:
    found = measured("bad damn the", source_domain="bad.example.com")
    assert found["rps_doc_ldnoobw_words"] == [[0, 12, 0.0]]
    assert found["rps_doc_stop_word_fraction"] == [[0, 12, 0.0]]
    for name in ("rps_doc_ut1_blacklist", "rps_doc_ml_wikiref_score", "rps_doc_books_importance"):
        assert found[name] == [[0, 12, None]]


def test_ccnet_fields_are_repeated_as_floats() -> None:
    record = {
        "length": 9,
        "original_length": 20,
        "nlines": 1,
        "original_nlines": 3,
        "language_score": 0.9,
        "perplexity": 123.4,
        "bucket": "middle",
    }
    assert set(record) == set(ccnet_signals.FIELDS)
    found = measured("nine char", ccnet=record)
    values = [found[f"ccnet_{name}"][0] for name in record]
    assert values == [[0, 9, x] for x in (9.0, 20.0, 1.0, 3.0, 0.9, 123.4, 1.0)]
    assert isinstance(values[0][2], float)
    assert measured("nine char", ccnet={"bucket": "all"})["ccnet_bucket"] == [[0, 9, None]]


@pytest.mark.parametrize("text", ["\ud800", "a \udfff\ud800 b.\nc", "\x00", "\x00 \x00\n"])
def test_texts_that_no_encoding_has(text: str) -> None:
    expected = reference.signals(text)
    found = measured(text)
    assert {name: found[name] for name in expected} == expected
