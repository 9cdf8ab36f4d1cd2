"""The whole embedded sample: reproducible bytes, reuse of an existing one, fitting models."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from jobs.sample import SampleInfo, ensure, make
from jobs.sample.build import STAMP
from jobs.sample.prose import LANGUAGES
from jobs.sample.web import Plan
from schemas.errors import UserError
from udfs.ccnet.buckets import bucket
from udfs.models.model_files import find_perplexity_models, load_cutoffs, load_perplexity

REPOSITORY = Path(__file__).parents[3]


def fingerprint(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> SampleInfo:
    return make(tmp_path_factory.mktemp("sample"))


def test_every_byte_is_the_same_in_another_process(sample: SampleInfo, tmp_path: Path) -> None:
    code = "import sys; from pathlib import Path; from jobs.sample import make; make(Path(sys.argv[1]))"
    environment = {**os.environ, "PYTHONHASHSEED": "4711", "PYTHONPATH": str(REPOSITORY)}
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], env=environment, check=True)
    assert fingerprint(tmp_path) == fingerprint(sample.folder)


def test_another_seed_makes_other_pages() -> None:
    texts = [
        {item.text for items in Plan(seed).contents.values() for item in items if item.text}
        for seed in (0, 1)
    ]
    assert len(texts[0] & texts[1]) < 30  # pages in languages without a model, and other fixed ones


def test_the_patterns_match_the_inputs(sample: SampleInfo) -> None:
    paths = {
        str(path.relative_to(sample.folder))
        for pattern in sample.inputs["common_crawl"]
        for path in sample.folder.glob(str(Path(pattern).relative_to(sample.folder)))
    }
    assert sum(path.endswith(".warc.gz") for path in paths) == 9
    assert sum(path.endswith(".wet.gz") for path in paths) == 2
    assert sum(path.endswith(".arc.gz") for path in paths) == 1
    for snapshot in sample.snapshots:
        assert any(f"/{snapshot}/" in path for path in paths)


def test_it_is_small(sample: SampleInfo) -> None:
    assert sum(path.stat().st_size for path in sample.archives.rglob("*.gz")) < 4_000_000


@pytest.fixture
def without_models(monkeypatch: pytest.MonkeyPatch) -> None:
    """Replace the training of models in tests that do not need them."""
    monkeypatch.setattr("jobs.sample.build.make_models", lambda folder, seed: folder.mkdir())


@pytest.mark.usefixtures("without_models")
def test_ensure_builds_once_and_rebuilds_another_version(tmp_path: Path) -> None:
    folder = tmp_path / "deeper" / "sample"
    info = ensure(folder)
    before = info.truth.stat().st_mtime_ns
    assert ensure(folder) == info
    assert info.truth.stat().st_mtime_ns == before

    (folder / STAMP).write_text("an older version", encoding="utf-8")
    (info.archives / "left-over.txt").write_text("of that version", encoding="utf-8")
    ensure(folder)
    assert info.truth.stat().st_mtime_ns > before
    assert not (info.archives / "left-over.txt").exists()
    assert [path.name for path in folder.parent.iterdir()] == ["sample"]


def test_ensure_refuses_a_folder_with_other_files(tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("a year of work", encoding="utf-8")
    with pytest.raises(UserError, match="something else"):
        ensure(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.tex"]


def test_a_failed_ensure_leaves_no_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(folder: Path, seed: int) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr("jobs.sample.build.make_models", full)
    with pytest.raises(OSError, match="no space"):
        ensure(tmp_path / "sample")
    assert list(tmp_path.iterdir()) == []


def test_every_language_has_models_and_pages_in_every_bucket(sample: SampleInfo) -> None:
    models = find_perplexity_models(sample.models)
    assert set(models) == set(LANGUAGES)
    cutoffs = load_cutoffs(sample.models)
    buckets: Counter[tuple[str, str]] = Counter()
    pages = [item for items in Plan(0).contents.values() for item in items if item.kind == "page"]
    for language in LANGUAGES:
        texts: list[str | None] = [page.text for page in pages if page.language == language]
        for score in load_perplexity(models[language]).score(texts):
            buckets[language, bucket(language, score, cutoffs)] += 1
    for language in LANGUAGES:
        total = sum(count for (owner, _), count in buckets.items() if owner == language)
        for name in ("head", "middle", "tail"):
            assert buckets[language, name] > total / 10, (language, name, buckets)


def test_noise_is_less_likely_than_prose(sample: SampleInfo) -> None:
    models, cutoffs = find_perplexity_models(sample.models), load_cutoffs(sample.models)
    for items in Plan(0).contents.values():
        for item in items:
            if item.kind in ("spam", "lorem", "code"):
                assert item.language is not None
                [score] = load_perplexity(models[item.language]).score([item.text])
                assert bucket(item.language, score, cutoffs) == "tail", (item.url, score)
