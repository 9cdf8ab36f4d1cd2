"""C4's records and the names of its files."""

from __future__ import annotations

import re
from typing import Any

from udfs.extract.errors import ExtractionError
from udfs.extract.json_line import BAD_RECORD, storable

SOURCE = "c4"
DEFAULT_LANGUAGE = "en"
# multilingual/c4-de.tfrecord-00000-of-02048.json.gz, c4-bg-Latn-validation.tfrecord-...
_MULTILINGUAL = re.compile(r"c4-([a-z]{2,3}(?:-[A-Z][a-z]{3})?)(?:-validation)?\.tfrecord-")
# CLD3's names, which mC4's files have, where ISO 639 and fastText have another
_TODAY = {"iw": "he", "fil": "tl"}
_UNDETERMINED = "und"
_VARIANTS = frozenset(
    {"en", "en.noblocklist", "en.noclean", "en.noclean.noblocklist", "realnewslike"}
    | {"webtextlike", "multilingual"}
)


def to_redpajama(record: dict[str, Any], language: str | None = DEFAULT_LANGUAGE) -> dict[str, Any]:
    """Return a record as RedPajama-V1 writes it: `{"text", "meta": {...}}`.

    Parameters
    ----------
    record
        A record of allenai/c4 (`text`, `timestamp`, `url`), or one that has V1's form already.
    language
        Of a record that does not say its own.

    Raises
    ------
    ExtractionError
        `bad-record`: there is no text.
    """
    text, url, timestamp, said = fields(record)
    text = text.replace("\0", "")
    meta = {"timestamp": timestamp, "url": url, "language": said or language, "source": SOURCE}
    return {"text": text, "meta": meta}


def fields(record: dict[str, Any]) -> tuple[str, str | None, str | None, str | None]:
    """Return text, URL, timestamp and language of a record in either form, all but the text storable.

    NUL stays in the text: to look for it is a third cheaper in UTF-8, which the caller may need.

    Raises
    ------
    ExtractionError
        `bad-record`: there is no text.
    """
    text = record.get("text")
    if not isinstance(text, str):
        raise ExtractionError(BAD_RECORD, "the record has no text")
    meta = record.get("meta")
    get = meta.get if isinstance(meta, dict) else record.get
    return text, storable(get("url")), storable(get("timestamp")), storable(get("language"))


def language_of(name: str) -> str | None:
    """Return the language that a file's base name says, by its code of today.

    English where it says none, as C4 proper; None for mC4's pages of no known language.
    """
    found = _MULTILINGUAL.match(name)
    if not found:
        return DEFAULT_LANGUAGE
    return None if found[1] == _UNDETERMINED else _TODAY.get(found[1], found[1])


def variant_of(uri: str) -> str | None:
    """Return the variant of C4 that a file's folder names, as `en.noclean`; None for another."""
    folder = uri.rpartition("/")[0].rpartition("/")[2]
    return folder if folder in _VARIANTS else None
