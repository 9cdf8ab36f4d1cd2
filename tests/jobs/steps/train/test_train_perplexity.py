"""`train perplexity` turns texts into models that `annotate` finds, with their cut-offs."""

from __future__ import annotations

import json
import os
import random
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from statistics import median

import pytest
from pyspark.sql import SparkSession
from rows import context, document, fill, said

from jobs import train
from jobs.steps.train import perplexity
from jobs.steps.train.model_files import build_binary
from schemas.errors import UserError
from schemas.settings.train import TrainPerplexityConfig
from udfs.annotate import Models
from udfs.ccnet.buckets import CCNET_CUTOFFS, HEAD, TAIL, bucket
from udfs.language_models.kneser_ney import FALLBACK
from udfs.models.model_files import find_perplexity_models, load_cutoffs, load_perplexity

WORDS = "the old mill by river turns slowly while a young miller sings of bread and rain"

SPAM = """
cheap house for sale lady dress online best price letter free love marriage night hotel pills buy
now ring daughter horse insurance credit window garden party doctor picture
"""


def lines(count: int, seed: int = 0) -> list[str]:
    draw = random.Random(seed)
    return [
        " ".join(draw.choices(WORDS.split(), k=draw.randint(4, 12))) + f" {n}x."
        for n in range(count)
    ]


def text_file(path: Path, texts: Iterable[str]) -> str:
    path.write_text("".join(text + "\n" for text in texts), encoding="utf-8")
    return str(path)


def config(source: str, output: Path, **others: object) -> TrainPerplexityConfig:
    settings: dict[str, object] = {"language": "xx", "vocab_size": 60, "held_out": 0.2, **others}
    return TrainPerplexityConfig(input=(source,), output=str(output), **settings)  # type: ignore[arg-type]


@pytest.fixture
def no_binary(monkeypatch: pytest.MonkeyPatch) -> None:
    """A PATH without KenLM's programs."""
    monkeypatch.setenv("PATH", "/usr/bin:/bin")


