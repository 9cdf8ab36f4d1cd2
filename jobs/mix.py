"""Sample corpus/ to a token budget, shuffled into the shards of mixture/.

A recipe gives each stratum its share: a slice, or a bucket or language of one. The mixture takes a
prefix of one order from each stratum (`jobs.steps.mix.sampling`), so the choice depends on the seed and
the documents alone, and a larger budget contains a smaller one. A budget larger than a stratum begins
another epoch of it.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Mapping
from dataclasses import asdict
from fractions import Fraction

from pyspark.sql import DataFrame
from pyspark.sql import functions as F
from pyspark.sql.window import Window

from jobs.runtime.context import Context
from jobs.steps.mix import few_documents, held_out, recipe_file, sampling, summary
from jobs.steps.mix.budget import Budget, budget, listed
from jobs.steps.mix.recipe import Recipe, Stratum
from jobs.tables import few_rows, runs, taken_down
from jobs.tables.manifest import Folder
from jobs.tables.remake import remake
from jobs.tables.runs import Record
from jobs.tables.table_handle import TableHandle
from schemas.errors import UserError
from schemas.settings.mix import MixConfig
from schemas.tables.mixture import MIXTURE

TOKENS_A_SHARD = 100_000_000


def run(context: Context, config: MixConfig) -> Record:
    """Sample the corpus to the budget and publish mixture/."""
    recipe = recipe_file.of(config)
    corpus = context.table("corpus").required()
    inputs = {"corpus": corpus.version, "recipe": runs.digest_of(asdict(recipe), {})}

    def work(record: Record) -> tuple[Folder]:
        # documents that have been taken down cannot be drawn, so they are not counted either
        rows = taken_down.exclude(context.table("corpus").read(), context.root)
        rows = with_strata(rows, recipe, config)
        few = corpus.rows * context.scale <= few_documents.MOST
        known = few_documents.collected(rows) if few else None
        totals = _totals(rows) if known is None else few_documents.totals(known)
        available = {name: sums["epoch"] for (name, _), sums in totals.items() if name}
        strata = _strata(recipe, {name: n for name, n in available.items() if n})
        wanted = _budget(config, strata, available)
        _report(context, config, strata, available, wanted)
        rows = rows.where(F.col("stratum").isNotNull())
        if known is None:
            cutoffs = sampling.cutoffs(rows, wanted.wanted, available, config.seed)
        else:
            cutoffs = few_documents.cutoffs(known, wanted.wanted, available, config.seed)
        for line in summary.missed(cutoffs):
            context.print(line)
        tokens = sum(wanted.wanted.values())
        shards = config.shards or max(1, math.ceil(tokens / TOKENS_A_SHARD))
        mixture = context.table("mixture")
        folder = mixture.write(
            shuffled(sampling.sampled(rows, cutoffs, config.seed), shards, config.seed),
            run=record.run,
        )
        _count(record, totals, _drawn(mixture, folder), strata, wanted.wanted)
        return (folder,)

    return remake(context, ("mixture",), config, inputs, work)


def check(config: MixConfig) -> None:
    """Check that the recipe exists and is one.

    Raises
    ------
    UserError
        It is not.
    """
    recipe_file.of(config)


def with_strata(rows: DataFrame, recipe: Recipe, config: MixConfig) -> DataFrame:
    """Add `stratum` and `reason`, one of which is null, to rows of corpus/.

    `times` is added if the recipe repeats some documents more often than others.
    """
    in_buckets = F.col("bucket").isin(*config.buckets)
    is_held_out = held_out.is_held_out(config.held_out) if config.held_out else F.lit(False)
    stratum = F.when(in_buckets & ~is_held_out, recipe.stratum())
    reason = F.when(~in_buckets, F.concat(F.lit("bucket:"), "bucket"))
    reason = reason.when(is_held_out, held_out.REASON).when(F.col("stratum").isNull(), "no-share")
    rows = rows.withColumn("stratum", stratum).withColumn("reason", reason)
    return rows.withColumn("times", recipe.times()) if recipe.copies else rows


def _totals(rows: DataFrame) -> dict[tuple[str | None, str | None], dict[str, int]]:
    """Return documents, tokens and tokens of an epoch, by (stratum, reason); one of the two is null."""
    sums = rows.groupBy("stratum", "reason").agg(
        F.count("*").alias("documents"),
        F.coalesce(F.sum("token_count").cast("long"), F.lit(0)).alias("tokens"),
        sampling.tokens_an_epoch(rows).alias("epoch"),
    )
    return {(row["stratum"], row["reason"]): row.asDict() for row in sums.collect()}


def _strata(recipe: Recipe, available: Mapping[str, int]) -> dict[str, Stratum]:
    """Return the strata with their shares; the corpus's own where the recipe names none."""
    for name in recipe.strata:
        if name not in available:
            raise UserError(
                f"{recipe.name}: the corpus has no tokens of {name} in these buckets: leave it out of "
                "the shares, or ingest some"
            )
    if not available:
        raise UserError("the corpus has no tokens in these buckets: there is nothing to mix")
    return dict(recipe.strata) or {
        name: Stratum(name, Fraction(n)) for name, n in sorted(available.items())
    }


