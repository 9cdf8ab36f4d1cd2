"""A real cluster of two workers: the whole pipeline, with S3 for its input and its root, and one killed."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from cluster import SECONDS, Cluster, bare_python, build_wheel, command, started, until
from roots import MADE, contents, readable
from s3_server import ACCESS_KEY, S3, SECRET_KEY, mounted
from seven import Seven

from jobs import storage
from jobs.sample import SampleInfo
from jobs.tables import manifest

# Spark writes s3a:// by a mount of the bucket, since pip's pyspark has no S3A
VIEW = "org.apache.hadoop.fs.viewfs.ViewFileSystemOverloadScheme"


@pytest.fixture(scope="module")
def cluster(s3_endpoint: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    folder = tmp_path_factory.mktemp("cluster")
    python, wheel = bare_python(folder / "python"), build_wheel(folder)
    options = ("--memory", "512m", "--python", str(python), "--wheel", str(wheel))
    with started(folder / "cluster", *options) as running:
        yield running
    assert running.processes() == []
    assert not running.folder.exists()


@pytest.mark.cluster
@pytest.mark.s3
def test_the_pipeline_from_s3_to_s3_with_an_executor_killed_meanwhile(
    cluster: Cluster, seven: Seven, made: SampleInfo, s3: S3, tmp_path: Path
) -> None:
    sample = str(Path(made.archives).parent)
    for path in Path(sample).rglob("*"):
        if path.is_file():
            s3.put(f"input/{path.relative_to(sample)}", path.read_bytes())
    settings = yaml.safe_load(Path(seven.file).read_text())
    for section in settings["ingest"]:
        section["input"] = [uri.replace(sample, s3.uri("input")) for uri in section["input"]]
    root = settings["root"] = s3.uri("root").replace("s3:", "s3a:")
    file = tmp_path / "corpus.yaml"
    file.write_text(yaml.safe_dump(settings))

    with mounted(tmp_path / "bucket") as bucket:
        (bucket / s3.folder / "root").mkdir(parents=True, exist_ok=True)
        link = f"spark.hadoop.fs.viewfs.mounttable.{s3.bucket}.link"
        options = {
            "spark.hadoop.fs.s3a.impl": VIEW,
            f"{link}./{s3.folder}/root": f"file://{bucket}/{s3.folder}/root",
        }
        with cluster.submitted("run", "--config", str(file), options=options) as job:
            until(lambda: job.poll() is not None or _is_made(root, "documents"), "documents/")
            number, process = min(cluster.executors().items())
            os.kill(process, signal.SIGKILL)
            assert job.poll() is None
            assert not _is_made(root, "mixture")
            seen: list[set[str]] = []
            watch = threading.Thread(target=lambda: seen.append(readable(root)))
            watch.start()
            said, _ = job.communicate(timeout=SECONDS)
            watch.join()
        assert job.returncode == 0, said
        assert re.search(rf"Lost executor {number} on ", said)
        assert "keeps its own values" not in said
        assert seen
        assert "documents" in seen[0]
        _nothing_tells_the_keys(said, cluster.folder, bucket)
        assert contents(root, prefix=s3.uri("input")) == contents(str(seven.root), prefix=sample)
    # each table was published by a PUT on the condition that nobody else had
    for name in MADE:
        uri = storage.join(root, name, manifest.CURRENT)
        with pytest.raises(storage.Conflict):
            storage.write_bytes(uri, b"{}", create=True)


def _nothing_tells_the_keys(said: str, *folders: Path) -> None:
    """Neither the driver, nor the logs of daemons and executors, nor any table or manifest."""
    contents = {"driver": said.encode()}
    for folder in folders:
        # executors that end meanwhile remove what is theirs
        for parent, _, names in os.walk(folder):
            for name in names:
                with contextlib.suppress(FileNotFoundError):
                    content = Path(parent, name).read_bytes()
                    contents[name] = contents.get(name, b"") + content
    assert {"stderr", "master.log", manifest.CURRENT} <= contents.keys()
    for name, content in contents.items():
        assert SECRET_KEY.encode() not in content, name
        assert ACCESS_KEY.encode() not in content, name


def _is_made(root: str, table: str) -> bool:
    return manifest.current(root, table) is not None


@pytest.mark.cluster
@pytest.mark.s3
def test_a_profile_that_the_workers_lack_is_said_in_one_line_before_the_work(
    cluster: Cluster, s3: S3, tmp_path: Path
) -> None:
    # of the driver's profile the workers know nothing, and their own key is not valid
    keys = tmp_path / "credentials"
    keys.write_text(
        f"[x]\naws_access_key_id = {ACCESS_KEY}\naws_secret_access_key = {SECRET_KEY}\n"
    )
    source = s3.put("a/c4-train.00000-of-00001.json", b'{"text": "a"}\n')
    root = str(tmp_path / "root")
    arguments = ("c4", "--input", source, "--root", root)
    options = {"spark.executorEnv.AWS_ACCESS_KEY_ID": "of-nobody"}
    variables = {"AWS_SHARED_CREDENTIALS_FILE": str(keys), "AWS_PROFILE": "x"}
    with cluster.submitted("ingest", *arguments, options=options, variables=variables) as driver:
        said, _ = driver.communicate(timeout=SECONDS)
    assert driver.returncode == 2, said
    assert "Traceback" not in said
    (line,) = [line for line in said.splitlines() if line.startswith("redpajama ingest")]
    assert re.match(rf"redpajama ingest c4: the worker \S+: cannot read {source} \(.*403", line)
    assert "it lacks the driver's AWS_PROFILE: give spark-submit --conf spark.executorEnv." in line
    assert manifest.current(root, "documents") is None


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
