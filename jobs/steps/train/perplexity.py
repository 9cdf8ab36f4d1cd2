"""SentencePiece, a 5-gram model and cut-offs of a language, by the recipe of CCNet's `Makefile`.

CCNet took the opening texts of Wikipedia's articles, normalised, the first million of them; made
65,536 pieces (40,000 where the corpus is small), encoded the texts and ran `lmplz -o 5
--discount_fallback`. Here the texts are drawn by a hash of the text, and the model is estimated on
Spark. The cut-offs are percentiles of perplexities over texts that were not trained on.
"""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from jobs.runtime.context import Context
from jobs.steps.train import arpa_file, cutoffs, ngram_model, texts
from jobs.steps.train.model_files import build_binary, place, scratch_folder, uri
from jobs.steps.train.pool import pool
from jobs.storage.local_path import local_folder
from schemas.errors import UserError
from schemas.settings.stored import to_dict
from schemas.settings.train import TrainPerplexityConfig
from udfs.ccnet.buckets import HEAD_PERCENTILE, TAIL_PERCENTILE, Cutoffs
from udfs.ccnet.normalizer import normalize
from udfs.language_models.arpa import write_arpa
from udfs.language_models.kneser_ney import FALLBACK, thresholds
from udfs.language_models.sentencepiece_pieces import sentences, train_pieces
from udfs.models.model_files import PerplexityModels, find_cutoffs, find_perplexity_models

ORDER = 5
FEWER_PIECES = 40_000
"""CCNet's number where the corpus is too small for 65,536."""
CUTOFF_DOCUMENTS = 100_000
"""Texts whose perplexities give the cut-offs, at the most."""


@dataclass(frozen=True)
class Drawn:
    """The texts, normalised: `key` and `text`, each text once."""

    training: DataFrame
    held_out: DataFrame
    documents: int
    characters: int


def run(context: Context, config: TrainPerplexityConfig) -> dict[str, Any]:
    """Train the models of a language and put them beside its cut-offs; what is in the report."""
    _check(config)
    output = local_folder(config.output)
    # what would be wrong afterwards is wrong already
    others = find_perplexity_models(output).keys() - {config.language}
    Cutoffs.load(find_cutoffs(output))
    with scratch_folder(output, config.language) as scratch:
        drawn = _draw(context, config, scratch)
        made = PerplexityModels(scratch / "sp.model", scratch / "arpa")
        pieces, size = _train_pieces(context, config, drawn.training)
        made.pieces.write_bytes(pieces)
        estimated = _estimate(config, drawn, pieces, made.model, scratch)
        _tell_fallbacks(context, estimated["discounts"])
        binary = build_binary(made.model, scratch / "arpa.bin")
        percentiles, scored = cutoffs.percentiles(
            drawn.held_out, made if binary is None else made._replace(model=binary)
        )
        place(made, binary, output / config.language)
    if cutoffs.add(output, config.language, percentiles, sorted(others)):
        _say(context, "cutoff.csv is new here: CCNet's cut-offs of its languages are in it too")
    report = {
        "config": to_dict(config),
        "documents": drawn.documents,
        "characters": drawn.characters,
        "pieces": size,
        **estimated,
        "scored": scored,
        "head": percentiles[HEAD_PERCENTILE],
        "tail": percentiles[TAIL_PERCENTILE],
    }
    path = output / f"{config.language}.perplexity.json"
    path.write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    _say(
        context,
        f"{config.language}: {size:,} pieces, {sum(estimated['ngrams']):,} n-grams; head below "
        f"{report['head']:.1f}, tail from {report['tail']:.1f}, by {scored:,} texts; in {output}",
    )
    return report


def _say(context: Context, text: str) -> None:
    context.print(f"train perplexity: {text}")


def _check(config: TrainPerplexityConfig) -> None:
    if not re.fullmatch(r"[A-Za-z]{2,3}([_-][A-Za-z0-9]+)*", config.language):
        raise UserError(f"--language: {config.language!r} is no code such as en or zh")
    if config.held_out >= 1:
        raise UserError("--held-out: a share below 1, or there is nothing to train on")
    try:
        thresholds(config.prune, ORDER)
    except ValueError as error:
        raise UserError(f"--prune: {error}") from error


