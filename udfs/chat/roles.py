"""The names that sets give to roles."""

from __future__ import annotations

from typing import Any

from udfs.chat.conversation import ASSISTANT, SYSTEM, TOOL, USER
from udfs.extract.errors import ExtractionError

UNKNOWN_ROLE = "unknown-role"

_NAMES = {
    SYSTEM: ("system", "developer", "context"),
    USER: ("user", "human", "prompter", "person"),
    ASSISTANT: (
        "assistant",
        "gpt",
        "chatgpt",
        "bot",
        "bing",
        "bard",
        "model",
        "ai",
        "function_call",
    ),
    TOOL: ("tool", "function", "observation", "function_response", "ipython"),
}
_ROLES = {name: role for role, names in _NAMES.items() for name in names}


def role_of(name: Any) -> str:
    """Return the role that a name stands for; case does not matter.

    Raises
    ------
    ExtractionError
        `unknown-role`: no set uses the name.

    Examples
    --------
    >>> role_of("gpt"), role_of("prompter")
    ('assistant', 'user')
    """
    role = _ROLES.get(name.strip().lower()) if isinstance(name, str) else None
    if role is None:
        raise ExtractionError(UNKNOWN_ROLE, f"a message has the role {str(name)[:80]!r}")
    return role
