"""The marks of fastText in a text: words that its models do not read as words.

fastText ends a line at the word `</s>`, so that nothing after it is read (its issue 1132), and takes a
word that begins with `__label__` for a label. A page that quotes either must not lose its rest.
"""

from __future__ import annotations

import re

_LABEL = "__label__"
# fastText parts words at these, and at no other blank
_BLANKS = r" \n\r\t\v\f\0"
_END = re.compile(rf"(?<![^{_BLANKS}])</s>(?![^{_BLANKS}])")


def without_marks(line: str) -> str:
    """Return a line for a model, with `</s>` and `__label__` broken up.

    >>> without_marks("a </s> b, a</s>b, __label__en")
    'a < /s> b, a</s>b, label en'
    """
    if "</s>" in line:
        line = _END.sub("< /s>", line)
    return line.replace(_LABEL, "label ") if _LABEL in line else line
