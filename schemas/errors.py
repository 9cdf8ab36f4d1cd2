"""The one exception that a user is meant to see."""

from __future__ import annotations


class UserError(Exception):
    """A mistake that the user can mend.

    The command line prints its message as one line, without a stack trace, and exits with 2; so the
    message names the cause and the mend.
    """
