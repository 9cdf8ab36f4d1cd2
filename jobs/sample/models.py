"""Small perplexity models of the sample's five languages, trained on its clean prose."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import sentencepiece

from jobs.sample.draw import Draw
from jobs.sample.pages import KINDS, Page, Site, Writer
from jobs.sample.prose import LANGUAGES, grammar, topics
from udfs.ccnet.normalizer import normalize
from udfs.language_models.arpa import write_arpa
from udfs.language_models.kneser_ney import estimate
from udfs.language_models.sentencepiece_pieces import train_pieces
from udfs.models.model_files import PerplexityModels, load_perplexity

PIECES = 2000
ORDER = 5
TRAINING_PARAGRAPHS = 40
"""Number of generated paragraphs of each clean kind in the training text."""
HELD_OUT = 8
"""Number of pages of each kind whose perplexities determine the cut-offs."""


def make_models(folder: Path, seed: int) -> None:
    """Write `{lang}.sp.model`, `{lang}.arpa` and `cutoff.csv` into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    columns = {}
    for language in LANGUAGES:
        lines = [normalize(line) for line in training_lines(language, seed)]
        pieces, model = folder / f"{language}.sp.model", folder / f"{language}.arpa"
        pieces.write_bytes(train_pieces(lines, PIECES)[0])
        encode = sentencepiece.SentencePieceProcessor(model_file=str(pieces)).encode_as_pieces
        with model.open("w", encoding="utf-8", newline="\n") as file:
            write_arpa(estimate(map(encode, lines), ORDER), file)
        scores = load_perplexity(PerplexityModels(pieces, model))
        columns[language] = [
            score for score in scores.score(list(held_out_texts(language, seed))) if score
        ]
    (folder / "cutoff.csv").write_text(cutoff_table(columns), encoding="utf-8")


def training_lines(language: str, seed: int) -> Iterator[str]:
    """Yield the training text of a language: all its prose, and generated reports and notes."""
    for topic in topics(language):
        yield from topic.paragraphs
    for rule in ("note", "news", "chronicle", "weather"):
        for number in range(TRAINING_PARAGRAPHS):
            draw = Draw("training", seed, language, rule, number)
            yield grammar(language).paragraph({rule: 4}, draw, {})


def held_out_texts(language: str, seed: int) -> Iterator[str]:
    """Yield the texts of pages of every kind that are in no archive."""
    for kind, write in KINDS.items():
        site = Site("held-out.example", "Held out", language, kind)
        for number in range(HELD_OUT):
            title, blocks = write(Writer(language, Draw("held out", seed, language, kind, number)))
            yield Page(site, "", title, tuple(blocks)).text


def cutoff_table(columns: dict[str, list[float]]) -> str:
    """Return CCNet's `cutoff.csv`: a column per language, a row per percentile from 0 to 100."""
    ranks = np.arange(101)
    values = [np.percentile(column, ranks) for column in columns.values()]
    rows = ["," + ",".join(columns)]
    for rank in ranks:
        rows.append(f"{rank}," + ",".join(f"{column[rank]:.1f}" for column in values))
    return "\n".join(rows) + "\n"
