"""Language identification with fastText's lid.176 model, as in CCNet (`cc_net.split_by_lang`) or robust."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from udfs.models.fasttext_marks import without_marks

# CCNet drops a document if its rounded score is below this, so 0.495 passes
THRESHOLD = 0.5
_LABEL = "__label__"


class Language(NamedTuple):
    """A language code and its probability; None where it is unknown."""

    code: str | None
    score: float | None

    def rounded(self) -> Language:
        """Return the language with CCNet's score, of 2 decimals."""
        return self if self.score is None else Language(self.code, round(self.score, 2))


NONE = Language(None, 0.0)


def lid_input(text: str) -> str:
    """Return a text as the single line that fastText reads: without newlines, its case unchanged."""
    return text.replace("\n", "")


def robust_input(text: str) -> str:
    """Return a text as one line in which no words are joined, and capitals are lowered.

    The model has hardly seen capitals: it takes an English sentence in capitals for German. It parts
    words at ASCII's blanks alone, so all others, as no-break and ideographic ones, become those.
    """
    return " ".join(text.lower().split())


def identify(
    texts: Sequence[str | None],
    model: Any,
    line: Callable[[str], str] = lid_input,
    *,
    exact: bool = False,
) -> list[Language]:
    """Return the most probable language of each text, `NONE` for a null or empty one.

    A text without any word gets a language too, as in CCNet, but a score far below `THRESHOLD`. A
    lone surrogate, which UTF-8 cannot encode, is read as "?". Unlike CCNet, a text is read beyond the
    word `</s>`.

    Parameters
    ----------
    texts
        Whole documents; the time is linear in their length.
    model
        A fastText model, as `udfs.models.model_files.load_language_model` returns it.
    line
        Turns a text into the single line that fastText reads.
    exact
        Whether the score stays as the model has it; otherwise it has 2 decimals, as in CCNet.
    """
    # The native object that fastText's Python class wraps: its `predict` is the same in all builds of
    # the package, while the class's own `predict` fails under numpy 2 in some of them.
    predict = model.f.predict
    languages = []
    for text in texts:
        if not text:
            languages.append(NONE)
            continue
        sentence = without_marks(line(text)) + "\n"
        try:
            predictions = predict(sentence, 1, 0.0, "strict")
        except TypeError:  # a lone surrogate: pybind11 cannot encode the text as UTF-8
            readable = sentence.encode("utf-8", "replace").decode("utf-8")
            predictions = predict(readable, 1, 0.0, "strict")
        if predictions:
            score, label = predictions[0]
            language = Language(label.removeprefix(_LABEL), score)
            languages.append(language if exact else language.rounded())
        else:
            languages.append(NONE)
    return languages


def known_codes(model: Any) -> list[str]:
    """Return the codes of the languages that a fastText model can identify."""
    return [label.removeprefix(_LABEL) for label in model.get_labels()]


def accepted(score: float) -> bool:
    """Return whether CCNet keeps a document with this rounded score."""
    return score >= THRESHOLD