@pytest.fixture(scope="module")
def trained(
    spark: SparkSession, shared_data: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """Models trained on paragraphs of two English novels."""
    folder = tmp_path_factory.mktemp("novels")
    books = [shared_data / "books" / name for name in ("84/84.txt", "1342/1342.txt")]
    texts = [text for book in books for text in list(paragraphs(book))[:600]]
    rows = [json.dumps({"text": text}) for text in texts]
    source = text_file(folder / "novels.jsonl", rows)
    settings = config(source, folder / "models", language="en", vocab_size=3000, held_out=0.1)
    train.run(context(spark, ""), settings)
    return folder / "models"


def paragraphs(book: Path, encoding: str = "utf-8") -> Iterator[str]:
    text = book.read_text(encoding=encoding, errors="replace")
    for paragraph in re.split(r"\n\s*\n", text):
        if len(paragraph) > 200:
            yield " ".join(paragraph.split())


def spam() -> Iterator[str]:
    """Lists of keywords, some from the novels' own vocabulary, like pages made for search engines."""
    draw = random.Random(1)
    for _ in range(40):
        yield " ".join(draw.choices(SPAM.split(), k=60))


def test_real_prose_ranks_below_spam_and_below_another_language(
    trained: Path, shared_data: Path
) -> None:
    models, cutoffs = find_perplexity_models(trained)["en"], load_cutoffs(trained)
    scorer = load_perplexity(models)
    books = shared_data / "books"
    # lines of a book that was not trained on
    text = (books / "botchan.txt").read_text(encoding="utf-8").split()
    prose = [" ".join(text[at : at + 80]) for at in range(2000, 22000, 500)]
    spanish = list(paragraphs(books / "2000" / "2000-8.txt", "latin-1"))[20:60]
    scores_of = {
        name: [score for score in scorer.score(texts) if score is not None]
        for name, texts in {"prose": prose, "spam": list(spam()), "spanish": spanish}.items()
    }
    assert all(len(scores) == 40 for scores in scores_of.values())
    assert median(scores_of["prose"]) < min(scores_of["spam"])
    assert sorted(scores_of["prose"])[36] < min(scores_of["spanish"])
    assert {bucket("en", score, cutoffs) for score in scores_of["spam"] + scores_of["spanish"]} == {
        TAIL
    }


def test_texts_like_those_trained_on_fill_the_buckets(trained: Path, shared_data: Path) -> None:
    """Of held-out texts 30 % are head by definition; of texts trained on, far more."""
    Models.load(str(trained)).check()
    cutoffs = load_cutoffs(trained)
    scorer = load_perplexity(find_perplexity_models(trained)["en"])
    texts = list(paragraphs(shared_data / "books" / "84" / "84.txt"))[:100]
    buckets = [bucket("en", score, cutoffs) for score in scorer.score(texts)]
    assert buckets.count(HEAD) > 60
    report = json.loads((trained / "en.perplexity.json").read_text(encoding="utf-8"))
    assert report["pieces"] == 3000
    assert report["scored"] >= 100
    assert cutoffs.table["en"] == pytest.approx((report["head"], report["tail"]), abs=0.06)


@pytest.mark.usefixtures("no_binary")
def test_spark_and_memory_give_the_same_models(spark: SparkSession, tmp_path: Path) -> None:
    source = text_file(tmp_path / "texts.txt", lines(120))
    results = {}
    for name, limit in (("memory", 10**6), ("spark", 0)):
        job_context = context(spark, "")
        settings = config(
            source, tmp_path / name, max_characters_in_memory=limit, prune=(0, 0, 1, 1, 1)
        )
        train.run(job_context, settings)
        files = sorted((tmp_path / name).iterdir())
        assert [file.name for file in files] == [
            "cutoff.csv",
            "xx.arpa",
            "xx.perplexity.json",
            "xx.sp.model",
        ]
        results[name] = {
            file.name: file.read_bytes() for file in files if file.suffix != ".json"
        } | {"said": said(job_context).replace(str(tmp_path / name), "DIR").encode()}
    assert results["spark"] == results["memory"]
    assert b"96 texts to train on, 24 others for the cut-offs" in results["spark"]["said"]


@pytest.mark.usefixtures("no_binary")
def test_another_language_joins_and_the_first_is_trained_again(
    spark: SparkSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, models = text_file(tmp_path / "texts.txt", lines(120)), tmp_path / "models"
    programs = tmp_path / "programs"
    programs.mkdir()
    program = programs / "build_binary"
    program.write_text('#!/bin/sh\ncp "$1" "$2"\n')  # KenLM reads ARPA under any name
    program.chmod(0o755)
    with monkeypatch.context() as patch:
        patch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")
        train.run(context(spark, ""), config(source, models))
    assert find_perplexity_models(models)["xx"].model.name == "xx.arpa.bin"
    before = load_cutoffs(models).table

    # with --cutoff-input nothing is held out
    other = text_file(tmp_path / "others.txt", lines(60, seed=5))
    job_context = context(spark, "")
    train.run(job_context, config(source, models, language="yy", cutoff_input=(other,)))
    assert f"120 texts to train on, cut-offs by {other}" in said(job_context)
    assert load_cutoffs(models).table.keys() == {"xx", "yy"}
    assert load_cutoffs(models).table["xx"] == before["xx"]

    train.run(context(spark, ""), config(source, models, seed=1))
    assert load_cutoffs(models).table["xx"] != before["xx"]
    # the old model's binary is removed
    assert find_perplexity_models(models)["xx"].model.name == "xx.arpa"


@pytest.mark.usefixtures("no_binary")
def test_a_table_as_input_and_models_with_ccnets_cut_offs(
    spark: SparkSession, tmp_path: Path
) -> None:
    texts = lines(120)
    kept = [document(str(n), text, language="xx") for n, text in enumerate(texts)]
    other = [document(f"l{n}", "zzz " * n, language="zz") for n in range(1, 9)]
    fill(spark, tmp_path / "root", "annotated", kept + other, partitions=2)
    models = tmp_path / "models"
    models.mkdir()
    for name in ("en.sp.model", "en.arpa.bin"):
        (models / name).touch()
    job_context = context(spark, "")
    source = str(tmp_path / "root" / "annotated")
    report = train.run(
        job_context, config(source, models, where="language = 'xx'", vocab_size=65_536)
    )
    assert report["documents"] == 96
    assert load_cutoffs(models).table["en"] == CCNET_CUTOFFS["en"]
    assert "xx" in load_cutoffs(models).table
    assert f"the texts are enough for {report['pieces']} pieces, not 65,536" in said(job_context)


def test_too_few_texts_for_65_536_pieces_give_40_000(
    spark: SparkSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = []

    def train_pieces(texts: Iterable[str], size: int) -> tuple[bytes, int]:
        calls.append((size, list(texts)))
        return b"", min(size, 50_000)

    monkeypatch.setattr(perplexity, "train_pieces", train_pieces)
    rows = spark.createDataFrame([(2, "b"), (1, "a")], "key long, text string")
    job_context = context(spark, "")
    settings = config("texts", Path("models"), vocab_size=65_536)
    assert perplexity._train_pieces(job_context, settings, rows) == (b"", 40_000)
    assert calls == [(65_536, ["a", "b"]), (40_000, ["a", "b"])]
    assert "enough for 40,000 pieces, not 65,536" in said(job_context)


@pytest.mark.parametrize(
    ("texts", "others", "message"),
    [
        pytest.param([], {}, "too few texts: 0 distinct", id="no text"),
        pytest.param(["one text"] * 500, {}, "too few texts: 1 distinct", id="one text"),
        pytest.param(lines(100), {"held_out": 0.1}, "10 of them for", id="few held out"),
        pytest.param(lines(9), {"language": "../x"}, "not a code such as", id="language"),
        pytest.param(lines(9), {"prune": (1, 0)}, "--prune", id="prune"),
        pytest.param(lines(9), {"held_out": 1.0}, "--held-out", id="all held out"),
    ],
)
def test_a_refused_training_leaves_no_files(
    spark: SparkSession,
    tmp_path: Path,
    texts: list[str],
    others: dict[str, object],
    message: str,
) -> None:
    source, models = text_file(tmp_path / "texts.txt", texts), tmp_path / "models"
    with pytest.raises(UserError, match=message):
        train.run(context(spark, ""), config(source, models, **others))
    assert not models.exists() or not list(models.iterdir())


def test_fallback_discounts_are_reported(spark: SparkSession) -> None:
    job_context, own = context(spark, ""), (0.5, 1.1, 1.5)
    perplexity._report_fallbacks(job_context, [own, FALLBACK, own, FALLBACK])
    perplexity._report_fallbacks(job_context, [own])
    assert said(job_context).count("\n") == 1
    assert "order 2, 4: their discounts are the fallback" in said(job_context)


@pytest.mark.usefixtures("no_binary")
def test_a_failed_build_binary_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "build_binary"
    program.write_text("#!/bin/sh\necho first >&2\necho out of memory >&2\nexit 1\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    with pytest.raises(UserError, match="out of memory"):
        build_binary(tmp_path / "arpa", tmp_path / "bin")
