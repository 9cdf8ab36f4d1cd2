"""What only S3 has: buckets, credentials, requests that are signed or not."""

from __future__ import annotations

import multiprocessing
import subprocess
import sys
import tempfile
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError
from s3_server import S3

from jobs import storage
from jobs.storage import s3_client
from schemas.errors import UserError

pytestmark = pytest.mark.s3


@pytest.mark.parametrize(
    "pattern", ["s3://no-such-bucket/x.gz", "s3://no-such-bucket/*", "s3://n-o"]
)
def test_a_wrong_bucket_is_named(s3: S3, pattern: str) -> None:
    with pytest.raises(UserError, match=r"there is no bucket 'n\S+; check its name"):
        storage.expand([pattern])


def test_a_wrong_key_pair_is_the_users_error_and_is_not_shown(
    s3: S3, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "wrong-secret")
    for action in (
        lambda: storage.expand([s3.uri("*")]),
        lambda: storage.write_bytes(s3.uri("x"), b""),
        lambda: storage.list_names(s3.uri()),
        lambda: storage.remove_tree(s3.uri("x")),
    ):
        with pytest.raises(UserError, match=r"denied.*check AWS_ACCESS_KEY_ID") as raised:
            action()
        assert "wrong-secret" not in str(raised.value)
        assert s3.access_key not in str(raised.value)


def test_a_task_sees_denied_access_as_a_permission_error(
    s3: S3, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REDPAJAMA_S3_ANONYMOUS", "1")
    with pytest.raises(PermissionError, match="denied"):
        storage.open_stream(s3.put("x", b"x"))


@pytest.mark.parametrize("how", ["no credentials", "asked for"])
def test_a_public_bucket_is_read_without_credentials(
    s3: S3, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    if how == "asked for":
        monkeypatch.setenv("REDPAJAMA_S3_ANONYMOUS", "1")
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "wrong")
    else:
        monkeypatch.delenv("AWS_ACCESS_KEY_ID")
        monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    (found,) = storage.expand(["s3://public/rea*"])
    assert storage.read_bytes(found.uri) == b"ready"


def test_an_unknown_profile_is_the_users_error(s3: S3, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "nobody")
    with pytest.raises(UserError, match=r"profile \(nobody\) could not be found"):
        storage.expand([s3.uri("*")])


def test_requester_pays_is_said_in_a_signed_header(s3: S3, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDPAJAMA_S3_REQUESTER_PAYS", "1")
    sent = []
    client = s3_client.client()
    client.meta.events.register("before-send.s3", lambda request, **_: sent.append(request.headers))
    assert storage.read_bytes(s3.put("x", b"x")) == b"x"

    (headers,) = sent
    assert headers["x-amz-request-payer"] in ("requester", b"requester")
    assert "x-amz-request-payer" in str(headers["Authorization"])


def test_more_objects_than_one_answer_holds(s3: S3) -> None:
    for i in range(1003):
        s3.put(f"many/{i:04}", b"")

    assert len(storage.expand([s3.uri("many")])) == 1003
    assert storage.remove_tree(s3.uri("many")) == 1003
    assert storage.list_names(s3.uri("many")) == []


def test_of_a_file_whose_upload_breaks_off_nothing_is_there(s3: S3) -> None:
    def lost(params: dict[str, Any], **_: Any) -> None:
        if "partNumber=2" in params["url"]:
            raise EndpointConnectionError(endpoint_url=params["url"])

    events = s3_client.client().meta.events
    events.register("before-call.s3.UploadPart", lost)
    try:
        with tempfile.TemporaryFile() as file:
            file.write(bytes(20 << 20))
            with pytest.raises(UserError, match="AWS_ENDPOINT_URL and the network"):
                storage.write_file(s3.uri("x"), file)
    finally:
        events.unregister("before-call.s3.UploadPart", lost)
    assert storage.list_names(s3.uri()) == []
    bucket = s3.uri().split("/")[2]
    assert "Uploads" not in s3_client.client().list_multipart_uploads(Bucket=bucket)


def test_the_marker_of_an_empty_folder_is_no_object(s3: S3) -> None:
    s3.put("folder/", b"")
    s3.put("folder/x", b"")

    assert [info.uri for info in storage.list_names(s3.uri("folder"))] == [s3.uri("folder/x")]
    assert storage.remove_tree(s3.uri("folder")) == 1


def _read(uri: str) -> bytes:
    return storage.read_bytes(uri)


def test_a_forked_process_makes_a_client_of_its_own(s3: S3) -> None:
    uri = s3.put("x", b"x" * 100)
    assert storage.read_bytes(uri) == b"x" * 100  # the parent's client is in use
    with multiprocessing.get_context("fork").Pool(3) as pool:
        assert pool.map(_read, [uri] * 12) == [b"x" * 100] * 12


def test_who_reads_files_does_not_load_boto3() -> None:
    code = (
        "import sys, jobs.storage as s; s.read_bytes(sys.executable);"
        "print({'boto3', 'urllib3'} & set(sys.modules))"
    )
    assert subprocess.check_output([sys.executable, "-c", code], text=True) == "set()\n"
