"""The spacing normaliser that CCNet carries from Moses (`normalize_spacing_for_tok`).

CCNet's pipeline does not call it; it is here for those who prepare text for a tokenizer as CCNet
would. Two slips of the original are part of its result: some of its replacements write a backslash
before a quotation mark, bracket or percent sign, and " +" stands for itself, not for a run of
blanks, so a plus after a blank vanishes. Replacements that change nothing are left out.
"""

from __future__ import annotations

import re

_BRACKETS = (("\r", ""), ("(", " ("), (")", ") "), (" +", " "))
_BEFORE_QUOTES = ((" :", ":"), (" ;", ";"), ("`", "'"), ("''", ' " '))
_QUOTES_AND_DASHES = (
    *((quote, '"') for quote in "„“”"),
    ("–", "-"),
    ("—", " - "),
    (" +", " "),
    ("´", "'"),
    *((quote, '"') for quote in "‘‚’"),
    ("''", '"'),
    ("…", "..."),
    (" « ", ' "'),
    ("« ", '"'),
    ("«", '"'),
    (" » ", '" '),
    (" »", '"'),
    ("»", '"'),
    *((f" {sign}", sign) for sign in "%:?!;"),
    (" +", " "),
    ("．", ". "),
)
_COMMA_IN_NUMBERS = frozenset({"de", "es", "cz", "cs", "fr"})


def _replaced(text: str, pairs: tuple[tuple[str, str], ...]) -> str:
    for old, new in pairs:
        text = text.replace(old, new)
    return text


def normalize_spacing_for_tok(text: str, language: str = "en") -> str:
    """Set quotation marks, brackets and blanks as a language's tokenizer expects them."""
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
