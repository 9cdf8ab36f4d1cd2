"""Kneser-Ney on Spark equals the estimation in memory, and KenLM's own `lmplz`."""

from __future__ import annotations

import functools
import io
import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest
from pyspark.sql import DataFrame, SparkSession

from jobs.steps.train import arpa_file, ngram_model
from udfs.language_models.arpa import write_arpa
from udfs.language_models.ngram_batches import words_of

CORPUS = Path(__file__).parents[4] / "tests/udfs/language_models/lmplz" / "corpus.txt"
Table = dict[str, tuple[float, float]]


# built from importable functions, since workers cannot import this module
sentences = functools.partial(map, words_of)


def frame(spark: SparkSession, lines: Sequence[str], partitions: int) -> DataFrame:
    rows = spark.createDataFrame([(line,) for line in lines], "text string")
    return rows.repartition(partitions)


def on_spark(texts: DataFrame, folder: Path, order: int, prune: list[int] | None = None) -> str:
    folder.mkdir()
    scratch = str(folder / "scratch")
    model = ngram_model.estimate(texts, sentences, scratch, order=order, prune=prune)
    arpa_file.write(model, folder / "model.arpa", scratch)
    return (folder / "model.arpa").read_text(encoding="utf-8")


def in_memory(lines: Sequence[str], order: int, prune: list[int] | None = None) -> str:
    file = io.StringIO()
    write_arpa(ngram_model.estimate_in_memory(sentences(lines), order, prune), file)
    return file.getvalue()


def parse(arpa: str) -> Table:
    cells = [line.split("\t") for line in arpa.split("\n") if "\t" in line]
    return {
        row[1]: (float(row[0]), max(float(row[2]), -99.0) if len(row) > 2 else 0.0) for row in cells
    }


@pytest.mark.parametrize(
    ("partitions", "prune"), [(1, None), (5, None), (5, [0, 0, 1])], ids=["1", "5", "5 pruned"]
)
def test_equals_the_model_estimated_in_memory(
    spark: SparkSession, tmp_path: Path, partitions: int, prune: list[int] | None
) -> None:
    """The files are equal to the byte for any partitions: sorted rows, seven digits."""
    # an empty sentence, one shorter than the order, special words, words that sort beyond ASCII
    odd = ["", "a", "zwölf 𝄞 ▁x zwölf", "<s> wheel </s> <unk>", "𝄞", "\uffee"]
    lines = [*CORPUS.read_text(encoding="utf-8").splitlines(), *odd]
    model = on_spark(frame(spark, lines, partitions), tmp_path / "spark", 4, prune)
    assert model == in_memory(lines, 4, prune)


@pytest.mark.parametrize("prune", [None, [0, 0, 1, 1, 1]], ids=["whole", "pruned"])
def test_equals_lmplz_on_a_book(
    spark: SparkSession, shared_data: Path, tmp_path: Path, prune: list[int] | None
) -> None:
    program = os.environ.get("LMPLZ") or shutil.which("lmplz")
    if program is None:
        pytest.skip("no lmplz on PATH or in $LMPLZ to compare with")
    sentencepiece = pytest.importorskip("sentencepiece")
    model_file = str(shared_data / "models" / "en.sp.model")
    encode = sentencepiece.SentencePieceProcessor(model_file=model_file).encode_as_pieces
    book = (shared_data / "books" / "botchan.txt").read_text(encoding="utf-8").splitlines()
    lines = [" ".join(encode(line.strip())) for line in book]
    command = [program, "-o", "5", "--discount_fallback", "-S", "100M"]
    command += ["--prune", *map(str, prune)] if prune else []
    text = "\n".join(lines) + "\n"
    run = subprocess.run(command, input=text, capture_output=True, text=True, check=True)
    expected = parse(run.stdout)
    actual = parse(on_spark(frame(spark, lines, 3), tmp_path / "spark", 5, prune))
    assert actual.keys() == expected.keys()
    for ngram, numbers in expected.items():
        assert actual[ngram] == pytest.approx(numbers, abs=1e-4), ngram


def test_a_corpus_without_sentences_is_refused(spark: SparkSession, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no sentence"):
        ngram_model.estimate(frame(spark, [], 1), sentences, str(tmp_path / "s"), order=2)
