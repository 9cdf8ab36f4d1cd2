"""A section of the report: what people read, and the same numbers for machines."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from jobs.runtime.context import Context
from jobs.steps.report.markup import Html
from schemas.settings.report import ReportConfig


@dataclass(frozen=True)
class Section:
    """A section.

    Attributes
    ----------
    name
        Anchor in the page and key in the JSON.
    body
        What stands below the title.
    numbers
        As JSON has them: no NaN, keys that are text.
    """

    name: str
    title: str
    body: Html
    numbers: dict[str, Any] = field(default_factory=dict)


Maker = Callable[[Context, ReportConfig], Section]
"""What makes a section: `section(context, config)` of its module."""
