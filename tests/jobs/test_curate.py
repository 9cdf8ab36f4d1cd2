"""What curate keeps: each document that goes has one reason, the first there is."""

from __future__ import annotations

import random
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from pyspark.sql import SparkSession
from rows import collect, context, document, fill, said

from jobs import cli, curate
from jobs.runtime.context import Context
from jobs.steps.curate.dry_run import Estimate, sampled
from jobs.tables import runs
from schemas.errors import UserError
from schemas.pii import PII_KINDS
from schemas.settings.curate import CurateConfig
from udfs.annotate import Models, measure
from udfs.rule_measures import measures
from udfs.tokens.tokenizer import load_tokenizer

SYLLABLES = [a + b for a in "bdfgklmnprst" for b in ("a", "en", "il", "or", "u")]
SMALL_WORDS = ("the", "of", "and", "that", "to", "with", "in", "from", "is", "her")


def sentence(choose: random.Random) -> str:
    """About eleven words that say nothing, some of them English."""
    words = ["".join(choose.choices(SYLLABLES, k=2)) for _ in range(8)]
    for small in choose.sample(SMALL_WORDS, 3):
        words.insert(choose.randrange(1, 8), small)
    return " ".join(words).capitalize() + "."


def lines(seed: str, n: int = 14) -> list[str]:
    choose = random.Random(seed)
    return [f"{sentence(choose)} {sentence(choose)}" for _ in range(n)]


def page(seed: str) -> str:
    """A page that no rule has a word against."""
    return "\n".join(lines(seed))


def without(words: str, text: str) -> str:
    return re.sub(rf"\b(?:{words})\b", "zum", text, flags=re.IGNORECASE)


# the rule that drops a page and no other does, and the page
PAGES = {
    "good": page("good"),
    "filter:gopher/word-count": "\n".join(lines("short", 2)),
    "filter:gopher/mean-word-length": re.sub(r"\b(\w{4,})\b", r"\1\1\1\1", page("long")),
    "filter:gopher/symbol-to-word-ratio": re.sub(r" (\w)(\w{4})", r" #\1\2", page("hash")),
    "filter:gopher/bullet-lines": "\n".join(f"• {line}" for line in lines("bullets")),
    "filter:gopher/ellipsis-lines": "\n".join(
        [*lines("dots", 9), *(f"{line[:-1]}…" for line in lines("more dots", 5))]
    ),
    "filter:gopher/alphabetic-words": re.sub(
        r" (\w\w\w) ", lambda found: f" {len(found[1]) + found.start()} ",
        re.sub(r" (\w{6}) ", lambda found: f" {found.start()}7 ", page("digits")),
    ),
    "filter:gopher/stop-words": without("the|be|to|of|and|that|have|with", page("stop")),
    "filter:gopher/duplicate-lines": "\n".join([*["Ja.", "So."] * 5, *lines("twice")]),
    "filter:gopher/top-2grams": re.sub(" (the|and|of) ", " marketing strategies ", page("top")),
    "filter:refinedweb/language-score": page("score"),
    "filter:refinedweb/lines-of-no-text": "\n".join([*lines("shout", 12), lines("loud")[0].upper()]),
    "filter:fineweb/sentences": " ".join(lines("one")).replace(".", ","),
    "filter:fineweb/lorem-ipsum": f"{page('lorem')}\nHere stands lorem ipsum.",
    "filter:fineweb/curly-bracket": f"{page('code')}\nHere stands {{ alone.",
    "filter:fineweb/punctuated-lines": page("points").replace(".\n", "\n"),
    "filter:fineweb/short-lines": "\n".join(
        sentence
        for line in lines("half")
        for sentence in (line, f"It is {line[:8]}.", f"And {line[-9:]}", f"So {line[9:20]}.")
    ),
}  # fmt: skip


CCNET = ("length", "original_length", "nlines", "original_nlines")


def annotated(reason: str, text: str, number: int) -> dict[str, Any]:
    name = reason.rpartition("/")[2]
    row = document(f"{number:02}-{name}", text, language="en", language_score=0.9)
    if name == "language-score":
        row["language_score"] = 0.6
    columns = measure(
        [text],
        [None],
        Models.load(None),
        languages=["en"],
        language_scores=[row["language_score"]],
        ccnet={name: [row[name.removeprefix("original_")]] for name in CCNET},
        bucketed=[False],
        simhashed=[False],
    )
    columns["rule_measures"] = measures([text], [text], [row["language"]], [row["language_score"]])
    return row | {name: values.to_pylist()[0] for name, values in columns.items()}


