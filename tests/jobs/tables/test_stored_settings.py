"""Settings as release 0.1.0 stored them: its tables stay current, its records can be read."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

import pytest

from jobs.steps.curate import filters
from jobs.steps.mix import recipe_file
from jobs.tables import runs
from schemas.settings.annotate import AnnotateConfig
from schemas.settings.curate import CurateConfig
from schemas.settings.decontaminate import DecontaminateConfig
from schemas.settings.dedup import DedupConfig
from schemas.settings.ingest import INGEST
from schemas.settings.mix import MixConfig
from schemas.settings.paragraphs import ParagraphsConfig
from schemas.settings.stored import from_stored, met_defaults, to_dict

INPUTS = {"corpus": "a version"}
DIGESTS = {
    "paragraphs": "a6be3bcebe2cb99cca6d37bc46229a92262ac69223c6e9f67ba79e40055f429b",
    "annotate": "703b6f1341bec140b773bf2a6eb39b3aa01b9daf0aef64ec5402341033a968d8",
    "dedup": "a247a6f8f9df60860cb985c600a95148587dc39fc9ec98e62ea7788f86baed6e",
    "decontaminate": "42e3919be1f142f8208321133af2bef6a1d160daa79c019e55ede221d37e0381",
    "curate": "26d47936452f36699223a491b16756c282c3f407d908e0dd48c83e91cb0c3a20",
    "mix": "8c23db5aa46f5c57880e8d96baab51893350811f2ce06bfd760cedeac45e47df",
    "mix less": "7d942ba307bb11aff737bfaaaded987d966875ec305babe1eddefd6a024d5322",
    "mix others": "d1b187a650484740d79d25e007c8d8b575fe911443f152ca808ed32caa083c2b",
    "ingest wikipedia": "62011288155e9f3946fbb6b1113ab69c08449667732a9b4f06aba2099e4d65e0",
    "ingest books": "668a376a112367af0a5e1264053a08c5f121d6294c0a2f5278d282bc11e57791",
    "ingest arxiv": "b289623b9007050ef890145aca57492be76b8fe7dc4c6f57cd1899ac8261c72f",
    "ingest stackexchange": "5664b761d012d89006bd6060670c84b021cb9ec8ab6ae16843de9599e766d889",
    "ingest github": "8de648d6dbdf8ac4860ae050ceff4af65e448c0209e9f718ba3f88b00ce49373",
    "ingest c4": "16d979e57d415fec11be0b4994888242536aeddf9a115e8ac9f9da2dae7c0109",
    "ingest common_crawl": "86aa3513bd65971f72aaef77db223837c3fe275313be52107bcbf55021ad9281",
}
"""What 0.1.0 computed of the settings below and of `INPUTS`."""

SETTINGS: dict[str, Any] = {
    "paragraphs": ParagraphsConfig(root="r"),
    "annotate": AnnotateConfig(root="r", models="m", v2_minhash=True),
    "dedup": DedupConfig(root="r"),
    "decontaminate": DecontaminateConfig(root="r", evaluations=("e",)),
    "curate": CurateConfig(root="r", filters=("gopher",)),
    "mix": MixConfig(root="r", tokens=5),
    "mix less": MixConfig(root="r", tokens=5, on_shortage="shrink"),
    "mix others": MixConfig(root="r", sample=5, on_shortage="fill"),
    **{f"ingest {name}": config(root="r", input=("i",)) for name, config in INGEST.items()},
}

ADDED: dict[str, dict[str, Any]] = {
    "annotate": {
        **{"language_id": "ccnet", "minhash_words": "blanks", "simhash_letters": "v1"},
        "tokenizer": None,
    },
    "curate": {"passages": "mark", "max_passages": 0.5},
    "decontaminate": {"match": "ngram"},
    "dedup": {"min_contained": 0.0, "keep": "best", "per_url": "all", "certify": None},
    "ingest common_crawl": {"extractor": "resiliparse", "markup": "plain"},
    "ingest arxiv": {"behind_references": "drop"},
    "ingest stackexchange": {"post_text": "v1"},
    "ingest wikipedia": {"tables": "drop", "templates": "tables", "keep_sections": True},
}
"""Options that later releases added, with what 0.1.0 did."""


@pytest.mark.parametrize("name", [name for name in DIGESTS if name not in ADDED])
def test_a_table_of_an_earlier_release_stays_current(name: str) -> None:
    assert runs.digest(SETTINGS[name], INPUTS) == DIGESTS[name]


@pytest.mark.parametrize("name", ADDED)
def test_an_option_that_was_added_has_the_value_of_before(name: str) -> None:
    settings, added = SETTINGS[name], ADDED[name]
    unrecorded = ("root", "overwrite", "explain", "dry_run", "dry_run_sample")
    recorded = to_dict(settings, without=(*unrecorded, *added))
    assert runs.digest_of(recorded, INPUTS) == DIGESTS[name]
    read = from_stored(type(settings), {**recorded, "root": "r"}, where="", strict=True)
    assert read == replace(settings, **added)


def test_newer_options_left_at_their_default_make_no_table_stale() -> None:
    settings = SETTINGS["annotate"]
    recorded = to_dict(settings, without=tuple(ADDED["annotate"]))
    assert set(met_defaults(settings, recorded)) == set(ADDED["annotate"])
    asked = replace(settings, language_id="robust")
    assert set(met_defaults(asked, recorded)) == {"minhash_words", "simhash_letters", "tokenizer"}


def test_tables_that_have_more_than_the_default_stay_current() -> None:
    stored = to_dict(AnnotateConfig(root="r", v2_minhash=True))
    assert met_defaults(AnnotateConfig(root="r"), stored) == {"v2_minhash": False}
    assert met_defaults(AnnotateConfig(root="r", v2_minhash=True), stored) == {}
    without = to_dict(AnnotateConfig(root="r"))
    assert met_defaults(AnnotateConfig(root="r", v2_minhash=True), without) == {}


@pytest.mark.parametrize("name", SETTINGS)
def test_stored_settings_are_read_back(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    settings = SETTINGS[name]
    stored = {**to_dict(settings), "an-option-of-a-later-release": 1}
    assert from_stored(type(settings), stored, where="") == settings
    assert capsys.readouterr().err == ""


def test_an_option_that_changes_nothing_is_not_stored() -> None:
    assert "pii_style" not in to_dict(CurateConfig(root="r"))
    assert to_dict(CurateConfig(root="r", pii=("c4",)))["pii_style"] == "context"


def test_a_renamed_option_is_stored_by_its_former_name() -> None:
    stored = to_dict(MixConfig(root="r", tokens=5, on_shortage="shrink"))
    assert stored["short"] == "less"
    assert "on_shortage" not in stored


RECIPE = """
strata:
  common_crawl: {share: 67, by: bucket, shares: {head: 2, middle: 1}}
  c4: 15
  wikipedia: {share: 18, by: language, shares: {en: 2.5, no: 0.5}, max_epochs: 2.5}
