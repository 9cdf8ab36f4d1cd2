"""The embedded sample: small deterministic dumps of all slices, generated locally."""

from __future__ import annotations

from jobs.sample.build import SampleInfo, ensure, make, version

__all__ = ["SampleInfo", "ensure", "make", "version"]
