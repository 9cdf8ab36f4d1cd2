"""S3 only: buckets, credentials, signed and anonymous requests."""

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
def test_the_error_for_a_missing_bucket_names_it(s3: S3, pattern: str) -> None:
    with pytest.raises(UserError, match=r"bucket 'n\S+' does not exist; check its name"):
        storage.expand([pattern])


def test_a_wrong_key_pair_is_a_user_error_that_does_not_show_it(
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


def test_a_reader_without_access_gets_a_permission_error(
    s3: S3, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REDPAJAMA_S3_ANONYMOUS", "1")
    with pytest.raises(PermissionError, match="denied"):
        storage.open_stream(s3.put("x", b"x"))


@pytest.mark.parametrize("how", ["no credentials", "setting"])
def test_a_public_bucket_is_read_without_credentials(
    s3: S3, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    if how == "setting":
        monkeypatch.setenv("REDPAJAMA_S3_ANONYMOUS", "1")
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "wrong")
    else:
        monkeypatch.delenv("AWS_ACCESS_KEY_ID")
        monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    (info,) = storage.expand(["s3://public/rea*"])
    assert storage.read_bytes(info.uri) == b"ready"


def test_an_unknown_profile_is_a_user_error(s3: S3, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "nobody")
    with pytest.raises(UserError, match=r"profile \(nobody\) could not be found"):
        storage.expand([s3.uri("*")])


def test_requester_pays_is_sent_in_a_signed_header(s3: S3, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDPAJAMA_S3_REQUESTER_PAYS", "1")
    sent = []
    client = s3_client.client()
    client.meta.events.register("before-send.s3", lambda request, **_: sent.append(request.headers))
    assert storage.read_bytes(s3.put("x", b"x")) == b"x"

    (headers,) = sent
    assert headers["x-amz-request-payer"] in ("requester", b"requester")
    assert "x-amz-request-payer" in str(headers["Authorization"])


def test_a_folder_of_more_objects_than_one_response_lists(s3: S3) -> None:
    for i in range(1003):
        s3.put(f"many/{i:04}", b"")

    assert len(storage.expand([s3.uri("many")])) == 1003
    assert storage.remove_tree(s3.uri("many")) == 1003
    assert storage.list_names(s3.uri("many")) == []


def test_an_interrupted_upload_leaves_no_object_and_no_parts(s3: S3) -> None:
    def lose_connection(params: dict[str, Any], **_: Any) -> None:
        if "partNumber=2" in params["url"]:
            raise EndpointConnectionError(endpoint_url=params["url"])

    events = s3_client.client().meta.events
    events.register("before-call.s3.UploadPart", lose_connection)
    try:
        with tempfile.TemporaryFile() as file:
            file.write(bytes(20 << 20))
            with pytest.raises(UserError, match="AWS_ENDPOINT_URL and the network"):
                storage.write_file(s3.uri("x"), file)
    finally:
        events.unregister("before-call.s3.UploadPart", lose_connection)
    assert storage.list_names(s3.uri()) == []
    bucket = s3.uri().split("/")[2]
    assert "Uploads" not in s3_client.client().list_multipart_uploads(Bucket=bucket)


def test_the_marker_of_an_empty_folder_is_not_an_object(s3: S3) -> None:
    s3.put("folder/", b"")
    s3.put("folder/x", b"")

    assert [info.uri for info in storage.list_names(s3.uri("folder"))] == [s3.uri("folder/x")]
    assert storage.remove_tree(s3.uri("folder")) == 1


def _read(uri: str) -> bytes:
    return storage.read_bytes(uri)


def test_a_forked_process_creates_its_own_client(s3: S3) -> None:
    uri = s3.put("x", b"x" * 100)
    assert storage.read_bytes(uri) == b"x" * 100  # creates the parent's client
    with multiprocessing.get_context("fork").Pool(3) as pool:
        assert pool.map(_read, [uri] * 12) == [b"x" * 100] * 12


def test_reading_files_does_not_import_boto3() -> None:
    code = (
        "import sys, jobs.storage as s; s.read_bytes(sys.executable);"
        "print({'boto3', 'urllib3'} & set(sys.modules))"
    )
    assert subprocess.check_output([sys.executable, "-c", code], text=True) == "set()\n"
