"""Trace a document to its source record, and explain what each job decided about it."""

from __future__ import annotations

import sys

from jobs.runtime.context import Context
from jobs.steps.trace import output, urls
from jobs.steps.trace.document_trace import DocumentTrace, trace_documents
from schemas.errors import UserError
from schemas.settings.trace import TraceConfig
from udfs.text_diff.terminal import visible


def run(context: Context, config: TraceConfig) -> list[DocumentTrace]:
    """Print the trace of each document; write nothing.

    Raises
    ------
    UserError
        No table has one of the ids or URLs (the others are traced first), or `--raw` finds no record.
    """
    if not config.id and not config.url:
        raise UserError("nothing to trace: give ids or --url")
    if config.raw and (len(config.id) + len(config.url) > 1 or config.json):
        raise UserError("--raw writes one record: give one id, and not --json")
    context.table("documents").required()
    ids_of_urls, unknown_urls = urls.ids_of(context, config.url)
    ids = [*config.id, *ids_of_urls]
    if config.raw and len(ids) > 1:
        raise UserError(f"--raw writes one record: give one of the ids {' '.join(ids)}")
    traces, unknown_ids = trace_documents(context, ids, record_only=config.raw)
    for trace in traces:
        if config.raw:
            output.write_raw(context, trace)
        elif config.json:
            context.print(output.as_json(trace))
        else:
            output.print_trace(context, trace)
    unknown = [*([unknown_ids] if unknown_ids else []), *unknown_urls]
    if unknown:
        raise UserError(visible("; ".join(unknown)))
    return traces


if __name__ == "__main__":
    from jobs.cli import main

    sys.exit(main(["trace", *sys.argv[1:]]))
