"""SentencePiece models as CCNet trains them, and sentences of pieces for a language model."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator

import sentencepiece

from schemas.errors import one_line
from udfs.ccnet.perplexity import MAX_LINE
from udfs.language_models.ngram_batches import words_of

# SentencePiece skips lines above 4,192 bytes, and a character has at most four
_TRAINED_LINE = 1000


def train_pieces(texts: Iterable[str], size: int) -> tuple[bytes, int]:
    """Train a unigram model, `spm_train --character_coverage=0.9995 --model_type=unigram`.

    The same texts in the same order give the same model.

    Returns
    -------
    tuple[bytes, int]
        The model and how many pieces it has: fewer than `size` where the texts carry no more.

    Raises
    ------
    ValueError
        The texts are too few even to begin with.
    """
    model = io.BytesIO()
    try:
        sentencepiece.SentencePieceTrainer.train(
            sentence_iterator=(part for text in texts for part in cut(text, _TRAINED_LINE)),
            model_writer=model,
            model_type="unigram",
            vocab_size=size,
            hard_vocab_limit=False,
            character_coverage=0.9995,
            # the default, whatever the machine: sums of floats depend on the number
            num_threads=16,
            minloglevel=2,
        )
    except RuntimeError as error:
        raise ValueError(one_line(error)) from error
    content = model.getvalue()
    return content, sentencepiece.SentencePieceProcessor(model_proto=content).get_piece_size()


def cut(text: str, longest: int) -> Iterator[str]:
    """Yield a text in parts of at most `longest` characters, cut at blanks where possible."""
    start = 0
    while len(text) - start > longest:
        end = text.rfind(" ", start + 1, start + longest)
        end = start + longest if end < 0 else end
        yield text[start:end]
        start = end
    if start < len(text):
        yield text[start:]


def sentences(model: bytes, texts: Iterable[str], max_line: int = MAX_LINE) -> Iterator[list[str]]:
    """Yield each text as one sentence of pieces, as `udfs.ccnet.perplexity` scores it.

    A text without pieces yields nothing; one above `max_line` characters yields several sentences. As
    for `lmplz`, characters that SentencePiece does not know stay as they are spelled.
    """
    encode = sentencepiece.SentencePieceProcessor(model_proto=model).encode_as_pieces
    for text in texts:
        for part in cut(text, max_line):
            words = words_of(" ".join(encode(part)))
            if words:
                yield words
