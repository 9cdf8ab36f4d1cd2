"""One boto3 client per process, and the translation of its errors.

boto3 finds credentials, region and endpoint as the AWS tools do (AWS_ACCESS_KEY_ID, AWS_PROFILE,
AWS_ENDPOINT_URL, an instance's role, ..). Three more environment variables are read:

REDPAJAMA_S3_ANONYMOUS=1        send no credentials; the default if none are found
REDPAJAMA_S3_REQUESTER_PAYS=1   pay for requests to requester-pays buckets
REDPAJAMA_S3_ADDRESSING=STYLE   `path` or `virtual`; the default is `path` if AWS_ENDPOINT_URL or
                                AWS_ENDPOINT_URL_S3 is set, else boto3's `auto`
"""

from __future__ import annotations

import contextlib
import functools
import os
import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import boto3
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    HTTPClientError,
    NoCredentialsError,
    ProfileNotFound,
)
from botocore.exceptions import ConnectionError as NotConnectedError

from jobs.storage.store import object_changed

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

CONNECTIONS = 32  # open connections of one client
CREDENTIALS = (
    "check AWS_ACCESS_KEY_ID, AWS_PROFILE or the machine's role (s3://commoncrawl needs one); "
    "REDPAJAMA_S3_ANONYMOUS=1 reads public buckets"
)
DENIED = (
    "AccessDenied", "AllAccessDisabled", "ExpiredToken", "InvalidAccessKeyId",
    "InvalidToken", "SignatureDoesNotMatch",
    "400", "401", "403",  # the response to a HEAD has only a status; expired credentials give 400
)  # fmt: skip


def client() -> S3Client:
    """Return this process's client for the current environment.

    Threads may share a client; a forked process must not use its parent's.
    """
    settings = {
        name: value
        for name, value in os.environ.items()
        if name.startswith(("AWS_", "REDPAJAMA_S3_"))
    }
    with _creating:
        return _client(os.getpid(), frozenset(settings.items()))


_creating = threading.Lock()


@functools.lru_cache(maxsize=4)
def _client(process: int, settings: frozenset[tuple[str, str]]) -> S3Client:
    environment = dict(settings)
    with translated_errors("s3://"):
        session = boto3.session.Session()
        anonymous = environment.get("REDPAJAMA_S3_ANONYMOUS") == "1"
        if anonymous or session.get_credentials() is None:
            signature: Any = UNSIGNED
        else:
            signature = None  # the default of service and region
        endpoint = environment.keys() & {"AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3"}
        addressing: Any = environment.get("REDPAJAMA_S3_ADDRESSING", "path" if endpoint else "auto")
        s3_client: S3Client = session.client(
            "s3",
            config=Config(
                signature_version=signature,
                retries={"mode": "adaptive", "total_max_attempts": 10},
                connect_timeout=10,
                read_timeout=60,
                max_pool_connections=CONNECTIONS,
                s3={"addressing_style": addressing},
                user_agent_extra="redpajama-spark",
            ),
        )
    if environment.get("REDPAJAMA_S3_REQUESTER_PAYS") == "1":
        s3_client.meta.events.register("before-sign.s3", _accept_charges)
    return s3_client


def _accept_charges(request: Any, **_: Any) -> None:
    request.headers["x-amz-request-payer"] = "requester"


class RangePastEndError(OSError):
    """A range starts at or after the object's end."""


class ConditionFailedError(OSError):
    """The condition of a write failed at the last of `attempts` attempts."""

    def __init__(self, attempts: int) -> None:
        super().__init__(attempts)
        self.attempts = attempts


@contextlib.contextmanager
def translated_errors(uri: str) -> Iterator[None]:
    """Turn boto3's errors into the OSErrors that fit."""
    try:
        yield
    except ClientError as error:
        raise _os_error(error, uri) from error
    except (NoCredentialsError, ProfileNotFound) as error:
        raise PermissionError(f"{uri}: {error}; {CREDENTIALS}") from error
    except (HTTPClientError, NotConnectedError) as error:
        raise ConnectionError(f"{uri}: {error}; check AWS_ENDPOINT_URL and the network") from error
    except BotoCoreError as error:  # an invalid bucket name, region or setting
        raise OSError(f"{uri}: {' '.join(str(error).split())}") from error


def _os_error(error: ClientError, uri: str) -> OSError:
    """Return the OSError that fits the error code of a response."""
    code = error.response["Error"].get("Code", "")
    metadata = error.response["ResponseMetadata"]
    if code in ("NoSuchKey", "404"):
        return FileNotFoundError(f"{uri} does not exist")
    if code == "NoSuchBucket":
        bucket = uri.split("/")[2]
        return OSError(
            f"{uri}: bucket {bucket!r} does not exist; check its name and AWS_ENDPOINT_URL"
        )
    if code in DENIED:
        return PermissionError(f"access to {uri} is denied ({code}); {CREDENTIALS}")
    if code in ("PreconditionFailed", "ConditionalRequestConflict", "412", "409"):
        if error.operation_name == "PutObject":
            return ConditionFailedError(metadata["RetryAttempts"] + 1)
        return object_changed(uri)
    if code in ("InvalidRange", "416"):
        return RangePastEndError()
    return OSError(f"{uri}: {' '.join(str(error).split())}")
