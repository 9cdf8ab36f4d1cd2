"""What the tests of jobs share: a real S3 server, named by the environment of all of them."""

from s3_server import s3, s3_endpoint

__all__ = ["s3", "s3_endpoint"]
