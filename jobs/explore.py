"""Serve a page on this machine to search, filter and read documents; write nothing."""

from __future__ import annotations

import contextlib
import sys

from jobs.runtime.context import Context
from jobs.steps.explore.server import Server
from jobs.steps.explore.state import State
from schemas.settings.explore import ExploreConfig


def run(context: Context, config: ExploreConfig) -> None:
    """Serve the pages until Ctrl-C.

    Raises
    ------
    UserError
        The place has no documents, DuckDB is not installed, or the port is taken.
    """
    state = State(config)
    with Server(state, config.port) as server:
        context.print(f"{server.url} shows {config.place}; Ctrl-C ends it")
        outside = state.version().place.outside
        if outside:
            context.print(f"left out {outside:,} files that are links to another place")
        with contextlib.suppress(KeyboardInterrupt):
            server.serve_forever(poll_interval=0.2)


if __name__ == "__main__":
    from jobs.cli import main

    sys.exit(main(["explore", *sys.argv[1:]]))
