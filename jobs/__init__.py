"""Jobs: a module for each command, and the packages that they are made of."""

import importlib.util
import os.path


def _check_siblings() -> None:
    """Raise ImportError if another package hides this project's `schemas` or `udfs`."""
    parent = _parent(__file__)
    for name in ("schemas", "udfs"):
        spec = importlib.util.find_spec(name)
        if spec is not None and spec.origin and _parent(spec.origin) != parent:
            raise ImportError(
                f"the package {name!r} in {os.path.dirname(spec.origin)} hides that of "
                "redpajama-spark: rename it, or remove its parent folder from the Python path"
            )


def _parent(file: str) -> str:
    """Return the folder that holds the package of an `__init__.py`."""
    return os.path.dirname(os.path.dirname(os.path.realpath(file)))


_check_siblings()