@pytest.fixture(scope="module")
def pages() -> dict[str, dict[str, Any]]:
    """Rows of annotated/ by the reason for which each should go, under all web rules."""
    return {
        reason: annotated(reason, text, number)
        for number, (reason, text) in enumerate(PAGES.items())
    }


def root_with(
    spark: SparkSession, root: Path, rows: list[dict[str, Any]], **others: list[dict[str, Any]]
) -> Path:
    fill(spark, root, "annotated", rows, partitions=2)
    for name in ("duplicates", "copies", *(name for name in others if name == "contamination")):
        inputs = [{"annotated": "first"}]
        fill(spark, root, name, others.get(name, []), inputs=inputs)
    return root


def reasons(
    spark: SparkSession, root: Path, **settings: Any
) -> tuple[dict[str, int], set[str], runs.Record]:
    config = CurateConfig(root=str(root), **settings)
    record: runs.Record = cli.run("curate", config, context(spark, root))
    kept = {row[0] for row in collect(spark, root, "corpus", "id")}
    return record.reasons, kept, record


def test_each_page_goes_under_the_rule_it_was_made_for(
    spark: SparkSession, tmp_path: Path, pages: dict[str, dict[str, Any]]
) -> None:
    root = root_with(spark, tmp_path, list(pages.values()))
    left_out, kept, record = reasons(spark, root, filters=("refinedweb", "fineweb"))
    assert left_out == {reason: 1 for reason in PAGES if reason != "good"}
    assert kept == {pages["good"]["id"]}
    assert "unknown" not in record.details
    # gopher's rules alone leave what the others drop
    left_out, kept, _ = reasons(spark, root, filters=("gopher",))
    assert set(left_out) == {reason for reason in PAGES if "/" in reason and "gopher" in reason}
    # the dry run says the same of all of them, and writes nothing
    before = files(tmp_path)
    given = context(spark, root)
    curate.run(given, CurateConfig(root=str(root), filters=("refinedweb", "fineweb"), dry_run=True))
    printed = said(given).splitlines()
    for reason in PAGES:
        name = "kept" if reason == "good" else reason
        (line,) = (line for line in printed if line.startswith(f"{name} "))
        assert f" {100 / len(PAGES):.2f} % ± 0.00  1 ± 0 " in " ".join(line.split()).replace(
            " 1 ±", "  1 ±"
        )
    assert files(tmp_path) == before


def files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def small(id_: str, **others: Any) -> dict[str, Any]:
    row = document(id_, others.pop("text", f"text of {id_}"), bucket="head", language="en")
    return row | others


ROWS = [
    small("kept"),
    small("tail", bucket="tail", url="https://bad.example/", source_domain="bad.example"),
    small("short", text="x", url="https://bad.example/", source_domain="bad.example"),
    small("listed", url="https://www.bad.example/a", source_domain="www.bad.example"),
    small("below", url="https://example.org/opt-out/x"),
    small("copy", text="x" * 20),
    small("cheat"),
    small("both"),
    small("unsure", metadata={"extractor": "main", "text_share": "0.0312"}),
    small("again", metadata={"extractor": "main", "text_share": "0.6", "second_try": "true"}),
    small("sure", metadata={"extractor": "main", "text_share": "0.6"}),
    small(
        "address", text="write to jane.roe@uni.example or 8.8.8.8, and: a@b.example, 030 90182000"
    ),
    small("code", slice="github", id="github/a/b/c.py", text="# me@home.example", license="MIT"),
    small("gpl", slice="github", id="github/a/b/d.py", license="GPL-3.0"),
]
EVIDENCE = {"evaluation": "quiz", "item": "7", "ngram": "a b c"}
SAID: dict[str, list[dict[str, Any]]] = {
    "duplicates": [
        {"id": f"common_crawl/{name}", "survivor_id": "common_crawl/kept", "kind": "near"}
        for name in ("copy", "both", "tail")
    ]
    + [{"id": "common_crawl/kept", "survivor_id": "x", "kind": "exact", "root": "/older"}],
    "copies": [
        {
            "id": "common_crawl/kept",
            "exact": 0,
            "near": 2,
            "slices": ["common_crawl"],
            "first_date": "2099-01-01T00:00:00Z",
        }
    ],
    "contamination": [{"id": f"common_crawl/{name}", **EVIDENCE} for name in ("cheat", "both")],
}


