"""Duplicates by a part of a conversation: the answer that another document holds, or the prompt.

An answer is compared with whole documents and with answers to questions of Stack Exchange, never with another
conversation's: equal answers to different prompts are no duplicates. Of the two documents the one that is
ranked first stays, but a document of which the answer is only a part is not dropped for it.
"""

from __future__ import annotations

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from jobs.steps.dedup import candidates, components, survivors, trees
from jobs.steps.dedup.candidates import stars
from jobs.steps.dedup.ranking import rank
from jobs.steps.dedup.scratch import Scratch
from jobs.steps.dedup.survivors import SurvivorRules
from jobs.steps.dedup.verify import by_estimate, with_similarity
from jobs.steps.dedup.verify import edges as verified_edges
from schemas.tables.duplicates import DUPLICATES
from udfs.chat.parts import ANSWER, PROMPT

PARTS = "parts"
"""Column of the documents that dedup compares: the signatures of their parts."""

ROUNDS = 3
"""Rounds of following survivors that another document stands for."""

_IS_CHAT = "is_chat"

Bands = tuple[int, int]


def with_parts(documents: DataFrame, part: str) -> DataFrame:
    """Return a row for each part of that name, whose signature replaces the document's."""
    exploded = documents.withColumn("of_part", F.explode(PARTS)).where(
        F.col("of_part.part") == part
    )
    return exploded.withColumn("minhash", F.col("of_part.signature")).drop("of_part")


def prompt_duplicates(
    documents: DataFrame, bands: Bands, rules: SurvivorRules, in_memory: int, scratch: Scratch
) -> DataFrame:
    """Return rows of duplicates/: conversations whose prompt is nearly another one's."""
    prompts = scratch.store(with_parts(documents, PROMPT), "prompts")
    of_trees = trees.of_documents(prompts)
    keyed = candidates.band_keys(prompts, bands)
    stars_ = trees.other_centres(stars(keyed), keyed, of_trees)
    compare = trees.outside(by_estimate(prompts), of_trees)
    edges = verified_edges(stars_, compare, rules.threshold, scratch.below("compared"))
    connected = components.find(edges, scratch.below("clusters"), in_memory=in_memory)
    compared = survivors.with_survivors(connected, prompts, rules)
    rows = survivors.duplicates(compared.where("is_duplicate"), rules.threshold)
    return rows.withColumn("kind", F.lit(PROMPT)).select(*DUPLICATES.names)


def answer_duplicates(
    documents: DataFrame, bands: Bands, rules: SurvivorRules, scratch: Scratch
) -> DataFrame:
    """Return rows of duplicates/: conversations and other documents of which one holds the other's answer."""
    has_prompt = F.exists(F.col(PARTS), lambda part: part["part"] == F.lit(PROMPT))
    known = documents.withColumn(_IS_CHAT, F.coalesce(has_prompt, F.lit(False)))
    answers = scratch.store(with_parts(known.where(_IS_CHAT), ANSWER), "answers")
    others = known.where(~F.col(_IS_CHAT))
    keys = _keyed(answers, bands)
    wanted = scratch.store(keys.select("key").distinct(), "keys")
    whole = _keyed(others, bands).join(wanted, "key", "left_semi")
    inner = _keyed(with_parts(others, ANSWER), bands).join(wanted, "key", "left_semi")
    keyed = scratch.store(
        whole.withColumn("is_whole", F.lit(True)).unionByName(
            inner.withColumn("is_whole", F.lit(False))
        ),
        "others",
    )
    centres = keyed.groupBy("key", "is_whole").agg(
        F.min(F.struct("node", "minhash")).alias("centre")
    )
    pairs = keys.join(centres, "key", "inner").select(
        "node",
        F.col("centre.node").alias("centre"),
        "is_whole",
        "minhash",
        F.col("centre.minhash").alias("centre_minhash"),
    )
    compared = with_similarity(pairs.distinct(), "minhash", "centre_minhash")
    near = compared.where(F.col("similarity") >= rules.threshold)
    best = near.groupBy("node", "centre").agg(
        F.max("similarity").alias("similarity"), F.max("is_whole").alias("is_whole")
    )
    return _resolved(_directed(scratch.store(best, "near"), documents, rules), scratch)


def _keyed(documents: DataFrame, bands: Bands) -> DataFrame:
    """Return `node`, `minhash` and `key`, a row for each band."""
    count, rows = bands
    keys = [
        F.xxhash64(F.lit(band), F.substring("minhash", 4 * rows * band + 1, 4 * rows))
        for band in range(count)
    ]
    signed = documents.where(F.col("minhash").isNotNull())
    return signed.select("node", "minhash", F.explode(F.array(*keys)).alias("key"))


def _directed(pairs: DataFrame, documents: DataFrame, rules: SurvivorRules) -> DataFrame:
    """Return the pairs as rows of duplicates/, each dropped document once."""
    ranked = documents.select(
        "node", F.struct("id", "root", rank(rules.ranking).alias("rank")).alias("document")
    )
    both = pairs.join(ranked.withColumnRenamed("document", "chat"), "node", "inner").join(
        ranked.select(F.col("node").alias("centre"), F.col("document").alias("other")),
        "centre",
        "inner",
    )
    other_first = F.col("other.rank") < F.col("chat.rank")
    dropped = F.when(other_first, F.col("chat")).when(F.col("is_whole"), F.col("other"))
    survivor = F.when(other_first, F.col("other")).otherwise(F.col("chat"))
    rows = both.select(dropped.alias("dropped"), survivor.alias("survivor"), "similarity").where(
        F.col("dropped").isNotNull()
    )
    order = (-F.col("similarity")).alias("order")
    first = F.min(F.struct(order, F.col("survivor.rank").alias("rank"), F.col("survivor")))
    return (
        rows.groupBy("dropped.id", "dropped.root")
        .agg(first.alias("first"))
        .select(
            "id",
            "root",
            F.col("first.survivor.id").alias("survivor_id"),
            F.col("first.survivor.root").alias("survivor_root"),
            F.least("id", "first.survivor.id").alias("cluster_id"),
            F.lit(ANSWER).alias("kind"),
            (-F.col("first.order")).alias("similarity"),
            F.lit(None).cast("double").alias("contained"),
        )
    )


def _resolved(rows: DataFrame, scratch: Scratch) -> DataFrame:
    """Return the rows with survivors that no other row drops; each is ranked before the one it replaces."""
    rows = scratch.store(rows.select(*DUPLICATES.names), "directed")
    for round_ in range(ROUNDS):
        rows = scratch.store(following(rows, rows), f"resolved-{round_}")
    return rows


def added(rows: DataFrame, more: DataFrame) -> DataFrame:
    """Return rows of duplicates/, and others of documents that have none, with survivors that stay."""
    new = more.join(rows.select("id"), "id", "left_anti").select(*DUPLICATES.names)
    return following(rows, new).unionByName(following(new, rows))


def following(rows: DataFrame, others: DataFrame) -> DataFrame:
    """Return rows of duplicates/ whose survivors, where other rows drop them, are these rows' survivors."""
    after = others.select(
        F.col("id").alias("survivor_id"),
        F.col("survivor_id").alias("next_id"),
        F.col("survivor_root").alias("next_root"),
    )
    is_dropped = F.col("next_id").isNotNull()
    return (
        rows.join(after, "survivor_id", "left")
        .withColumn(
            "survivor_root",
            F.when(is_dropped, F.col("next_root")).otherwise(F.col("survivor_root")),
        )
        .withColumn("survivor_id", F.coalesce("next_id", "survivor_id"))
        .select(*DUPLICATES.names)
    )
