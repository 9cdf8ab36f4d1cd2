"""One boto3 client a process, and what its errors mean.

boto3 finds credentials, region and endpoint as the AWS tools do (AWS_ACCESS_KEY_ID, AWS_PROFILE,
AWS_ENDPOINT_URL, an instance's role, ..). Beyond that the environment may say

REDPAJAMA_S3_ANONYMOUS=1        send no credentials; the default where none are found
REDPAJAMA_S3_REQUESTER_PAYS=1   pay for reading buckets whose owner asks for it
REDPAJAMA_S3_ADDRESSING=STYLE   `path` or `virtual`; `path` is the default for an own endpoint
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

CONNECTIONS = 32  # kept open by one client
CREDENTIALS = (
    "check AWS_ACCESS_KEY_ID or AWS_PROFILE; REDPAJAMA_S3_ANONYMOUS=1 reads public buckets"
)
DENIED = (
    "AccessDenied", "AllAccessDisabled", "ExpiredToken", "InvalidAccessKeyId",
    "InvalidToken", "SignatureDoesNotMatch",
    "400", "401", "403",  # all that the answer to a HEAD can say, 400 for expired credentials
)  # fmt: skip


def client() -> S3Client:
    """Return this process's client for what the environment says now.

    A client must not cross a fork; it may be shared by threads.
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
    with meant("s3://"):
        session = boto3.session.Session()
        anonymous = environment.get("REDPAJAMA_S3_ANONYMOUS") == "1"
        if anonymous or session.get_credentials() is None:
            signature: Any = UNSIGNED
        else:
            signature = None  # the one that the service and region ask for
        own = environment.keys() & {"AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3"}
        addressing: Any = environment.get("REDPAJAMA_S3_ADDRESSING", "path" if own else "auto")
        made: S3Client = session.client(
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
        made.meta.events.register("before-sign.s3", _offer_to_pay)
    return made


def _offer_to_pay(request: Any, **_: Any) -> None:
    request.headers["x-amz-request-payer"] = "requester"


class RangeBehindEndError(OSError):
    """There is no byte of the object at the range's start."""


class ConditionFailedError(OSError):
    """A conditional write was refused after so many attempts."""

    def __init__(self, attempts: int) -> None:
        super().__init__(attempts)
        self.attempts = attempts


@contextlib.contextmanager
def meant(uri: str) -> Iterator[None]:
    """Turn what boto3 raises into the OSError that it means."""
    try:
        yield
    except ClientError as error:
        raise _meaning(error, uri) from error
    except (NoCredentialsError, ProfileNotFound) as error:
        raise PermissionError(f"{uri}: {error}; {CREDENTIALS}") from error
    except (HTTPClientError, NotConnectedError) as error:
        raise ConnectionError(f"{uri}: {error}; check AWS_ENDPOINT_URL and the network") from error
    except BotoCoreError as error:  # an impossible bucket name, region or setting
        raise OSError(f"{uri}: {' '.join(str(error).split())}") from error


def _meaning(error: ClientError, uri: str) -> OSError:
    code = error.response["Error"].get("Code", "")
    about = error.response["ResponseMetadata"]
    if code in ("NoSuchKey", "404"):
        return FileNotFoundError(f"{uri} does not exist")
    if code == "NoSuchBucket":
        bucket = uri.split("/")[2]
        return OSError(f"{uri}: there is no bucket {bucket!r}; check its name and AWS_ENDPOINT_URL")
    if code in DENIED:
        return PermissionError(f"access to {uri} is denied ({code}); {CREDENTIALS}")
    if code in ("PreconditionFailed", "ConditionalRequestConflict", "412", "409"):
        if error.operation_name == "PutObject":
            return ConditionFailedError(about["RetryAttempts"] + 1)
        return object_changed(uri)
    if code in ("InvalidRange", "416"):
        return RangeBehindEndError()
    return OSError(f"{uri}: {' '.join(str(error).split())}")
