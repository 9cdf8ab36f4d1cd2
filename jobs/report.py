"""Report what each job read, wrote and dropped, as a page for people and as JSON.

The page is one file without scripts that loads nothing. Counts are aggregated by Spark; only the texts of
samples are read.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from datetime import datetime, timezone

from jobs import storage
from jobs.runtime.context import Context
from jobs.runtime.package_versions import own
from jobs.steps.report import (
    composition,
    contamination,
    dedup,
    flow,
    losses,
    mixture,
    resources,
    samples,
    signals,
    summary,
)
from jobs.steps.report.page import FILES, page
from jobs.steps.report.section import Maker
from jobs.storage.public_names import public_name, published
from schemas.errors import UserError
from schemas.settings.report import ReportConfig
from schemas.tables import TABLES

SECTIONS: Sequence[Maker] = (
    summary.section,
    flow.section,
    composition.section,
    mixture.section,
    signals.section,
    dedup.section,
    contamination.section,
    losses.section,
    samples.section,
    resources.section,
)


def run(context: Context, config: ReportConfig) -> list[str]:
    """Write the page and its numbers; return their addresses."""
    html_uri, json_uri = _outputs(context.root, config)
    if not any(context.table(name).manifest for name in TABLES):
        raise UserError(f"{context.root} has no tables yet: run `redpajama run` or `ingest` first")
    sections = [section(context, config) for section in SECTIONS]
    now = datetime.now(timezone.utc)
    content = page(public_name(context.root), f"{now:%Y-%m-%d %H:%M} UTC", own(), sections)
    numbers = {
        "root": public_name(context.root),
        "made": f"{now:%Y-%m-%dT%H:%M:%SZ}",
        **{section.name: published(section.numbers) for section in sections},
    }
    data = json.dumps(numbers, indent=1, ensure_ascii=False, allow_nan=False) + "\n"
    for uri, text in ((json_uri, data), (html_uri, content)):
        # UTF-8 has no surrogates; escaped they are valid JSON
        storage.write_bytes(uri, text.encode("utf-8", "backslashreplace"))
        context.print(f"wrote {uri}")
    return [html_uri, json_uri]


def _outputs(root: str, config: ReportConfig) -> tuple[str, str]:
    html_uri = config.output or storage.join(root, FILES[0])
    json_uri = html_uri.removesuffix(".html") + ".json"
    if html_uri.endswith("/") or html_uri.endswith(".json"):
        raise UserError(f"--output: expected a file such as report.html, not {config.output!r}")
    return html_uri, json_uri


if __name__ == "__main__":
    from jobs.cli import main

    sys.exit(main(["report", *sys.argv[1:]]))
