"""Train SentencePiece, a 5-gram model and cut-offs of a language, by the recipe of CCNet's `Makefile`.

CCNet normalised the opening texts of the first million of Wikipedia's articles, trained 65,536 pieces
(40,000 for a small corpus), encoded the texts and ran `lmplz -o 5 --discount_fallback`. Here the texts
are sampled by a hash of the text, and the model is estimated on Spark. The cut-offs are percentiles of
the perplexities of texts that were not trained on.
"""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from jobs.runtime.context import Context
from jobs.steps.train import arpa_file, cutoffs, ngram_model, texts
from jobs.steps.train.model_files import build_binary, install, scratch_folder, uri
from jobs.steps.train.pool import build_pool
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
"""CCNet's number of pieces for a corpus that is too small for 65,536."""
CUTOFF_DOCUMENTS = 100_000
"""Maximum number of texts that the cut-offs are computed from."""


@dataclass(frozen=True)
class Sample:
    """Normalised texts: rows of `key` and `text`, each text once.

    Attributes
    ----------
    training, held_out
        Texts for the models, and for the cut-offs.
    documents, characters
        Numbers of texts and code points in `training`.
    """

    training: DataFrame
    held_out: DataFrame
    documents: int
    characters: int


def run(context: Context, config: TrainPerplexityConfig) -> dict[str, Any]:
    """Train the models and the cut-offs of a language; return the content of the report.

    Raises
    ------
    UserError
        The settings do not fit, or there are too few texts.
    """
    _check(config)
    output = local_folder(config.output)
    # fail now, not after the training, if the models or cut-offs in the folder cannot be read
    others = find_perplexity_models(output).keys() - {config.language}
    Cutoffs.load(find_cutoffs(output))
    with scratch_folder(output, config.language) as scratch:
        sample = _sample(context, config, scratch)
        models = PerplexityModels(scratch / "sp.model", scratch / "arpa")
        pieces, size = _train_pieces(context, config, sample.training)
        models.pieces.write_bytes(pieces)
        estimated = _estimate(config, sample, pieces, models.model, scratch)
        _report_fallbacks(context, estimated["discounts"])
        binary = build_binary(models.model, scratch / "arpa.bin")
        percentiles, scored = cutoffs.percentiles(
            sample.held_out, models if binary is None else models._replace(model=binary)
        )
        install(models, binary, output / config.language)
    if cutoffs.add(output, config.language, percentiles, sorted(others)):
        _print(context, "created cutoff.csv, with CCNet's cut-offs of the other languages")
    report = {
        "config": to_dict(config),
        "documents": sample.documents,
        "characters": sample.characters,
        "pieces": size,
        **estimated,
        "scored": scored,
        "head": percentiles[HEAD_PERCENTILE],
        "tail": percentiles[TAIL_PERCENTILE],
    }
    path = output / f"{config.language}.perplexity.json"
    path.write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    _print(
        context,
        f"{config.language}: {size:,} pieces, {sum(estimated['ngrams']):,} n-grams; head below "
        f"{report['head']:.1f}, tail from {report['tail']:.1f}, by {scored:,} texts; in {output}",
    )
    return report


def _print(context: Context, text: str) -> None:
    context.print(f"train perplexity: {text}")


def _check(config: TrainPerplexityConfig) -> None:
    if not re.fullmatch(r"[A-Za-z]{2,3}([_-][A-Za-z0-9]+)*", config.language):
        raise UserError(f"--language: {config.language!r} is not a code such as en or zh")
    if config.held_out >= 1:
        raise UserError("--held-out: expected a share below 1, or no text remains to train on")
    try:
        thresholds(config.prune, ORDER)
    except ValueError as error:
        raise UserError(f"--prune: {error}") from error


