"""Language identification as CCNet does it (`cc_net.split_by_lang`), with fastText's lid.176."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

# CCNet drops a document whose rounded score is below this, so 0.495 still passes
THRESHOLD = 0.5
_LABEL = "__label__"


class Language(NamedTuple):
    """A language code, and its probability rounded to 2 decimals; null where nobody judged it."""

    code: str | None
    score: float | None


NONE = Language(None, 0.0)


def lid_input(text: str) -> str:
    """Return the one line that fastText sees: newlines are deleted, the case stays."""
    return text.replace("\n", "")


def identify(
    texts: Sequence[str | None], model: Any, line: Callable[[str], str] = lid_input
) -> list[Language]:
    """Return the most probable language of each text.

    A null or empty text has none. Text that holds no word is still judged, as in CCNet, with a
    score far below `THRESHOLD`. Half of a surrogate pair, which UTF-8 cannot carry, is read as "?".

    Parameters
    ----------
    texts
        Whole documents; the cost is linear in their length.
    model
        What `udfs.models.model_files.load_language_model` returns.
    line
        Makes of a text the one line that fastText sees.
    """
    # the object below fastText's Python class: its call is the same in every build of the package,
    # while the class's own `predict` fails under numpy 2 in some, with one text or with a list
    predict = model.f.predict
    languages = []
    for text in texts:
        if not text:
            languages.append(NONE)
            continue
        seen = line(text) + "\n"
        try:
            predictions = predict(seen, 1, 0.0, "strict")
        except TypeError:  # not UTF-8: the binding finds no function for it
            readable = seen.encode("utf-8", "replace").decode("utf-8")
            predictions = predict(readable, 1, 0.0, "strict")
        if predictions:
            score, label = predictions[0]
            languages.append(Language(label.removeprefix(_LABEL), round(score, 2)))
        else:
            languages.append(NONE)
    return languages


def accepted(score: float) -> bool:
    """Tell whether CCNet keeps a document of this rounded score."""
    return score >= THRESHOLD
