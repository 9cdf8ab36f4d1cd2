"""A section of the report: HTML for people, and the same numbers as JSON."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup

from jobs.runtime.context import Context
from schemas.settings.report import ReportConfig


@dataclass(frozen=True)
class Section:
    """A section.

    Attributes
    ----------
    name
        Anchor in the page and key in the JSON.
    body
        HTML below the title.
    numbers
        Values that JSON can hold: no NaN, and text as keys.
    """

    name: str
    title: str
    body: Markup
    numbers: dict[str, Any] = field(default_factory=dict)


Maker = Callable[[Context, ReportConfig], Section]
"""Makes a section: the function `section` of its module."""
