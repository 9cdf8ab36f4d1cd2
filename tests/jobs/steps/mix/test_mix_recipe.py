"""Recipes: their keys, and one line for each error."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from command_lines import settings_of

from jobs import cli, run, slices
from jobs.steps.mix import recipe_file
from jobs.steps.mix.recipe import Stratum
from schemas.errors import UserError
from schemas.settings.ingest import PRETRAINING
from schemas.settings.mapping import from_mapping
from schemas.settings.mix import MixConfig
from schemas.settings.run import RunConfig
from schemas.settings.slices import SLICES

WHOLE = """
strata:
  common_crawl: {share: 67, by: bucket, shares: {head: 2, middle: 1}}
  c4: 15
  wikipedia:
    share: 18
    by: language
    shares: {en: 2.5, no: 0.5}  # Norwegian, not false
    max_epochs: 2.5
copies: {6: 5, 2: 3}
"""


def test_a_recipe_has_shares_parts_epochs_and_copies() -> None:
    recipe = recipe_file.parse(WHOLE, "mine.yaml")
    assert recipe.strata == {
        "common_crawl/head": Stratum("common_crawl", Fraction(134, 3)),
        "common_crawl/middle": Stratum("common_crawl", Fraction(67, 3)),
        "c4": Stratum("c4", Fraction(15)),
        "wikipedia/en": Stratum("wikipedia", Fraction(15), 2.5),
        "wikipedia/no": Stratum("wikipedia", Fraction(3), 2.5),
    }
    assert recipe.by == {"common_crawl": "bucket", "wikipedia": "language"}
    assert recipe.copies == ((2, 3), (6, 5))


def test_presets_are_recipes() -> None:
    assert recipe_file.SHIPPED.names() == ["llama", "pile", "redpajama-1t", "slimpajama", "txt360"]
    by_name = {
        name: recipe_file.of(MixConfig(root="r", tokens=1, recipe=name))
        for name in recipe_file.SHIPPED.names()
    }
    for name in ("llama", "slimpajama"):
        strata = by_name[name].strata
        assert set(strata) == set(PRETRAINING)
        assert sum(stratum.share for stratum in strata.values()) == 100
    llama = {name: float(stratum.share) for name, stratum in by_name["llama"].strata.items()}
    parts = {name: known.llama for name, known in slices.traits_of(SLICES).items()}
    assert llama == {name: part.percent for name, part in parts.items() if part}
    assert not by_name["redpajama-1t"].strata
    assert by_name["txt360"].copies == ((2, 3), (6, 5), (101, 8), (1001, 10))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("strata: {c4: [1", "f.yaml is not YAML: while parsing"),
        ("strata: {c4: 1, c4: 2}", "f.yaml is not YAML: the key 'c4' is given twice"),
        ("- c4", "f.yaml: expected the keys strata, copies, found ['c4']"),
        ("copies: {2: 3}", "f.yaml: strata is missing: a share for each slice, or natural"),
        ("strat: natural", "f.yaml: no key 'strat' (did you mean 'strata'?)"),
        ("strata: all", "f.yaml: strata: expected a share for each slice, or natural, found 'all'"),
        ("strata: {}", "f.yaml: strata: expected a share for each slice, or natural, found none"),
        (
            "strata: {wikipdia: 1}",
            "f.yaml: strata: no slice 'wikipdia' (did you mean 'wikipedia'?)",
        ),
        ("strata: {c4: 0}", "f.yaml: strata: c4: share: expected a number above 0, found '0'"),
        ("strata: {c4: 15%}", "f.yaml: strata: c4: share: expected a number above 0, found '15%'"),
        (
            "strata: {c4: .nan}",
            "f.yaml: strata: c4: share: expected a number above 0, found '.nan'",
        ),
        (
            "strata: {c4: 1e999}",
            "f.yaml: strata: c4: share: expected a number above 0, found '1e999'",
        ),
        ("strata: {c4: [1]}", "f.yaml: strata: c4: share: expected a number above 0, found ['1']"),
        ("strata: {c4: {shar: 1}}", "f.yaml: strata: c4: no key 'shar' (did you mean 'share'?)"),
        ("strata: {c4: {max_epochs: 1}}", "f.yaml: strata: c4: share is missing: a number"),
        (
            "strata: {c4: {share: 1, max_epochs: no}}",
            "f.yaml: strata: c4: max_epochs: expected a number",
        ),
        (
            "strata: {c4: {share: 1, by: bucket}}",
            "f.yaml: strata: c4: `by: bucket`, `language` or `subset`, and",
        ),
        (
            "strata: {c4: {share: 1, by: lang, shares: {en: 1}}}",
            "f.yaml: strata: c4: by: no value 'lang'",
        ),
        (
            "strata: {c4: {share: 1, by: bucket, shares: {heads: 1}}}",
            "f.yaml: strata: c4: shares: no bucket 'heads' (did you mean 'head'?)",
        ),
        (
            "strata: {c4: {share: 1, by: language, shares: {}}}",
            "f.yaml: strata: c4: shares: expected a share for each part, as en: 2, found none",
        ),
        (
            "strata: {c4: {share: 1, by: language, shares: {en: -1}}}",
            "f.yaml: strata: c4: shares: en: expected a number above 0, found '-1'",
        ),
        ("{strata: natural, copies: 2}", "f.yaml: copies: expected numbers of copies, as 2: 3"),
        (
            "{strata: natural, copies: {many: 2}}",
            "f.yaml: copies: expected a whole number from 1 to 1000000, found 'many'",
        ),
        (
            "{strata: natural, copies: {2: 0.5}}",
            "f.yaml: copies: 2: expected a whole number from 1 to 1000000, found '0.5'",
        ),
    ],
)
def test_an_error_names_the_file_and_the_key(content: str, message: str) -> None:
    with pytest.raises(UserError) as raised:
        recipe_file.parse(content, "f.yaml")
    assert str(raised.value).startswith(message)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        (("wikipedia",), "expected SLICE=SHARE with a share above 0, found 'wikipedia'"),
        (("wikipedia=0",), "with a share above 0, found 'wikipedia=0'"),
        (("wikipedia=nan",), "with a share above 0"),
        (("wikipdia=1",), "no slice 'wikipdia' (did you mean 'wikipedia'?)"),
        (("c4=1", "c4=2"), "c4 has two shares"),
    ],
)
def test_a_wrong_weight_is_refused(weights: tuple[str, ...], message: str) -> None:
    with pytest.raises(UserError) as raised:
        recipe_file.weights(weights)
    assert str(raised.value).startswith("--weights: ")
    assert message in str(raised.value)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("--tokens 0", "--tokens: must be at least 1, found 0"),
        ("--tokens 1GB", "--tokens: expected a number of tokens such as 1000, 2k, 500M"),
        ("--tokens 1k --seed x", "--seed: expected a whole number, found 'x'"),
        ("--tokens 1k --max-epochs 0", "--max-epochs: must be at least 0.001, found 0.0"),
        ("--seed 1", "--tokens N or --sample N is needed, and not both"),
        ("--tokens 1k --sample 1k", "--tokens N or --sample N is needed, and not both"),
        ("--tokens 1k --recipe llama --weights c4=1", "--recipe and --weights exclude each other"),
        ("--sample 1k --recipe llama", "--sample has the corpus's own proportions"),
        ("--tokens 1k --recipe lama", "--recipe: no recipe 'lama' (did you mean 'llama'?)"),
        ("--tokens 1k --recipe no.yaml", "--recipe: cannot read no.yaml: No such file"),
    ],
)
def test_an_error_on_the_command_line_is_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], line: str, message: str
) -> None:
    assert cli.main(["mix", "--root", str(tmp_path), *line.split()]) == 2
    error = capsys.readouterr().err
    assert error.startswith(f"redpajama mix: {message}")
    assert error.count("\n") == 1


def test_a_recipe_is_read_before_a_run_begins(tmp_path: Path) -> None:
    file = tmp_path / "run.yaml"
    file.write_text("root: r\ningest: {slice: c4, input: x}\nmix: {tokens: 1k, recipe: no.yaml}")
    with pytest.raises(UserError, match=r"cannot read no\.yaml"):
        run.plan(RunConfig(config=str(file)))
    file.write_text("root: r\ningest: {slice: c4, input: x}\nmix: {tokens: 1.5k, recipe: llama}")
    assert dict(run.plan(RunConfig(config=str(file)))[1])["mix"].tokens == 1500


def test_an_error_in_a_run_s_file_names_the_section() -> None:
    with pytest.raises(UserError, match=r"^f\.yaml, mix: --tokens N or --sample N is needed"):
        from_mapping(MixConfig, {"root": "r"}, where="f.yaml, mix")


@pytest.mark.parametrize(
    ("line", "warning", "value"),
    [
        ("--short less", "--short less is now --on-shortage shrink", "shrink"),
        ("--short stop", "--short stop is now --on-shortage fail", "fail"),
        ("--short fill", "--short fill is now --on-shortage fill", "fill"),
        ("--on-shortage fill", None, "fill"),
    ],
)
def test_the_former_name_of_an_option_works_with_a_warning(
    line: str, warning: str | None, value: str, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["mix", "--root", "r", "--tokens", "1k", *line.split()]
    _, settings = settings_of(words)
    assert settings.on_shortage == value
    assert capsys.readouterr().err == (f"warning: {warning}\n" if warning else "")


def test_the_former_name_of_a_key_works_with_a_warning(
    capsys: pytest.CaptureFixture[str],
) -> None:
    values = {"root": "r", "tokens": "1k"}
    by_name = {
        ("short", "others"): "short others is now on_shortage fill",
        ("on_shortage", "others"): "on_shortage others is now on_shortage fill",
    }
    for (key, value), warning in by_name.items():
        settings = from_mapping(MixConfig, {**values, key: value}, where="f.yaml, mix")
        assert settings.on_shortage == "fill"
        assert capsys.readouterr().err == f"warning: f.yaml, mix: {warning}\n"
    both = {**values, "short": "less", "on_shortage": "fill"}
    with pytest.raises(UserError, match=r"^f\.yaml, mix: no key 'short'"):
        from_mapping(MixConfig, both, where="f.yaml, mix")
