"""Recipes as YAML files: those in recipes/, and the user's own.

    strata:
      common_crawl: {share: 67, by: bucket, shares: {head: 2, middle: 1}}
      c4: 15
      wikipedia: {share: 18, by: language, shares: {en: 3, de: 1}, max_epochs: 2.5}
    copies: {2: 3, 6: 5}

Shares are relative to their sum. Of a slice that is divided, what `shares` does not name is left out.
`strata: natural` is each slice by the tokens there are of it. `copies` says that a document which dedup
found 2 to 5 times comes 3 times in each epoch, and one of 6 or more 5 times.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from jobs.runtime import yaml_file
from jobs.steps.mix.recipe import Recipe, Stratum
from jobs.steps.mix.recipe_values import above_zero, mapping, number, whole
from schemas.errors import UserError
from schemas.names import check_names
from schemas.settings.common import BUCKETS
from schemas.settings.ingest import SLICES
from schemas.settings.mix import MixConfig

SHIPPED = yaml_file.Shipped("recipe", "jobs.steps.mix", "recipes")
_EXAMPLES = {"bucket": "head: 2", "language": "en: 2"}


def of(config: MixConfig) -> Recipe:
    """The recipe that the settings say.

    Raises
    ------
    UserError
        There is none of that name, it cannot be read, or it says what makes no sense.
    """
    if config.recipe is None:
        return Recipe("--weights", weights(config.weights), {})
    return parse(*SHIPPED.named(config.recipe, option="--recipe"))


def weights(said: Sequence[str]) -> dict[str, Stratum]:
    """Strata of `common_crawl=0.67` and so on.

    Raises
    ------
    UserError
        What is not a slice, `=` and a number above 0, or a slice that has two shares.
    """
    strata: dict[str, Stratum] = {}
    for weight in said:
        slice_, _, share = weight.partition("=")
        found = number(share)
        if not slice_ or found is None:
            raise UserError(
                f"--weights: expected SLICE=SHARE with a share above 0, found {weight!r}"
            )
        check_names("--weights", "slice", [slice_], SLICES)
        if slice_ in strata:
            raise UserError(f"--weights: {slice_} has two shares: give it one")
        strata[slice_] = Stratum(slice_, found)
    return strata


def parse(content: str | bytes, where: str) -> Recipe:
    """A recipe as its file says it.

    Parameters
    ----------
    where
        What to call the file in an error.

    Raises
    ------
    UserError
        It is not YAML, has a key that does not exist, or a number that makes no sense.
    """
    said = yaml_file.parse(content, where, yaml_file.TextLoader)
    said = mapping(where, said, "`strata:` with a share for each slice")
    check_names(where, "key", said, ("strata", "copies"))
    if "strata" not in said:
        raise UserError(f"{where}: no `strata:`: a share for each slice, or natural")
    copies = _copies(f"{where}: copies", said.get("copies", {}))
    if said["strata"] == "natural":
        return Recipe(where, {}, {}, copies)
    strata: dict[str, Stratum] = {}
    by: dict[str, str] = {}
    slices = _some(f"{where}: strata", said["strata"], "a share for each slice, or natural")
    check_names(f"{where}: strata", "slice", slices, SLICES)
    for name, about in slices.items():
        strata |= _slice(f"{where}: {name}", name, about, by)
    return Recipe(where, strata, by, copies)


def _slice(where: str, name: str, said: Any, by: dict[str, str]) -> dict[str, Stratum]:
    """The strata of a slice; `by` gets the column that divides it."""
    about = {"share": said} if isinstance(said, str) else mapping(where, said, "a share")
    check_names(where, "key", about, ("share", "by", "shares", "max_epochs"))
    if "share" not in about:
        raise UserError(f"{where}: no `share:`, a number relative to the shares of other slices")
    share = above_zero(f"{where}: share", about["share"])
    most = about.get("max_epochs")
    epochs = None if most is None else float(above_zero(f"{where}: max_epochs", most))
    if "by" not in about and "shares" not in about:
        return {name: Stratum(name, share, epochs)}
    if "by" not in about or "shares" not in about:
        raise UserError(f"{where}: `by: bucket` or `by: language`, and `shares:`, go together")
    column = about["by"]
    check_names(f"{where}: by", "value", [column], tuple(_EXAMPLES))
    example = f"a share for each {column}, as {_EXAMPLES[column]}"
    parts = {}
    for value, found in _some(f"{where}: shares", about["shares"], example).items():
        if column == "bucket":
            check_names(f"{where}: shares", "bucket", [value], BUCKETS)
        parts[value] = above_zero(f"{where}: shares: {value}", found)
    by[name] = column
    total = sum(parts.values())
    return {
        f"{name}/{value}": Stratum(name, share * part / total, epochs)
        for value, part in parts.items()
    }


def _some(where: str, said: Any, expected: str) -> dict[str, Any]:
    found = mapping(where, said, expected)
    if not found:
        raise UserError(f"{where}: expected {expected}, found none")
    return found


def _copies(where: str, said: Any) -> tuple[tuple[int, int], ...]:
    pairs = []
    for copies, times in mapping(where, said, "numbers of copies, as 2: 3").items():
        pair = whole(copies), whole(times)
        if pair[0] is None or pair[1] is None:
            raise UserError(
                f"{where}: expected whole numbers from 1 to 1000000, as `2: 3`, "
                f"found `{copies}: {times}`"
            )
        pairs.append((pair[0], pair[1]))
    return tuple(sorted(pairs))
