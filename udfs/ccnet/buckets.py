"""CCNet's quality buckets: head, middle or tail, by perplexity and the language's cut-offs.

The rule is `cc_net.perplexity.PerplexityBucket`. Cut-offs belong to the models they were computed with:
CCNet's own table is built in; `redpajama train perplexity` writes a `cutoff.csv` beside the models that it
trains.
"""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from schemas.errors import UserError

HEAD, MIDDLE, TAIL, ALL = "head", "middle", "tail", "all"
HEAD_PERCENTILE, TAIL_PERCENTILE = 30, 60

# rows 30 and 60 of CCNet's cutoff.csv: percentiles of the crawl of February 2019, scored by CCNet's
# own models
_CCNET = """
    af 540 770     ar 490 790     az 600 950     be 670 910     bg 450 680     bn 190 300
    ca 210 330     cs 820 1140    da 380 600     de 370 590     el 450 670     en 340 520
    es 180 290     et 1270 1620   fa 370 700     fi 1110 1500   fr 180 330     gu 1110 1570
    he 1280 1710   hi 480 790     hr 720 910     hu 80 140      hy 750 1080    id 600 970
    is 850 1190    it 220 360     ja 1110 1450   ka 910 1310    kk 610 930     km 1040 2180
    kn 2210 2800   ko 920 2130    lt 190 270     lv 1130 1480   mk 530 740     ml 2430 3220
    mn 680 1010    mr 1380 1870   my 2530 3040   ne 860 1130    nl 430 650     no 430 680
    pl 160 260     pt 170 270     ro 180 270     ru 210 310     uk 140 220     zh 1460 1950
"""
CCNET_CUTOFFS: Mapping[str, tuple[float, float]] = MappingProxyType(
    {
        language: (float(head), float(tail))
        for language, head, tail in re.findall(r"(\w+) (\d+) (\d+)", _CCNET)
    }
)


@dataclass(frozen=True)
class Cutoffs:
    """The cut-offs of each language.

    Attributes
    ----------
    table
        By language code, the perplexities at which head and middle end.
    """

    table: Mapping[str, tuple[float, float]] = field(default_factory=lambda: CCNET_CUTOFFS)

    @classmethod
    def load(cls, path: str | Path | None = None) -> Cutoffs:
        """Return the cut-offs of a file in CCNet's format, or CCNet's own without a path.

        A `cutoff.csv` has one column per language and one row per percentile. The first column
        holds the percentiles and has no name. Only rows 30 and 60 are used.

        Raises
        ------
        UserError
            The file cannot be read or is not such a table; the message has the path and the line.
        """
        if path is None:
            return cls()
        try:
            with open(path, encoding="utf-8-sig", newline="") as file:
                return cls(_read(str(path), list(csv.reader(file))))
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            raise UserError(f"cannot read the cut-offs in {path}: {error}") from error


def _read(path: str, rows: Sequence[list[str]]) -> dict[str, tuple[float, float]]:
    languages = [name.strip() for name in (rows[0] if rows else [])[1:]]
    if not languages or len(set(languages)) < len(languages) or "" in languages:
        raise UserError(
            f"{path}, line 1: the first row of a cut-off table must have an empty first column and "
            "then distinct language codes"
        )
    cutoffs: dict[int, list[float]] = {}
    for line, row in enumerate(rows[1:], start=2):
        if not row:
            continue
        where = f"{path}, line {line}"
        if len(row) != len(languages) + 1:
            raise UserError(f"{where}: {len(row)} columns, but line 1 has {len(languages) + 1}")
        percentile, *values = [_number(where, value) for value in row]
        if percentile in (HEAD_PERCENTILE, TAIL_PERCENTILE):
            cutoffs[int(percentile)] = values
    for percentile in (HEAD_PERCENTILE, TAIL_PERCENTILE):
        if percentile not in cutoffs:
            raise UserError(f"{path}: no row for percentile {percentile}, which the buckets need")
    pairs = dict(
        zip(
            languages,
            zip(cutoffs[HEAD_PERCENTILE], cutoffs[TAIL_PERCENTILE], strict=True),
            strict=True,
        )
    )
    for language, (head, tail) in pairs.items():
        if head > tail:
            raise UserError(
                f"{path}: percentile {HEAD_PERCENTILE} of {language} is {head:g}, above percentile "
                f"{TAIL_PERCENTILE}, which is {tail:g}; percentiles must not decrease"
            )
    return pairs


def _number(where: str, value: str) -> float:
    try:
        number = float(value)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise UserError(f"{where}: {value!r} is not a number")
    return number


def bucket(language: str | None, perplexity: float | None, cutoffs: Cutoffs) -> str:
    """Return `head`, `middle` or `tail`, or `all` for a language without cut-offs.

    A text without a perplexity is in `all` too. A perplexity equal to a cut-off is above it.
    """
    if language is None or perplexity is None or perplexity < 0:
        return ALL
    if language not in cutoffs.table:
        return ALL
    head, tail = cutoffs.table[language]
    if perplexity < head:
        return HEAD
    return MIDDLE if perplexity < tail else TAIL
