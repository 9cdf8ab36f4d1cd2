"""Modified Kneser-Ney: by hand, by its laws, and against KenLM's own `lmplz`."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from udfs.language_models.arpa import write_arpa
from udfs.language_models.kneser_ney import (
    FALLBACK,
    Model,
    discounts_of,
    estimate,
    probabilities,
    thresholds,
)
from udfs.language_models.ngram_counts import adjust_counts, count_ngrams, counts_of_counts

STORED = Path(__file__).parent / "lmplz"
Table = dict[str, tuple[float, float]]

words = st.lists(st.sampled_from("abcdefgh"), max_size=8)
corpora = st.lists(words, min_size=1, max_size=20)


def table(model: Model) -> Table:
    return {text: (p, backoff) for rows in model.ngrams() for text, p, backoff in rows}


def parse(arpa: str) -> Table:
    cells = [line.split("\t") for line in arpa.split("\n") if "\t" in line]
    # lmplz writes -inf where a context leaves no mass; we write ARPA's -99
    return {
        row[1]: (float(row[0]), max(float(row[2]), -99.0) if len(row) > 2 else 0.0) for row in cells
    }


def log_prob(known: Table, context: tuple[str, ...], word: str) -> float:
    """The rule of back-off: the longest n-gram there is, at the price of each step down."""
    found = known.get(" ".join((*context, word)))
    if found:
        return found[0]
    return known.get(" ".join(context), (0.0, 0.0))[1] + log_prob(known, context[1:], word)


def assert_same(ours: Table, theirs: Table) -> None:
    assert ours.keys() == theirs.keys()
    for text, expected in theirs.items():
        assert ours[text] == pytest.approx(expected, abs=1e-4), text


def lmplz(sentences: Sequence[Sequence[str]], *options: str) -> Table:
    """Run the real `lmplz`, on PATH or named by $LMPLZ."""
    program = os.environ.get("LMPLZ") or shutil.which("lmplz")
    if program is None:
        pytest.skip("no lmplz on PATH or in $LMPLZ to compare with")
    text = "".join(" ".join(sentence) + "\n" for sentence in sentences)
    command = [program, "--discount_fallback", "-S", "100M", *options]
    run = subprocess.run(command, input=text, capture_output=True, text=True, check=True)
    return parse(run.stdout)


def test_two_sentences_by_hand() -> None:
    model = estimate([["a", "b"], ["a", "c"]], order=2)
    assert model.discounts == (FALLBACK, FALLBACK)
    known = {text: (10**p, 10**backoff) for text, (p, backoff) in table(model).items()}
    # adjusted: a 1 (after <s>), b 1, c 1, </s> 2 (after b and c), in all 5; gamma (3*.5 + 1) / 5
    uniform = 0.5 / 5
    assert known["<unk>"][0] == pytest.approx(uniform)
    assert known["a"][0] == pytest.approx(0.5 / 5 + uniform)
    assert known["</s>"][0] == pytest.approx(1.0 / 5 + uniform)
    assert known["<s>"] == pytest.approx((1.0, 1.0 / 2))
    assert known["<s> a"][0] == pytest.approx(1.0 / 2 + 1.0 / 2 * 0.2)
    assert known["a"][1] == pytest.approx((0.5 + 0.5) / 2)
    assert known["a b"][0] == pytest.approx(0.5 / 2 + 0.5 * 0.2)
    assert known["b </s>"][0] == pytest.approx(0.5 / 1 + 0.5 * 0.3)


def test_discounts_in_closed_form() -> None:
    n = [0, 100, 40, 20, 10]
    y = 100 / (100 + 2 * 40)
    assert discounts_of(n) == pytest.approx((1 - 2 * y * 0.4, 2 - 3 * y * 0.5, 3 - 4 * y * 0.5))


@pytest.mark.parametrize(
    "n",
    [
        pytest.param([0, 0, 5, 5, 5], id="no n-gram seen once"),
        pytest.param([0, 9, 5, 0, 5], id="none seen three times"),
        pytest.param([0, 9, 1, 90, 5], id="D2 below zero"),
    ],
)
def test_discounts_out_of_range_fall_back_or_raise(n: list[int]) -> None:
    assert discounts_of(n) == FALLBACK
    with pytest.raises(ValueError, match="too small"):
        discounts_of(n, fallback=False)


def test_no_n_gram_seen_four_times_is_no_reason_to_fall_back() -> None:
    assert discounts_of([0, 100, 40, 20, 0])[2] == 3.0


@settings(max_examples=60, deadline=None)
@given(corpora, st.integers(2, 5), st.sampled_from([None, [0, 0, 1], [0, 1, 2]]))
def test_every_context_sums_to_one(
    sentences: list[list[str]], order: int, prune: list[int] | None
) -> None:
    model = estimate(sentences, order, prune[:order] if prune else None)
    known = table(model)
    vocabulary = [word for word in model.words if word != "<s>"]
    contexts = {tuple(text.split(" ")[:-1]) for text in known}
    for context in contexts:
        total = sum(10 ** log_prob(known, context, word) for word in vocabulary)
        assert total == pytest.approx(1.0, abs=1e-9), context


@settings(max_examples=20, deadline=None)
@given(corpora)
def test_without_a_last_n_gram_the_order_of_sentences_does_not_matter(
    sentences: list[list[str]],
) -> None:
    """So a count that has no order, as a distributed one, gives one model."""

    def unordered(corpus: list[list[str]]) -> Table:
        counts = replace(count_ngrams(corpus, 3), last=(-1, -1))
        adjusted = adjust_counts(counts)
        discounts = [discounts_of(sums) for sums in counts_of_counts(counts, adjusted)]
        return table(probabilities(counts, adjusted, discounts, [0, 0, 0]))

    there, back = unordered(sentences), unordered(sentences[::-1])
    assert there.keys() == back.keys()
    for text, expected in there.items():
        assert back[text] == pytest.approx(expected, abs=1e-9)


def test_kenlm_reads_the_model_and_scores_as_we_do(tmp_path: Path) -> None:
    kenlm = pytest.importorskip("kenlm")
    lines = (STORED / "corpus.txt").read_text(encoding="utf-8").splitlines()
    model = estimate([line.split() for line in lines], 4)
    path = tmp_path / "own.arpa"
    with path.open("w", encoding="utf-8") as file:
        write_arpa(model, file)
    known, read = table(model), kenlm.Model(str(path))
    for line in [*lines, "the wheel of the day", "a sun the the bread", "nothing known here"]:
        scores = list(read.full_scores(line))
        before: tuple[str, ...] = ("<s>",)
        for word, (score, _, unknown) in zip([*line.split(), "</s>"], scores, strict=True):
            word = "<unk>" if unknown else word
            assert unknown == (word not in model.words or word == "<unk>")
            assert score == pytest.approx(log_prob(known, before, word), abs=1e-5)
            before = (*before, word)[-3:]


@pytest.mark.parametrize(
    ("order", "prune", "name"), [(3, None, "order3"), (4, [0, 0, 1], "order4_pruned")]
)
def test_equals_the_stored_output_of_lmplz(order: int, prune: list[int] | None, name: str) -> None:
    """The fixtures are `lmplz -o 3 --discount_fallback` and `-o 4 ... --prune 0 0 1` (KenLM 0.3)."""
    corpus = (STORED / "corpus.txt").read_text(encoding="utf-8").splitlines()
    expected = parse((STORED / f"{name}.arpa").read_text(encoding="utf-8"))
    assert len(expected) > 80
    assert_same(table(estimate([line.split() for line in corpus], order, prune)), expected)


@pytest.mark.parametrize("prune", [None, [0, 0, 1, 1, 1]])
def test_equals_lmplz_on_a_book(shared_data: Path, prune: list[int] | None) -> None:
    sentencepiece = pytest.importorskip("sentencepiece")
    model_file = str(shared_data / "models" / "en.sp.model")
    encode = sentencepiece.SentencePieceProcessor(model_file=model_file).encode_as_pieces
    book = (shared_data / "books" / "botchan.txt").read_text(encoding="utf-8").splitlines()
    sentences = [encode(line.strip()) for line in book]
    options = ["--prune", *map(str, prune)] if prune else []
    assert_same(table(estimate(sentences, 5, prune)), lmplz(sentences, "-o", "5", *options))


@pytest.mark.parametrize("seed", range(12))
def test_equals_lmplz_on_tiny_corpora(seed: int) -> None:
    """Here single counts decide: fallbacks, empty sentences, the last n-gram of all."""
    draw = random.Random(seed)
    sentences = [
        ["abcdefghij"[min(int(draw.expovariate(0.4)), 9)] for _ in range(draw.randint(0, 9))]
        for _ in range(draw.randint(1, 50))
    ]
    order = draw.randint(2, 6)
    assert_same(table(estimate(sentences, order)), lmplz(sentences, "-o", str(order)))


def test_special_words_are_refused() -> None:
    for word in ("<s>", "</s>", "<unk>"):
        with pytest.raises(ValueError, match="holds one of"):
            estimate([["a", word]], 2)


def test_a_corpus_without_sentences_is_refused_and_an_empty_sentence_is_one() -> None:
    with pytest.raises(ValueError, match="no sentence"):
        estimate([], 3)
    assert estimate([[]], 3).words == ("<unk>", "<s>", "</s>")


@pytest.mark.parametrize("prune", [[1], [0, 2, 1], [0, 0, 0, 0]])
def test_thresholds_that_are_none(prune: list[int]) -> None:
    with pytest.raises(ValueError, match="thresholds"):
        thresholds(prune, 3)


def test_the_last_threshold_stands_for_the_rest() -> None:
    assert thresholds([0, 0, 1], 5) == [0, 0, 1, 1, 1]
    assert thresholds(None, 2) == [0, 0]


def test_pruning_drops_rare_n_grams_but_no_word() -> None:
    sentences = [["a", "b", "c"]] * 2 + [["a", "d", "e"]]
    whole, pruned = table(estimate(sentences, 3)), table(estimate(sentences, 3, [0, 1]))
    assert "a d" in whole
    assert "a d" not in pruned
    assert {"d", "a b c"} <= pruned.keys()


def test_a_context_that_leaves_no_mass_stays_readable(tmp_path: Path) -> None:
    """Where D is 0 the back-off is log 0, and KenLM refuses the `-inf` that `lmplz` writes."""
    kenlm = pytest.importorskip("kenlm")
    counts = count_ngrams([["a", "b"], ["b", "a"]], 2)
    nothing = [FALLBACK, (0.0, 0.0, 0.0)]
    path = tmp_path / "zero.arpa"
    with path.open("w", encoding="utf-8") as file:
        write_arpa(probabilities(counts, adjust_counts(counts), nothing, [0, 0]), file)
    assert "a\t-99" in path.read_text(encoding="utf-8")
    assert kenlm.Model(str(path)).score("a a") < -99
