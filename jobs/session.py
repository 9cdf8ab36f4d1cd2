"""The former place of `jobs.runtime.session`, kept for notebooks and scripts that import it."""

import warnings

from jobs.runtime.session import get_session, local_session

__all__ = ["get_session", "local_session"]

warnings.warn("jobs.session is now jobs.runtime.session", FutureWarning, stacklevel=2)