@pytest.fixture(scope="module")
def small_root(spark: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return root_with(spark, tmp_path_factory.mktemp("small"), ROWS, **SAID)


def test_each_document_goes_under_its_first_reason(
    spark: SparkSession, small_root: Path, tmp_path: Path
) -> None:
    (tmp_path / "ut1" / "adult").mkdir(parents=True)
    (tmp_path / "ut1" / "adult" / "domains").write_text("bad.example\nother.example\n")
    (tmp_path / "mine.txt").write_text("# asked to stay out\nexample.org/opt-out\na b\n")
    (tmp_path / "mine.yaml").write_text(
        "rules:\n  second-try:\n    drop: metadata['second_try'] is not null\n"
        "  little:\n    drop: cast(metadata['text_share'] as double) < 0.05\n"
    )
    left_out, kept, record = reasons(
        spark,
        small_root,
        buckets=("head",),
        where=("length > 5",),
        filters=("permissive-licenses", str(tmp_path / "mine.yaml")),
        blocklists=(str(tmp_path / "ut1"), str(tmp_path / "mine.txt")),
        contaminated="drop",
        pii=("common_crawl",),
        pii_kinds=("emails", "ip_addresses", "phone_numbers"),
    )
    assert left_out == {
        "bucket:tail": 1,
        "filter:where": 1,
        "filter:permissive-licenses/license": 1,
        "filter:mine/second-try": 1,
        "filter:mine/little": 1,
        "blocklist:adult": 1,
        "blocklist:mine": 1,
        "duplicate:near": 2,
        "contaminated:quiz": 1,
    }
    kept_pages = {f"common_crawl/{name}" for name in ("kept", "sure", "address")}
    assert kept == {*kept_pages, "github/a/b/c.py"}
    assert record.rows_in == len(ROWS)
    assert record.rows_out == len(kept)
    assert record.details["blocklists"] == [
        # documents of another bucket and short ones are on the list, but go under these reasons
        {"list": "adult", "entries": 2, "documents": 3, "dropped": 1},
        {"list": "mine", "entries": 1, "documents": 1, "dropped": 1},
    ]
    assert record.details["emails"] == 2
    counts = {
        row["kind"]: (row["documents"], row["replaced"]) for row in record.details["replaced"]
    }
    assert counts == {"emails": (1, 2), "ip_addresses": (1, 1), "phone_numbers": (0, 0)}
    rows = {
        row[0]: row[1:]
        for row in collect(spark, small_root, "corpus", "id", "text", *PII_KINDS, "token_count")
    }
    text, *numbers, tokens = rows["common_crawl/address"]
    # a national number in a text that names no telephone and is English stays; other kinds were not asked for
    assert numbers == [2, 1, 0, None, None, None]
    assert not {"jane.roe@uni.example", "8.8.8.8", "a@b.example"} & set(
        text.replace(",", "").split()
    )
    assert tokens == len(load_tokenizer().encode(text))
    assert rows["common_crawl/kept"][1:3] == (0, 0)
    # of a slice that was not named, nothing is replaced or counted
    assert rows["github/a/b/c.py"][:-1] == ("# me@home.example", *[None] * len(PII_KINDS))
    # scratch is gone
    assert not [path for path in small_root.rglob("*") if path.suffix == ".hashes"]


def test_contaminated_documents_are_marked(spark: SparkSession, small_root: Path) -> None:
    _, _, record = reasons(spark, small_root)
    assert record.details["contaminated"] == 1
    marks = dict(collect(spark, small_root, "corpus", "id", "contamination"))
    assert [row.asDict() for row in marks.pop("common_crawl/cheat")] == [EVIDENCE]
    assert set(marks.values()) == {None}
    copies = dict(collect(spark, small_root, "corpus", "id", "copies"))
    assert copies["common_crawl/kept"]["near"] == 2
    assert copies["common_crawl/cheat"].asDict() == {
        **{"exact": 0, "near": 0, "slices": ["common_crawl"]},
        **{"first_date": None, "last_date": None},
        **{"versions": None, "first_version": None, "last_version": None},
    }


def test_a_signal_that_is_missing_is_told_and_drops_nothing(
    spark: SparkSession, small_root: Path
) -> None:
    given = context(spark, small_root)
    config = CurateConfig(root=str(small_root), filters=("redpajama-v1",))
    record = cli.run("curate", config, given)
    web = sum(row["slice"] == "common_crawl" for row in ROWS)
    assert record.details["unknown"] == {"redpajama-v1/wikipedia-reference": web}
    assert f"redpajama-v1/wikipedia-reference cannot judge {web} documents" in said(given)
    assert set(record.reasons) == {"filter:redpajama-v1/bucket", "duplicate:near"}


def test_another_file_of_rules_is_another_corpus(
    spark: SparkSession, small_root: Path, tmp_path: Path
) -> None:
    path = tmp_path / "mine.yaml"
    for sql, n in (("length > 5", 1), ("length > 5", 1), ("length > 11", 2)):
        path.write_text(f"rules: {{long: {{keep: {sql}}}}}")
        left_out, _, record = reasons(spark, small_root, filters=(str(path),))
        assert left_out.get("filter:mine/long", 0) == n
    made = Context(str(small_root)).table("corpus").required()
    assert made.inputs[0]["rules"][0]["sql"] == "length > 11"
    assert record.run == made.version


def test_documents_on_several_lists(spark: SparkSession, small_root: Path, tmp_path: Path) -> None:
    (tmp_path / "first.txt").write_text("0.0.0.0 bad.example\n0.0.0.0 nowhere.example\n")
    (tmp_path / "second.txt").write_text("[Adblock Plus 2.0]\n||bad.example^\n##.banner\n")
    lists = tuple(str(tmp_path / f"{name}.txt") for name in ("first", "second"))
    dry = context(spark, small_root)
    curate.run(dry, CurateConfig(root=str(small_root), blocklists=lists, dry_run=True))
    printed = said(dry)
    assert "curate: block list first: 2 entries\n" in printed
    assert "curate: block list second: 1 entries; not read: 1 rules about parts of pages" in printed
    # a hosts file names hosts, an AdBlock rule what is below them as well
    rows = {line.split()[0]: line.split()[1] for line in printed.splitlines() if " ± " in line}
    assert (rows["blocklist:first"], rows["blocklist:second"]) == ("14.29", "21.43")
    _, _, record = reasons(spark, small_root, blocklists=lists)
    assert record.details["blocklists"] == [
        {"list": "first", "entries": 2, "documents": 2, "dropped": 2},
        {"list": "second", "entries": 1, "documents": 3, "dropped": 1},
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "address=/bad.example/0.0.0.0\n",
            "line 1: .* is a rule of dnsmasq: give a list of domains",
        ),
        ("a.example\n0.0.0.0 bad.example\n", "line 2: .* is a line of a hosts file, in a list of"),
        ("# empty\n", "has no domain and no URL"),
    ],
)
def test_a_list_that_cannot_be_read_is_refused(
    spark: SparkSession, small_root: Path, tmp_path: Path, text: str, message: str
) -> None:
    path = tmp_path / "list.txt"
    path.write_text(text)
    with pytest.raises(UserError, match=rf"^--blocklists: {path},? {message}") as raised:
        reasons(spark, small_root, blocklists=(str(path),))
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"where": ("no_such_column > 5",)}, "the rule where: .*no_such_column"),
        ({"where": ("length >",)}, "the rule where: .*[Ss]yntax"),
        ({"where": ("length + 1",)}, "must be true or false, not int: length [+] 1"),
        ({"blocklists": ("/nowhere/list",)}, "no list at /nowhere/list"),
    ],
)
def test_a_wrong_rule_is_told_in_one_line(
    spark: SparkSession, small_root: Path, settings: dict[str, Any], message: str
) -> None:
    with pytest.raises(UserError, match=message) as told:
        reasons(spark, small_root, **settings)
    assert "\n" not in str(told.value)


