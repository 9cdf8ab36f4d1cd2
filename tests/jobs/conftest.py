"""Fixtures of the tests of jobs, from modules with unique names."""

from faulty_server import faulty_server
from job_fixtures import any_root, made, seven
from s3_server import s3, s3_endpoint

__all__ = ["any_root", "faulty_server", "made", "s3", "s3_endpoint", "seven"]
