"""An argument parser whose errors are one line, with the closest option or choice."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator, Sequence
from typing import Any, NoReturn

from schemas.names import unknown

_CHOICE = re.compile(r"invalid choice: '(?P<given>[^']*)' \(choose from (?P<known>.*)\)$")


class OneLineParser(argparse.ArgumentParser):
    """Print an error as one line that says what is known, without the usage of all options."""

    def parse_args(  # type: ignore[override]
        self, args: Sequence[str] | None = None, namespace: Any = None
    ) -> argparse.Namespace:
        """Return the arguments; end the process at one that is not known."""
        parsed: argparse.Namespace
        parsed, others = self.parse_known_args(args, namespace)
        if others:
            self.prog = f"{self.prog} {getattr(parsed, 'job', '')}".strip()
            options = [arg.partition("=")[0] for arg in others if arg.startswith("-")]
            if options:
                self.error(unknown("option", options[0], sorted(set(_options(self, parsed)))))
            self.error(f"{others[0]!r} belongs to no option")
        return parsed

    def error(self, message: str) -> NoReturn:
        """Print one line, and end the process with exit code 2."""
        choice = _CHOICE.search(message)
        if choice:
            known = [name.strip(" '") for name in choice["known"].split(",")]
            message = message[: choice.start()] + unknown("choice", choice["given"], known)
        self.exit(2, f"{self.prog}: {message}; `{self.prog} --help` explains all options\n")


def _options(parser: argparse.ArgumentParser, parsed: argparse.Namespace) -> Iterator[str]:
    """Yield the options of the job that was parsed."""
    job = getattr(parsed, "job", "")
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, sub in action.choices.items():
                if f"{job} ".startswith(f"{name} "):
                    yield from _options(sub, argparse.Namespace(job=job[len(name) + 1 :]))
        else:
            yield from (option for option in action.option_strings if option.startswith("--"))
