"""Rows of annotated/ from batches of documents/, one pass of Arrow batches through one function."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from jobs.runtime.arrow import filled, in_parts
from jobs.slices.traits import Traits
from jobs.steps.annotate.languages import exact_languages, stored_languages
from jobs.steps.paragraphs.kept_lines import KeptLines, KeptText
from schemas.settings.annotate import AnnotateConfig
from schemas.tables.annotated import ANNOTATED
from schemas.tables.outcomes import COUNTED, KEPT, with_outcome
from udfs import rule_measures
from udfs.annotate import Models, measure
from udfs.ccnet.language import Language
from udfs.chat.parts import Signed, parts_of, signatures
from udfs.models import model_files
from udfs.near_duplicates.shingling import Shingling
from udfs.quality_signals import InstalledSignal, Signal
from udfs.tokens.tokenizer import Tokenizer, load_tokenizer

LOW_SCORE = "language-score"
OTHER_LANGUAGE = "language"
OUTCOMES = with_outcome(ANNOTATED)

Batches = Iterator[pa.RecordBatch]


def annotate(
    config: AnnotateConfig,
    kept_lines: KeptLines,
    described: Mapping[str, Sequence[object]],
    traits: Mapping[str, Traits],
    signals: Sequence[InstalledSignal] = (),
) -> Callable[[Batches], Batches]:
    """Return the function that makes rows of annotated/, and counts of documents that are dropped.

    Parameters
    ----------
    kept_lines
        The lines of web documents that paragraph dedup keeps.
    described
        Model files as the driver finds them; a worker must find the same.
    traits
        Traits of the documents' slices.
    signals
        Signals of installed packages, which a worker imports by name.
    """

    def work(batches: Batches) -> Batches:
        model_files.check_same(config.models, described)
        loaded = Models.load(config.models)
        user_signals = {signal.name: signal.load() for signal in signals}
        tokenizer = load_tokenizer(config.tokenizer)
        for batch in in_parts(batches):
            kept = kept_lines.of(batch)
            if not len(kept.texts):
                continue
            names = kept.rows.column("slice").to_pylist()
            stated = pc.map_lookup(kept.rows.column("metadata"), pa.scalar("language"), "first")
            exact = exact_languages(
                config, kept.texts, names, stated.to_pylist(), loaded.language, traits
            )
            languages = stored_languages(config, exact)
            reasons = [
                drop_reason(config, traits[name], language)
                for name, language in zip(names, languages, strict=True)
            ]
            indices = [i for i, reason in enumerate(reasons) if reason is None]
            if indices:
                chosen = [languages[i] for i in indices]
                probabilities = [exact[i].score for i in indices]
                yield _annotated(
                    *(kept.take(indices), chosen, probabilities, loaded, config, traits),
                    *(user_signals, tokenizer),
                )
            if len(indices) < len(reasons):
                yield _counts(names, reasons)

    return work


def drop_reason(config: AnnotateConfig, traits: Traits, language: Language) -> str | None:
    """Return why a document is dropped, or None; the language's score is a rule for web pages only."""
    if traits.web and (language.score or 0.0) < config.min_language_score:
        return LOW_SCORE
    has_language = traits.language_line is not None
    if config.languages and has_language and language.code not in config.languages:
        return OTHER_LANGUAGE
    return None


def _annotated(
    kept: KeptText,
    languages: Sequence[Language],
    probabilities: Sequence[float | None],
    loaded: Models,
    config: AnnotateConfig,
    traits: Mapping[str, Traits],
    user_signals: Mapping[str, Signal],
    tokenizer: Tokenizer,
) -> pa.RecordBatch:
    rows, codes = kept.rows, [language.code for language in languages]
    scores = [language.score for language in languages]
    ccnet = {
        "length": [len(text) for text in kept.texts],
        "nlines": [text.count("\n") + 1 for text in kept.texts],
        "original_length": kept.original_length,
        "original_nlines": kept.original_nlines,
    }
    names = rows.column("slice").to_pylist()
    measured = measure(
        kept.texts,
        rows.column("source_domain").to_pylist(),
        loaded,
        languages=codes,
        language_scores=scores,
        ccnet=ccnet,
        bucketed=[traits[name].web for name in names],
        simhashed=[traits[name].simhash for name in names],
        shingling=Shingling(config.ngram, config.minhash_words),
        v2_minhash=config.v2_minhash,
        v1_simhash=config.simhash_letters == "v1",
        user_signals=user_signals,
    )
    columns = {
        **{name: rows.column(name) for name in rows.schema.names},
        **ccnet,
        **measured,
        # of the page before paragraph dedup
        "rule_measures": rule_measures.measures(
            kept.texts, rows.column("text").to_pylist(), codes, probabilities
        ),
        "part_signatures": _part_signatures(kept, names, config, traits),
        "text": kept.texts,
        "token_count": tokenizer.count(kept.texts),
        "tokenizer": [tokenizer.version] * len(codes),
        "line_ids": kept.line_ids,
        "language": codes,
        "language_score": scores,
        "outcome": [KEPT] * len(codes),
    }
    return filled(OUTCOMES, columns, len(codes))


def _part_signatures(
    kept: KeptText, names: Sequence[str], config: AnnotateConfig, traits: Mapping[str, Traits]
) -> list[Signed | None] | None:
    """Return the signatures of the documents' parts; None where no document has any."""
    messages = kept.rows.column("messages")
    answers = {name: traits[name].answers for name in set(names)}
    if messages.null_count == len(messages) and not any(answers.values()):
        return None
    rows = zip(kept.texts, messages.to_pylist(), names, strict=True)
    parts = [parts_of(text, turns, answers[name]) for text, turns, name in rows]
    return signatures(parts, Shingling(config.ngram, config.minhash_words))


def _counts(names: Sequence[str], reasons: Sequence[str | None]) -> pa.RecordBatch:
    """Return a row for each slice and reason of the batch."""
    dropped = [(name, why) for name, why in zip(names, reasons, strict=True) if why is not None]
    pairs = sorted(set(dropped))
    columns = {
        "slice": [slice_ for slice_, _ in pairs],
        "outcome": [COUNTED] * len(pairs),
        "stage": ["annotate"] * len(pairs),
        "reason": [reason for _, reason in pairs],
        "n": [dropped.count(pair) for pair in pairs],
    }
    return filled(OUTCOMES, columns, len(pairs))
