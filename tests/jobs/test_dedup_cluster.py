"""Dedup on a real cluster, with a worker's executor killed meanwhile, and over partitions: one answer."""

from __future__ import annotations

import os
import random
import re
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cluster import SECONDS, Cluster, bare_python, build_wheel, command, started, until
from pyspark.sql import SparkSession
from rows import collect, context, document, fill

from jobs import dedup, manifest
from schemas.copies import COPIES
from schemas.duplicates import DUPLICATES
from schemas.jobs import DedupConfig
from udfs import fast_minhash
from udfs.simhash import simhash

FAMILIES, SINGLES, BOOKS = 300, 600, 40
WORDS = [f"word{i}" for i in range(3000)]
SHUFFLED = "spark.sql.shuffle.partitions"
JOINED = "spark.sql.adaptive.coalescePartitions.enabled"

Tables = dict[str, list[tuple[Any, ...]]]


def edited(choose: random.Random, words: list[str], edits: int) -> str:
    words = list(words)
    for place in choose.sample(range(len(words)), edits):
        words[place] = choose.choice(WORDS)
    return " ".join(words)


def planted() -> list[dict[str, Any]]:
    """Families of pages with 0 to 4 of 150 words changed, families of books, and strangers.

    Four words make a page about as unlike as the threshold. An id begins with its family; of each
    the first two documents have one digest.
    """
    choose = random.Random(11)
    rows = []

    def add(family: str, text: str, digest: str, **others: Any) -> None:
        rows.append(document(f"{family}-{len(rows)}", text, bucket="head", digest=digest, **others))

    for number in range(FAMILIES):
        family, original = f"page{number:03}", choose.choices(WORDS, k=150)
        for place, edits in enumerate((0, 0, 1, 2, 4)):
            add(family, edited(choose, original, edits), f"sha1:{family}-{max(1, place)}")
    for number in range(BOOKS):
        family, original = f"book{number:03}", choose.choices(WORDS, k=150)
        for edits in (0, 12):
            text = edited(choose, original, edits)
            signed = simhash(" ".join(original)) ^ edits
            signed -= (signed >> 63) << 64
            add(family, text, f"sha1:{family}-{edits}", slice="books", simhash=signed)
    for number in range(SINGLES):
        add(f"lone{number:04}", edited(choose, choose.choices(WORDS, k=150), 0), f"sha1:{number}")
    signatures = fast_minhash.signatures([row["text"] for row in rows])
    return [
        {**row, "signature": signature} for row, signature in zip(rows, signatures, strict=True)
    ]


@pytest.fixture(scope="module")
def rows() -> list[dict[str, Any]]:
    return planted()


def found_on(spark: SparkSession, root: Path) -> Tables:
    """All that dedup has written, in the order of the ids."""
    return {
        "duplicates": collect(spark, root, "duplicates", *DUPLICATES.names),
        "copies": collect(spark, root, "copies", *COPIES.names),
    }


