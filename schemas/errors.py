"""The exception whose message is written for users, and messages of one line."""

from __future__ import annotations


class UserError(Exception):
    """An error that the user can fix.

    The command line prints its message as one line, without a stack trace, and exits with 2; so the
    message names the cause and the fix.
    """


def one_line(message: object) -> str:
    r"""Return a message, or the text of an error, with each run of white space as one space.

    >>> one_line("no such file:\n    a.txt")
    'no such file: a.txt'
    """
    return " ".join(str(message).split())