def _draw(context: Context, config: TrainPerplexityConfig, scratch: Path) -> Drawn:
    """Choose the texts and write them down, so that the input is read no more than it must be."""
    rows = texts.read(context.spark, config.input, config.where)
    found = pool(rows, seed=config.seed, at_most=config.documents, clean=normalize)
    n = len(found.keys)
    held_out = 0
    if not config.cutoff_input:
        held_out = min(math.ceil(n * config.held_out), CUTOFF_DOCUMENTS)
    _say(
        context,
        f"{found.read:,} documents, {found.without_text:,} without text; {n - held_out:,} texts "
        "to train on, "
        + (
            f"{held_out:,} others for the cut-offs"
            if held_out
            else f"cut-offs by {' '.join(config.cutoff_input)}"
        ),
    )
    if n - held_out < cutoffs.FEWEST or (held_out < cutoffs.FEWEST and not config.cutoff_input):
        raise UserError(
            f"too few texts: {n:,} different ones, of which {held_out:,} are for the cut-offs; at "
            f"least {cutoffs.FEWEST} are needed of each: give more texts, another --held-out, or "
            "--cutoff-input"
        )
    drawn = _kept(found.draw(n), uri(scratch / "texts"))
    last = int(found.keys[n - held_out - 1])
    training = drawn.where(F.col("key") <= last)
    return Drawn(
        training,
        _cutoff_texts(context, config) if config.cutoff_input else drawn.where(F.col("key") > last),
        n - held_out,
        training.agg(F.sum(F.length("text"))).collect()[0][0],
    )


def _kept(rows: DataFrame, folder: str) -> DataFrame:
    rows.write.parquet(folder)
    return rows.sparkSession.read.schema(rows.schema).parquet(folder)


def _cutoff_texts(context: Context, config: TrainPerplexityConfig) -> DataFrame:
    rows = texts.read(context.spark, config.cutoff_input, config.where)
    found = pool(rows, seed=config.seed, at_most=CUTOFF_DOCUMENTS, clean=normalize)
    if len(found.keys) < cutoffs.FEWEST:
        raise UserError(
            f"--cutoff-input: {len(found.keys)} different texts of {found.read:,} documents; at "
            f"least {cutoffs.FEWEST} are needed"
        )
    return found.draw(len(found.keys))


def _train_pieces(
    context: Context, config: TrainPerplexityConfig, training: DataFrame
) -> tuple[bytes, int]:
    """Train on the driver, as SentencePiece does it on one machine; the texts stream in."""

    def train(size: int) -> tuple[bytes, int]:
        rows = training.orderBy("key").select("text").toLocalIterator()
        try:
            return train_pieces((row["text"] for row in rows), size)
        except ValueError as error:
            raise UserError(f"the texts are too few for SentencePiece: {error}") from error

    wanted = config.vocab_size
    model, size = train(wanted)
    if wanted > size > FEWER_PIECES:
        wanted = FEWER_PIECES
        model, size = train(wanted)
    if size < config.vocab_size:
        _say(context, f"these texts carry {size:,} pieces, not {config.vocab_size:,}")
    return model, size


def _estimate(
    config: TrainPerplexityConfig, drawn: Drawn, pieces: bytes, path: Path, scratch: Path
) -> dict[str, Any]:
    """Write the ARPA file: estimated on Spark, or here where the texts are few."""
    if drawn.characters > config.max_characters_in_memory:
        model = ngram_model.estimate(
            drawn.training.select("text"),
            partial(sentences, pieces),
            uri(scratch / "ngrams"),
            order=ORDER,
            prune=config.prune,
        )
        arpa_file.write(model, path, uri(scratch / "lines"))
        return {"ngrams": model.sizes, "discounts": model.discounts}
    rows = drawn.training.orderBy("key").select("text").toLocalIterator()
    lines = (row["text"] for row in rows)
    small = ngram_model.estimate_in_memory(sentences(pieces, lines), ORDER, config.prune)
    with path.open("w", encoding="utf-8", newline="\n") as file:
        write_arpa(small, file)
    sizes = [int(level.kept.sum()) for level in small.levels]
    return {"ngrams": sizes, "discounts": small.discounts}


def _tell_fallbacks(context: Context, discounts: list[tuple[float, ...]]) -> None:
    orders = [str(order) for order, each in enumerate(discounts, start=1) if each == FALLBACK]
    if orders:
        _say(context, f"too few n-grams for discounts of order {', '.join(orders)}: the fallback's")