@pytest.fixture(scope="module")
def filled(
    spark: SparkSession, rows: list[dict[str, Any]], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """A root with annotated/ in several files."""
    root = tmp_path_factory.mktemp("filled")
    fill(spark, root, "annotated", rows, partitions=6)
    return root


def over(spark: SparkSession, root: Path, rows: list[dict[str, Any]], partitions: int) -> Tables:
    """What the local session finds in so many partitions of the input, and after each shuffle."""
    fill(spark, root, "annotated", rows, partitions=partitions)
    before = {key: spark.conf.get(key) for key in (SHUFFLED, JOINED)}
    spark.conf.set(SHUFFLED, str(partitions))
    spark.conf.set(JOINED, "false")  # as small as these they would become one again
    try:
        dedup.run(context(spark, root), DedupConfig(root=str(root)))
    finally:
        for key, value in before.items():
            spark.conf.set(key, str(value))
    return found_on(spark, root)


@pytest.fixture(scope="module")
def expected(
    spark: SparkSession, rows: list[dict[str, Any]], tmp_path_factory: pytest.TempPathFactory
) -> Tables:
    """What the local session finds in one partition."""
    return over(spark, tmp_path_factory.mktemp("expected"), rows, 1)


def family(id_: str) -> str:
    return id_.rpartition("/")[2].partition("-")[0]


def test_the_planted_families_are_what_is_found(expected: Tables) -> None:
    told = [dict(zip(DUPLICATES.names, row, strict=True)) for row in expected["duplicates"]]
    assert {row["kind"] for row in told} == {"exact", "near", "simhash"}
    assert all(family(row["id"]) == family(row["survivor_id"]) for row in told)
    # nearly all that is alike, and not all that is at the threshold
    assert 2.9 * FAMILIES + BOOKS < len(told) < 4 * FAMILIES + BOOKS
    assert len(expected["copies"]) == len(told) + len({row["cluster_id"] for row in told})


@pytest.mark.parametrize("partitions", [2, 7, 64])
def test_partitions_of_input_and_shuffles_change_nothing(
    spark: SparkSession,
    rows: list[dict[str, Any]],
    expected: Tables,
    tmp_path: Path,
    partitions: int,
) -> None:
    assert over(spark, tmp_path, rows[::-1], partitions) == expected


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    folder = tmp_path_factory.mktemp("cluster")
    python, wheel = bare_python(folder / "python"), build_wheel(folder)
    options = ("--memory", "512m", "--python", str(python), "--wheel", str(wheel))
    with started(folder / "cluster", *options) as running:
        yield running
    assert running.processes() == []
    assert not running.folder.exists()


@pytest.mark.cluster
def test_a_cluster_finds_what_a_local_session_finds(
    spark: SparkSession, cluster: Cluster, filled: Path, expected: Tables, tmp_path: Path
) -> None:
    root = tmp_path / "root"
    shutil.copytree(filled, root)
    cluster.run("dedup", "--root", str(root))
    assert found_on(spark, root) == expected


@pytest.mark.cluster
def test_an_executor_killed_meanwhile_changes_nothing(
    spark: SparkSession, cluster: Cluster, filled: Path, expected: Tables, tmp_path: Path
) -> None:
    root = tmp_path / "root"
    shutil.copytree(filled, root)
    with cluster.submitted("dedup", "--root", str(root)) as job:
        # both executors have done a part of it, and the rest is to come
        until(
            lambda: job.poll() is not None or any(root.glob("duplicates/*/scratch/**/_SUCCESS")),
            "the first of the scratch folder",
        )
        number, process = min(cluster.executors().items())
        os.kill(process, signal.SIGKILL)
        assert job.poll() is None
        assert manifest.current(str(root), "duplicates") is None
        said, _ = job.communicate(timeout=SECONDS)
    assert job.returncode == 0, said
    assert re.search(rf"Lost executor {number} on ", said)
    # the master saw it end, killed by signal 9, and started another before the job was over
    log = cluster.log()
    of_job = log[log.rindex("Registered app ") :]
    lost = re.search(rf"Removing executor app-\S+/{number} because it is EXITED", of_job)
    assert lost, of_job
    after = of_job[lost.end() : of_job.index("Received unregister request")]
    assert "Launching executor " in after
    assert found_on(spark, root) == expected


@pytest.mark.cluster
def test_a_second_start_leaves_the_cluster_alone(cluster: Cluster) -> None:
    with pytest.raises(RuntimeError, match="A cluster runs already in "):
        command("start", "--folder", str(cluster.folder))
    said = command("status", "--folder", str(cluster.folder))
    assert re.match(r"spark://127\.0\.0\.1:\d+: 2 of 2 workers; http://127\.0\.0\.1:\d+, ", said)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["begin"], "usage: "),
        (["start", "--worker", "2"], "no option --worker"),
        (["start", "--cores"], "--cores needs a value"),
        (["start", "--workers", "0"], "--workers: a number from 1, not 0"),
        (["start", "--memory", "2"], "--memory: as 512m or 1g, not 2"),
        (["start", "--memory", "256m"], "--memory: Spark gives no executor less than 450m"),
        (["start", "--python", "/bin/false"], "--python: /bin/false has no pyspark"),
        (["status"], "No cluster runs in "),
        (["stop"], "No cluster runs in "),
    ],
)
def test_a_mistake_is_one_line(tmp_path: Path, arguments: list[str], said: str) -> None:
    name, *options = arguments
    with pytest.raises(RuntimeError) as error:
        command(name, "--folder", str(tmp_path / "none"), *options)
    assert str(error.value).startswith(said)
    assert str(error.value).count("\n") == 1
    assert not (tmp_path / "none").exists()