def _budget(
    config: MixConfig, strata: Mapping[str, Stratum], available: Mapping[str, int]
) -> Budget:
    shares = {name: stratum.share for name, stratum in strata.items()}
    if config.tokens is not None:
        most = {name: stratum.max_epochs or config.max_epochs for name, stratum in strata.items()}
        return budget(config.tokens, available, shares, most, config.on_shortage)
    sample, total = config.sample or 0, sum(available[name] for name in strata)
    if sample > total:
        raise UserError(f"--sample: the corpus has {total:,} tokens, fewer than {sample:,}")
    return budget(sample, available, shares, dict.fromkeys(strata, 1.0), "shrink")


def _report(
    context: Context,
    config: MixConfig,
    strata: Mapping[str, Stratum],
    available: Mapping[str, int],
    budget: Budget,
) -> None:
    """Print the size of the mixture, and the strata that repeat or fall short."""
    whole = sum(budget.wanted.values())
    context.print(f"mix: {whole:,} tokens of {sum(available[name] for name in strata):,}")
    epochs = {name: n / available[name] for name, n in budget.wanted.items()}
    repeated = [f"{name} ({n:.2f} epochs)" for name, n in epochs.items() if n > 1]
    if repeated:
        context.print(f"mix: these repeat: {listed(repeated)}")
    if budget.short:
        small = [f"{name} ({n:.2f} epochs needed)" for name, n in budget.short.items()]
        then = "the others get the rest"
        asked = config.tokens or 0
        if config.on_shortage == "shrink" or whole + len(strata) < asked:
            all_full = "" if config.on_shortage == "shrink" else "all are full, and "
            then = f"{all_full}the mixture has {whole:,} tokens instead of {asked:,}"
        context.print(f"mix: too small for their shares: {listed(small)}; {then}")


def shuffled(rows: DataFrame, shards: int, seed: int) -> DataFrame:
    """Return each row with its shard and position: a shuffle that does not depend on partitions."""
    keys = [F.lit(seed), F.col("epoch"), F.col("id")]
    shard = F.pmod(F.xxhash64(F.lit("shard"), *keys), F.lit(shards)).cast("int")
    keyed = rows.withColumns({"shard": shard, "order": F.xxhash64(F.lit("order"), *keys)})
    in_shard = Window.partitionBy("shard").orderBy("order", "epoch", "id")
    position = (F.row_number().over(in_shard) - 1).cast("long")
    return (
        keyed.repartition(shards, "shard").withColumn("position", position).select(*MIXTURE.names)
    )


def _drawn(mixture: TableHandle, folder: Folder) -> dict[str, dict[str, int]]:
    """Return the examples, documents and tokens of each stratum of the mixture."""
    if not few_rows.are_few([folder]):
        sums = (
            mixture.read_folders([folder])
            .groupBy("stratum")
            .agg(
                F.count("*").alias("examples"),
                F.count_if(F.col("epoch") == 0).alias("documents"),
                F.sum("token_count").cast("long").alias("tokens"),
            )
        )
        return {row["stratum"]: row.asDict() for row in sums.collect()}
    drawn: dict[str, dict[str, int]] = {}
    for batch in few_rows.read(mixture, [folder], "stratum", "epoch", "token_count"):
        for row in batch.to_pylist():
            counts = drawn.setdefault(row["stratum"], {"examples": 0, "documents": 0, "tokens": 0})
            counts["examples"] += 1
            counts["documents"] += row["epoch"] == 0
            counts["tokens"] += row["token_count"]
    return drawn


def _count(
    record: Record,
    totals: Mapping[tuple[str | None, str | None], Mapping[str, int]],
    drawn: Mapping[str, Mapping[str, int]],
    strata: Mapping[str, Stratum],
    wanted: Mapping[str, int],
) -> None:
    """Fill in the record: rows in are documents of corpus/, rows out examples of the mixture."""
    record.rows_in = sum(total["documents"] for total in totals.values())
    record.tokens_in = sum(total["tokens"] for total in totals.values())
    record.rows_out = sum(counts["examples"] for counts in drawn.values())
    record.tokens_out = sum(counts["tokens"] for counts in drawn.values())
    documents = sum(counts["documents"] for counts in drawn.values())
    record.reasons = {
        reason: total["documents"]
        for (_, reason), total in sorted(totals.items(), key=str)
        if reason
    }
    over = record.rows_in - documents - sum(record.reasons.values())
    if over:
        record.reasons = {"over-budget": over, **record.reasons}
    record.details["repeated"] = record.rows_out - documents
    record.details["strata"] = [
        summary.stratum(
            name,
            strata[name].slice,
            wanted[name],
            totals[name, None]["epoch"],
            drawn.get(name),
            record.tokens_out,
        )
        for name in sorted(strata)
    ]


if __name__ == "__main__":
    from jobs.cli import main

    sys.exit(main(["mix", *sys.argv[1:]]))
