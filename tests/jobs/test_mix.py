"""The mixture: to the recipe, the same for the same seed, and counted to the last document."""

from __future__ import annotations

import hashlib
import io
from collections import Counter
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from pyspark.sql import SparkSession
from rows import context, fill, said

from jobs import mix
from jobs.runtime.context import Context
from jobs.steps.mix import recipe_file
from jobs.steps.report import mixture as section
from jobs.steps.report import run_summary
from jobs.tables.runs import Record
from schemas.errors import UserError
from schemas.settings.mix import MixConfig
from schemas.settings.report import ReportConfig

SIZES = {
    "common_crawl": 250,
    "c4": 120,
    "github": 60,
    "wikipedia": 60,
    "books": 30,
    "arxiv": 30,
    "stackexchange": 24,
}
LONGEST = 44  # tokens of the longest document
TOKENS = 6000


def document(slice_: str, i: int) -> dict[str, Any]:
    """A row of corpus/: every tenth of the web in the tail, every 25th twice or more in the dumps."""
    web = slice_ == "common_crawl"
    return {
        "id": f"{slice_}/{i}",
        "slice": slice_,
        "bucket": ("tail" if i % 10 == 0 else "middle" if i % 3 else "head") if web else "all",
        "text": f"text {i}",
        "title": f"title {i}",
        "date": "2099-01-01",
        "language": ("en", "de", None)[i % 7 % 3],
        "metadata": {"site": slice_},
        "copies": {"exact": i // 25, "near": i // 125, "slices": [slice_]} if i % 25 == 0 else None,
        "token_count": 5 + i * 7 % 40,
    }


CORPUS = [document(slice_, i) for slice_, size in SIZES.items() for i in range(size)]
BY_ID = {row["id"]: row for row in CORPUS}


def times(row: dict[str, Any]) -> int:
    """As txt360 has it; there are up to 12 copies here."""
    copies = 1 + sum((row["copies"] or {}).get(kind, 0) for kind in ("exact", "near"))
    return 5 if copies >= 6 else 3 if copies >= 2 else 1


@pytest.fixture(scope="module")
def root(spark: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A corpus of seven slices; each test makes a mixture of its own."""
    folder = tmp_path_factory.mktemp("seven")
    fill(spark, folder, "corpus", CORPUS)
    return folder


class Mixed:
    """A mixture, and what the job said of it."""

    def __init__(self, spark: SparkSession, root: Path, **settings: Any) -> None:
        given = context(spark, root)
        config = MixConfig(root=str(root), **{"shards": 3, **settings})
        self.record: Record = mix.run(given, config)
        self.said = said(given)
        files = [
            root / "mixture" / file.path
            for file in Context(str(root)).table("mixture").required().files
        ]
        self.bytes = {
            file.parent.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files
        }
        self.shards = {
            file.parent.name: pq.ParquetFile(file).read().to_pylist(maps_as_pydicts="strict")
            for file in files
        }
        assert len(self.shards) == len(files)
        self.rows = [row for _, shard in sorted(self.shards.items()) for row in shard]
        self.counts = Counter(row["id"] for row in self.rows)

    def tokens(self, name: str | None = None) -> int:
        return sum(row["token_count"] for row in self.rows if name in (None, row["stratum"]))


@pytest.fixture(scope="module")
def llama(spark: SparkSession, root: Path) -> Mixed:
    return Mixed(spark, root, tokens=TOKENS, recipe="llama")


def proportions(mixed: Mixed, shares: dict[str, float], tokens: int = TOKENS) -> None:
    """Each stratum has its share within one document, and the record says so."""
    strata = {stratum["stratum"]: stratum for stratum in mixed.record.details["strata"]}
    assert strata.keys() == shares.keys() == {row["stratum"] for row in mixed.rows}
    for name, share in shares.items():
        wanted = tokens * share / sum(shares.values())
        assert abs(strata[name]["wanted"] - wanted) <= 0.5
        assert abs(mixed.tokens(name) - wanted) <= LONGEST / 2 + 0.5, name
        assert strata[name]["tokens"] == mixed.tokens(name)
        assert strata[name]["share"] == round(mixed.tokens(name) / mixed.tokens(), 4)


def test_llama_s_proportions(llama: Mixed) -> None:
    recipe = recipe_file.of(MixConfig(root="r", tokens=1, recipe="llama"))
    proportions(llama, {name: float(stratum.share) for name, stratum in recipe.strata.items()})
    record = llama.record
    wikipedia = next(
        stratum for stratum in record.details["strata"] if stratum["stratum"] == "wikipedia"
    )
    assert (wikipedia["llama_share"], wikipedia["llama_epochs"]) == (0.045, 2.45)
    assert record.tokens_out == llama.tokens()
    assert (
        record.rows_out == len(llama.rows) == len({(row["id"], row["epoch"]) for row in llama.rows})
    )
    assert record.rows_in == len(CORPUS)
    assert record.tokens_in == sum(row["token_count"] for row in CORPUS)
    drawn = len(llama.counts)
    assert record.reasons == {"over-budget": len(CORPUS) - drawn}
    assert record.details["repeated"] == len(llama.rows) - drawn == 0


def test_slimpajama_s_proportions(spark: SparkSession, root: Path) -> None:
    recipe = recipe_file.of(MixConfig(root="r", tokens=1, recipe="slimpajama"))
    mixed = Mixed(spark, root, tokens=TOKENS, recipe="slimpajama")
    proportions(mixed, {name: float(stratum.share) for name, stratum in recipe.strata.items()})


def test_redpajama_s_proportions_are_those_of_the_corpus(spark: SparkSession, root: Path) -> None:
    mixed = Mixed(spark, root, tokens=TOKENS, recipe="redpajama-1t")
    natural = Counter[str]()
    for row in CORPUS:
        natural[row["slice"]] += row["token_count"]
    proportions(mixed, dict(natural))
    # a sample release is that too, and a smaller one is part of it
    sample = Mixed(spark, root, sample=TOKENS // 2)
    proportions(sample, dict(natural), TOKENS // 2)
    assert sample.counts.keys() < mixed.counts.keys()
    with pytest.raises(UserError, match=r"^--sample: the corpus has 13,"):
        Mixed(spark, root, sample=10**9)


def test_txt360_s_times_are_those_of_the_copies(spark: SparkSession, root: Path) -> None:
    epoch = sum(row["token_count"] * times(row) for row in CORPUS)
    mixed = Mixed(spark, root, tokens=epoch, recipe="txt360")
    assert mixed.counts == {row["id"]: times(row) for row in CORPUS}
    assert set(mixed.counts.values()) == {1, 3, 5}
    assert mixed.record.reasons == {}
    assert mixed.record.details["repeated"] == len(mixed.rows) - len(CORPUS)
    # epochs are counted in passes, each of which has a document so often
    assert {stratum["epochs"] for stratum in mixed.record.details["strata"]} == {1.0}


def test_the_same_seed_gives_the_same_bytes_whatever_the_partitions(
    spark: SparkSession, tmp_path: Path, llama: Mixed
) -> None:
    fill(spark, tmp_path, "corpus", list(reversed(CORPUS)), partitions=8)
    again = Mixed(spark, tmp_path, tokens=TOKENS, recipe="llama")
    assert again.rows == llama.rows
    assert again.bytes == llama.bytes
    assert len(llama.bytes) == 3


def test_another_seed_is_another_mixture(spark: SparkSession, root: Path, llama: Mixed) -> None:
    others = [Mixed(spark, root, tokens=TOKENS, recipe="llama", seed=seed) for seed in (1, 2)]
    assert len({frozenset(mixed.counts) for mixed in (llama, *others)}) == 3
    for mixed in others:
        assert abs(mixed.tokens() - TOKENS) <= 7 * LONGEST / 2


def test_a_file_is_a_shard_in_its_order_with_all_that_the_corpus_has(llama: Mixed) -> None:
    assert sorted(llama.shards) == ["shard=0", "shard=1", "shard=2"]
    for shard in llama.shards.values():
        assert [row["position"] for row in shard] == list(range(len(shard)))
        ids = [row["id"] for row in shard]
        assert ids != sorted(ids)
    own = {"stratum", "epoch", "position"}
    for row in llama.rows:
        known = BY_ID[row["id"]]
        assert {name: row[name] for name in row if name not in own} == {
            name: known.get(name) for name in row if name not in own
        }


DIVIDED = """
strata:
  common_crawl: {share: 3, by: bucket, shares: {head: 2, middle: 1}, max_epochs: 1.5}
  wikipedia: {share: 1, by: language, shares: {en: 3, unknown: 1}}
"""


def test_parts_of_a_slice_have_their_shares_and_the_rest_is_counted(
    spark: SparkSession, root: Path, tmp_path: Path
) -> None:
    recipe = tmp_path / "mine.yaml"
    recipe.write_text(DIVIDED)
    mixed = Mixed(
        spark,
        root,
        tokens=3600,
        recipe=str(recipe),
        buckets=("head", "middle", "all"),
        max_epochs=2.5,
    )
    shares = {
        "common_crawl/head": 6,
        "common_crawl/middle": 3,
        "wikipedia/en": 2.25,
        "wikipedia/unknown": 0.75,
    }
    proportions(mixed, shares, 3600)
    for row in mixed.rows:
        about = BY_ID[row["id"]]
        part = about["bucket"] if about["slice"] == "common_crawl" else about["language"]
        assert row["stratum"] == f"{about['slice']}/{part or 'unknown'}"
    record = mixed.record
    tail = sum(row["bucket"] == "tail" for row in CORPUS)
    assert record.reasons["bucket:tail"] == tail
    assert record.reasons["no-share"] == sum(
        row["slice"] not in ("common_crawl", "wikipedia")
        or (row["slice"] == "wikipedia" and row["language"] == "de")
        for row in CORPUS
    )
    assert len(mixed.counts) + sum(record.reasons.values()) == record.rows_in == len(CORPUS)
    assert "these repeat: wikipedia/en (1.06 epochs)" in mixed.said
    # as a table, a slice has a line above its parts, with LLaMA's figures
    lines = run_summary.lines([record])
    names = [line.split("  ")[0] for line in lines[lines.index("") + 2 :]]
    assert names == [
        *("common_crawl", "common_crawl/head", "common_crawl/middle"),
        *("wikipedia", "wikipedia/en", "wikipedia/unknown", "all"),
    ]
    assert lines[lines.index("") + 2].split()[-3:] == ["67.0", "%", "1.10"]
    # and in the report
    made = section.section(
        Context(str(root), spark, out=io.StringIO()), ReportConfig(root=str(root))
    )
    assert [stratum["stratum"] for stratum in made.numbers["strata"]] == sorted(shares)
    assert "common_crawl/head" in made.body


def test_what_is_too_small_stops_or_is_filled_up(spark: SparkSession, root: Path) -> None:
    weights = ("books=1", "c4=1")
    books = sum(row["token_count"] for row in CORPUS if row["slice"] == "books")
    with pytest.raises(UserError, match=r"books would need 2\.\d+ epochs \(at most 1\)"):
        Mixed(spark, root, tokens=4000, weights=weights, max_epochs=1.0)
    others = Mixed(spark, root, tokens=3000, weights=weights, max_epochs=1.0, on_shortage="fill")
    assert others.tokens("books") == books
    assert abs(others.tokens() - 3000) <= LONGEST / 2
    assert "too small for their shares: books" in others.said
    assert others.said.endswith("; the others get the rest\n")


def test_what_is_not_there_is_told(spark: SparkSession, root: Path, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="the corpus has no tokens of books in these buckets"):
        Mixed(spark, root, tokens=10, weights=("books=1",), buckets=("head",))
    recipe = tmp_path / "mine.yaml"
    recipe.write_text("strata: {wikipedia: {share: 1, by: language, shares: {fr: 1}}}")
    with pytest.raises(UserError, match=r"mine\.yaml: the corpus has no tokens of wikipedia/fr"):
        Mixed(spark, root, tokens=10, recipe=str(recipe))
    with pytest.raises(UserError, match="nothing to mix"):
        Mixed(spark, root, tokens=10, buckets=())


def test_a_document_larger_than_the_rest_of_a_share_is_named(
    spark: SparkSession, tmp_path: Path
) -> None:
    """As with a page of 421,869 tokens, of which a share has 229,245."""
    small = [document("c4", i) for i in range(120)]
    large = {**document("books", 0), "token_count": 100_000}
    fill(spark, tmp_path, "corpus", [*small, large, {**document("books", 1), "token_count": 10}])
    given = context(spark, tmp_path)
    ten = sum(row["token_count"] for row in small)
    for seed in range(4):  # in one of the two orders the large book comes first, and is taken
        weights = ("c4=1", "books=1")
        settings = MixConfig(root=str(tmp_path), tokens=2000, weights=weights, seed=seed)
        record = mix.run(given, settings)
        books = next(
            stratum for stratum in record.details["strata"] if stratum["stratum"] == "books"
        )
        which = {10: "the next", 100_000: "its last"}[books["tokens"]]
        line = f"mix: books: {books['tokens']:,} of 1,000 tokens: {which} document has 100,000\n"
        assert line in said(given).rpartition("mix: 2,000 tokens")[2]
    assert ten > 1000
    assert "mix: c4:" not in said(given)
