"""Read C4's records and the names of its files.

C4 and mC4 are published as JSON lines (https://huggingface.co/datasets/allenai/c4); RedPajama-V1's form
of the same records has the fields other than the text in `meta`.
"""

from __future__ import annotations

import re
from typing import Any

from udfs.extract.errors import ExtractionError
from udfs.extract.json_line import BAD_RECORD, storable

DEFAULT_LANGUAGE = "en"
# multilingual/c4-de.tfrecord-00000-of-02048.json.gz, c4-bg-Latn-validation.tfrecord-...
_MULTILINGUAL = re.compile(r"c4-([a-z]{2,3}(?:-[A-Z][a-z]{3})?)(?:-validation)?\.tfrecord-")
# mC4's files have CLD3's codes; these differ from ISO 639's and fastText's
_CURRENT_CODES = {"iw": "he", "fil": "tl"}
_UNDETERMINED = "und"
_VARIANT_NAMES = """
    en en.noblocklist en.noclean en.noclean.noblocklist realnewslike webtextlike multilingual
"""
_VARIANTS = frozenset(_VARIANT_NAMES.split())


def fields(record: dict[str, Any]) -> tuple[str, str | None, str | None, str | None]:
    """Return the text, URL, timestamp and language of a record in C4's or RedPajama-V1's form.

    NUL is removed as in `json_line.storable`, but not from the text: the caller needs the text in
    UTF-8, where a search for NUL takes a third less time.

    Raises
    ------
    ExtractionError
        `bad-record`: the record has no text.
    """
    text = record.get("text")
    if not isinstance(text, str):
        raise ExtractionError(BAD_RECORD, "the record has no text")
    meta = record.get("meta")
    get = meta.get if isinstance(meta, dict) else record.get
    return text, storable(get("url")), storable(get("timestamp")), storable(get("language"))


def language_of(name: str) -> str | None:
    """Return the language code in a file's base name, in ISO 639's current spelling.

    A name without a code, as those of C4 itself, means English; mC4's `und` gives None.
    """
    match = _MULTILINGUAL.match(name)
    if not match:
        return DEFAULT_LANGUAGE
    return None if match[1] == _UNDETERMINED else _CURRENT_CODES.get(match[1], match[1])


def variant_of(uri: str) -> str | None:
    """Return the variant of C4 in the name of a file's folder, such as `en.noclean`, or None."""
    folder = uri.rpartition("/")[0].rpartition("/")[2]
    return folder if folder in _VARIANTS else None
