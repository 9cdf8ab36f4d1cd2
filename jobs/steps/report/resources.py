"""Resources: seconds and throughput of each stage, and the disk that the tables take."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from jobs.runtime.context import Context
from jobs.steps.report import run_summary
from jobs.steps.report.flow import current_runs
from jobs.steps.report.markup import joined, table, tag
from jobs.steps.report.section import Section
from schemas.settings.report import ReportConfig
from schemas.tables import TABLES

_NAME, _TITLE = "resources", "Time and disk"


def section(context: Context, config: ReportConfig) -> Section:
    """Show the runs that made the current tables, and the size of these."""
    stages = [
        {
            "stage": run_summary.name(record),
            "started": record.started,
            "seconds": round(record.seconds, 1),
            "documents": record.rows_in,
            "characters": record.characters_in or record.characters_out,
        }
        for record in current_runs(context)
    ]
    tables = [
        {"table": name, "rows": made.rows, "files": len(made.files), "bytes": made.bytes}
        for name in TABLES
        if (made := context.table(name).manifest) is not None
    ]
    return Section(_NAME, _TITLE, _body(stages, tables), {"stages": stages, "tables": tables})


def _body(stages: list[dict[str, Any]], tables: list[dict[str, Any]]) -> Markup:
    times = [
        (
            stage["stage"],
            stage["started"][:19].replace("T", " "),
            f"{stage['seconds']:,.1f}",
            _rate(stage["documents"], stage["seconds"]),
            _rate((stage["characters"] or 0) / 1e6, stage["seconds"]),
        )
        for stage in stages
    ]
    sizes = [
        (row["table"], row["rows"], row["files"], f"{row['bytes'] / 1e6:,.1f}", _each(row))
        for row in tables
    ]
    total = sum(row["bytes"] for row in tables) / 1e6
    return joined(
        [
            table(
                "Seconds of each stage, without the start of the session; characters are millions",
                (
                    "stage",
                    "started (UTC)",
                    "seconds",
                    "documents a second",
                    "M characters a second",
                ),
                times,
                text=(0, 1),
            ),
            table(
                "Current versions of the tables, as stored",
                ("table", "rows", "files", "MB", "bytes a row"),
                sizes,
            ),
            tag("p", f"{total:,.1f} MB in all, without earlier versions."),
        ]
    )


def _rate(n: float, seconds: float) -> str:
    return f"{n / seconds:,.1f}" if n and seconds else "–"


def _each(row: dict[str, Any]) -> str:
    return f"{row['bytes'] / row['rows']:,.0f}" if row["rows"] else "–"