def test_a_missing_or_older_contamination_is_told(spark: SparkSession, tmp_path: Path) -> None:
    root = root_with(spark, tmp_path, ROWS[:1])
    with pytest.raises(UserError, match="run `redpajama decontaminate` first"):
        reasons(spark, root, contaminated="drop")
    fill(spark, root, "contamination", [], inputs=[{"annotated": "another"}])
    with pytest.raises(UserError, match="contamination/ is older than annotated/"):
        reasons(spark, root)
    assert reasons(spark, root, contaminated="ignore")[1] == {"common_crawl/kept"}


def test_an_estimate_covers_the_truth(spark: SparkSession) -> None:
    documents, sample = 20_000, 2_000
    rows = spark.range(documents).selectExpr("'d' || id as id", "id % 10 as kind")
    counts = Counter(row["kind"] for row in sampled(rows, sample, documents).collect())
    looked_at = sum(counts.values())
    assert abs(looked_at - sample) < 5 * sample**0.5
    estimates = [Estimate.of(counts[kind], looked_at, documents) for kind in range(10)]
    assert sum(abs(estimate.share - 0.1) <= estimate.error for estimate in estimates) >= 8
    assert 0.005 < estimates[0].error < 0.02
    # of what the sample has none of there may be some, and of all documents nothing is guessed
    assert 0 < Estimate.of(0, looked_at, documents).error < 0.005
    assert Estimate.of(5, documents, documents).error == 0