copies: {6: 5, 2: 3}
"""
RECIPES = {
    "llama": "260c38c96c8b0408a12e1fe8bfffbe81be371a85d8a2921f829094bfe4c61a2f",
    "redpajama-1t": "837e84bd09a8da10adfa932c898336674a66f4ac704ea23c81ce9315a5c581a9",
    "slimpajama": "cb99b6b62d07c4cb8195b1d0ac527ef043843a5ace3f53f02553bc96fb6b5b66",
    "txt360": "56eee283fdbd38732382faecd527cc06f99aecb41850d678d56be0ecba412ae1",
    "mine.yaml": "9d5086cd43cd843fad370c460bc77e11cb0812a935492eb77c0d18721c1aa123",
    "--weights": "ff299191ed577a292a8dbf7d91e03fba3245041925ac3b5a709975f3b4786fb9",
}
"""What 0.1.0 computed of the shipped recipes, of `RECIPE`, and of two weights."""


@pytest.mark.parametrize("name", RECIPES)
def test_a_recipe_has_the_digest_of_an_earlier_release(name: str) -> None:
    if name == "mine.yaml":
        recipe = recipe_file.parse(RECIPE, name)
    elif name == "--weights":
        recipe = recipe_file.of(MixConfig(root="r", tokens=1, weights=("c4=0.5", "books=2")))
    else:
        recipe = recipe_file.of(MixConfig(root="r", tokens=1, recipe=name))
    assert runs.digest_of(asdict(recipe), {}) == RECIPES[name]


def test_rules_have_the_digest_of_an_earlier_release() -> None:
    # the sets whose rules have not changed since
    rules = filters.load(["permissive-licenses", "redpajama-v1"], ["length > 5"])
    digest = runs.digest_of({"rules": [rule.to_dict() for rule in rules]}, {})
    assert digest == "ec283181121d8bff3dd3fb9b66d203046fa5a8641750b70e0ad077f75d07edf9"