def _sample(context: Context, config: TrainPerplexityConfig, scratch: Path) -> Sample:
    """Sample the texts and write them to the scratch folder: the input is read twice only."""
    rows = texts.read(context, config.input, config.where)
    pool = build_pool(rows, seed=config.seed, at_most=config.documents, clean=normalize)
    n = len(pool.keys)
    held_out = 0
    if not config.cutoff_input:
        held_out = min(math.ceil(n * config.held_out), CUTOFF_DOCUMENTS)
    _print(
        context,
        f"{pool.read:,} documents, {pool.without_text:,} without text; {n - held_out:,} texts "
        "to train on, "
        + (
            f"{held_out:,} others for the cut-offs"
            if held_out
            else f"cut-offs by {' '.join(config.cutoff_input)}"
        ),
    )
    if n - held_out < cutoffs.MIN_TEXTS or (
        held_out < cutoffs.MIN_TEXTS and not config.cutoff_input
    ):
        raise UserError(
            f"too few texts: {n:,} distinct, {held_out:,} of them for the cut-offs; models and "
            f"cut-offs need at least {cutoffs.MIN_TEXTS} each: give more texts, another --held-out, "
            "or --cutoff-input"
        )
    sample = _written(pool.draw(n), uri(scratch / "texts"))
    last = int(pool.keys[n - held_out - 1])
    training = sample.where(F.col("key") <= last)
    others = sample.where(F.col("key") > last)
    return Sample(
        training,
        _cutoff_texts(context, config, pool.keys, training) if config.cutoff_input else others,
        n - held_out,
        training.agg(F.sum(F.length("text"))).collect()[0][0],
    )


def _written(rows: DataFrame, folder: str) -> DataFrame:
    """Write rows, and return them as read from the folder."""
    rows.write.parquet(folder)
    return rows.sparkSession.read.schema(rows.schema).parquet(folder)


def _cutoff_texts(
    context: Context,
    config: TrainPerplexityConfig,
    trained: npt.NDArray[np.int64],
    training: DataFrame,
) -> DataFrame:
    """Return the texts of --cutoff-input that the models are not trained on.

    A model finds the texts it was trained on far more probable than all others, so that by cut-offs from
    those every later page would be in the tail.
    """
    rows = texts.read(context, config.cutoff_input, config.where)
    pool = build_pool(rows, seed=config.seed, at_most=CUTOFF_DOCUMENTS, clean=normalize)
    known = int(np.isin(pool.keys, trained).sum())
    new = len(pool.keys) - known
    if new < cutoffs.MIN_TEXTS:
        raise UserError(
            f"--cutoff-input: {len(pool.keys)} distinct texts in {pool.read:,} documents, {known} of "
            f"them trained on; at least {cutoffs.MIN_TEXTS} others are needed"
        )
    drawn = pool.draw(len(pool.keys))
    if not known:
        return drawn
    _print(
        context,
        f"--cutoff-input: {known:,} of {len(pool.keys):,} texts ({known / len(pool.keys):.1%}) are "
        "in --input too: left out",
    )
    return drawn.join(training.select("key"), "key", "left_anti")


def _train_pieces(
    context: Context, config: TrainPerplexityConfig, training: DataFrame
) -> tuple[bytes, int]:
    """Train on the driver, since SentencePiece runs on one machine; the texts are streamed to it."""

    def train(size: int) -> tuple[bytes, int]:
        rows = training.orderBy("key").select("text").toLocalIterator()
        try:
            return train_pieces((row["text"] for row in rows), size)
        except ValueError as error:
            raise UserError(f"the texts are too few for SentencePiece: {error}") from error

    model, size = train(config.vocab_size)
    if config.vocab_size > size > FEWER_PIECES:
        model, size = train(FEWER_PIECES)
    if size < config.vocab_size:
        _print(context, f"the texts are enough for {size:,} pieces, not {config.vocab_size:,}")
    return model, size


def _estimate(
    config: TrainPerplexityConfig, sample: Sample, pieces: bytes, path: Path, scratch: Path
) -> dict[str, Any]:
    """Estimate the model, on Spark or for few texts here; write the ARPA file and return its figures."""
    if sample.characters > config.max_characters_in_memory:
        model = ngram_model.estimate(
            sample.training.select("text"),
            partial(sentences, pieces),
            uri(scratch / "ngrams"),
            order=ORDER,
            prune=config.prune,
        )
        arpa_file.write(model, path, uri(scratch / "lines"))
        return {"ngrams": model.sizes, "discounts": model.discounts}
    rows = sample.training.orderBy("key").select("text").toLocalIterator()
    lines = (row["text"] for row in rows)
    small = ngram_model.estimate_in_memory(sentences(pieces, lines), ORDER, config.prune)
    with path.open("w", encoding="utf-8", newline="\n") as file:
        write_arpa(small, file)
    sizes = [int(level.kept.sum()) for level in small.levels]
    return {"ngrams": sizes, "discounts": small.discounts}


def _report_fallbacks(context: Context, discounts: list[tuple[float, ...]]) -> None:
    orders = [str(order) for order, values in enumerate(discounts, start=1) if values == FALLBACK]
    if orders:
        _print(
            context,
            f"too few n-grams of order {', '.join(orders)}: their discounts are the fallback's",
        )
