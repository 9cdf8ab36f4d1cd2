"""CCNet's spacing normaliser, a port of Moses' (`cc_net.text_normalizer.normalize_spacing_for_tok`).

Neither CCNet's pipeline nor a command here calls it; it is kept for the reference's conformance pairs.
Two mistakes of the original are part of its result: some replacements write a backslash before a
quotation mark, bracket or percent sign, and " +" is literal instead of a run of blanks, so that a plus
after a blank is deleted. Replacements that never change a text are omitted.
"""

from __future__ import annotations

import re

_BRACKETS = (("\r", ""), ("(", " ("), (")", ") "), (" +", " "))
_BEFORE_QUOTES = ((" :", ":"), (" ;", ";"), ("`", "'"), ("''", ' " '))
_QUOTES_AND_DASHES = (
    ("„", '"'),
    ("“", '"'),
    ("”", '"'),
    ("–", "-"),
    ("—", " - "),
    (" +", " "),
    ("´", "'"),
    ("‘", '"'),
    ("‚", '"'),
    ("’", '"'),
    ("''", '"'),
    ("…", "..."),
    (" « ", ' "'),
    ("« ", '"'),
    ("«", '"'),
    (" » ", '" '),
    (" »", '"'),
    ("»", '"'),
    (" %", "%"),
    (" :", ":"),
    (" ?", "?"),
    (" !", "!"),
    (" ;", ";"),
    (" +", " "),
    ("．", ". "),
)
_COMMA_IN_NUMBERS = frozenset({"de", "es", "cz", "cs", "fr"})


def _replaced(text: str, pairs: tuple[tuple[str, str], ...]) -> str:
    for old, new in pairs:
        text = text.replace(old, new)
    return text


def normalize_spacing_for_tok(text: str, language: str = "en") -> str:
    """Return a text with quotation marks, brackets and blanks as Moses' tokenizer expects them."""
    text = _replaced(text, _BRACKETS)
    text = re.sub(r"\) ([.!:?;,])", r"\\)\1", text)
    text = text.replace("( ", "(").replace(" )", ")")
    text = re.sub(r"(\d) %", r"\1\\%", text)
    text = _replaced(text, _BEFORE_QUOTES)
    text = _replaced(text, _QUOTES_AND_DASHES)
    if language == "en":
        text = re.sub(r'"([,.]+)', r'\1\\"', text)
    elif language not in ("cs", "cz"):
        text = re.sub(r'(\.+)"(\s*[^<])', r'\\"\1\2', text.replace(',"', '",'))
    separator = "," if language in _COMMA_IN_NUMBERS else "."
    return re.sub(r"(\d) (\d)", rf"\1{separator}\2", text)
