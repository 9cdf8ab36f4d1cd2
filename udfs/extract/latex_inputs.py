"""Join the files of a paper: the main file, with included files in place of their commands."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from udfs.extract.latex_constants import constants, with_values

_INPUT = re.compile(
    r"\\(?=[@iIs])(?:(?P<one>@?input|include|subfile|subfileinclude|InputIfFileExists)(?![A-Za-z@])"
    r"\s{0,9}(?:\{(?P<braced>(?:[^{}]|\{\}){1,300})\}"
    r"|(?P<plain>(?:\\[A-Za-z]{1,40}(?:\{\})?[^\s{}\\%]{0,300}|[^\s{}\\%]{1,300})))"
    r"(?:(?<=\})\{[^{}]{0,99}\}\{[^{}]{0,99}\})?"  # what \\InputIfFileExists does besides
    r"|(?:sub)?(?:import|inputfrom|includefrom)\*?(?![A-Za-z@])"
    r"\s{0,9}\{(?P<folder>(?:[^{}]|\{\}){0,300})\}\s{0,9}\{(?P<name>(?:[^{}]|\{\}){1,300})\})"
)
_CLASS = re.compile(
    r"\\document(?:class|style)(?![A-Za-z@])\s{0,9}(?:\[[^\]]{0,999}\]\s{0,9})?\{([^{}]{0,99})\}"
)
# `\document` and `\enddocument` are AMS-TeX's
BEGIN = re.compile(r"\\begin\s{0,9}\{document\}|\\document(?![A-Za-z@])")
END = re.compile(r"\\end\s{0,9}\{document\}|\\enddocument(?![A-Za-z@])")
# document classes of files that are parts of others
_PART_CLASSES = ("subfiles", "standalone")
_MAX_CANDIDATES = 8  # for the main file; papers have one or two


class JoinedFile(NamedTuple):
    """A file with the files that it includes.

    Attributes
    ----------
    files
        The names of all files in the text, its own name first.
    missing
        The number of included files that do not exist.
    """

    text: str
    files: tuple[str, ...]
    missing: int


def root_files(texts: Mapping[str, str], top: Sequence[str] = ()) -> list[JoinedFile]:
    r"""Return the files that a paper consists of: those in `top`, else its main file.

    A main file has its own document class, and `\begin{document}` in it or in an included file. Of
    several candidates the one with the most text, included files counted, is the main file, and it
    alone is the paper: other files with a document class are supplements, letters or old versions,
    and files that it does not include are not printed. Without a main file the paper consists of all
    files that no other file includes, in their order.
    """
    used: set[str] = set()
    named = [name for name in top if name in texts]
    if named:
        return [join_inputs(name, texts, used) for name in named if name not in used]
    names = _top_level_files(texts)
    likely = [name for name in names if has_class(texts[name]) or BEGIN.search(texts[name])]
    likely = sorted(likely, key=lambda name: -len(texts[name]))[:_MAX_CANDIDATES]
    joined = {name: join_inputs(name, texts) for name in likely}
    mains = [name for name in joined if BEGIN.search(joined[name].text)]
    mains = [name for name in mains if has_class(texts[name])] or mains
    if mains:
        return [max((joined[name] for name in mains), key=lambda file: len(file.text))]
    return [join_inputs(name, texts, used) for name in names]


def has_class(text: str) -> bool:
    """Return whether a file has a document class, other than the class of a part."""
    command = _CLASS.search(text)
    return command is not None and command[1].strip() not in _PART_CLASSES


def join_inputs(
    name: str, texts: Mapping[str, str], used: set[str] | None = None, text: str | None = None
) -> JoinedFile:
    r"""Return a file with all included files, at any depth, in place of the commands.

    A file is included once, so that circular and repeated inclusions cannot grow the text without
    bound. Files in `used` are part of another text and are not included. The command of a missing
    file is kept. `\endinput` ends a file. The path may hold macros whose value is a plain name.

    Parameters
    ----------
    used
        The files that are included already; those that this file includes are added.
    text
        What to read in place of the file's own text.
    """
    used = set() if used is None else used
    used.add(name)
    files = [name]
    file_names = _FileNames(texts, name)
    out: list[str] = []
    missing = 0
    # the name, the text and the current position of each open file
    open_files: list[tuple[str, str, int]] = [
        (name, _until_endinput(texts[name]) if text is None else text, 0)
    ]
    while open_files:
        current, content, position = open_files.pop()
        command = _INPUT.search(content, position)
        if not command:
            out.append(content[position:])
            continue
        target = file_names.target(command, current, name)
        if target is None or target in used:
            missing += target is None
            keep = command.end() if target is None else command.start()
            out.append(content[position:keep])
            open_files.append((current, content, command.end()))
            continue
        used.add(target)
        files.append(target)
        out.append(content[position : command.start()])
        open_files += [
            (current, content, command.end()),
            (target, _included_text(texts[target]), 0),
        ]
    return JoinedFile("".join(out), tuple(files), missing)


class _FileNames:
    """Finds included files as TeX does: from the main file's folder, with or without `.tex`.

    Names that differ only in case are found too, since some papers come from file systems without case.
    """

    def __init__(self, texts: Mapping[str, str], main: str = "") -> None:
        self._job = posixpath.splitext(posixpath.basename(main))[0]
        self._exact = set(texts)
        self._folded = {name.casefold(): name for name in reversed(list(texts))}
        self._texts = texts
        self._values: dict[str, str] | None = None  # of macros without arguments

    def target(self, command: re.Match[str], current: str, main: str) -> str | None:
        """Return the name of the file that a command includes; None if it is missing."""
        name = self._path(command["braced"] or command["plain"] or command["name"]).strip('"')
        folder = self._path(command["folder"] or "")
        own, top = posixpath.dirname(current), posixpath.dirname(main)
        for base in dict.fromkeys((top, own)):
            path = posixpath.normpath(posixpath.join(base, folder, name))
            for spelled in (f"{path}.tex", path, f"{path}.ltx", f"{path}.latex"):
                if spelled in self._exact:
                    return spelled
                if spelled.casefold() in self._folded:
                    return self._folded[spelled.casefold()]
        return None

    def _path(self, path: str) -> str:
        if "\\" in path:
            if self._values is None:
                self._values = {"jobname": self._job, **constants(self._texts.values())}
            path = with_values(path, self._values)
        return path.replace("{}", "").strip()


def _top_level_files(texts: Mapping[str, str]) -> list[str]:
    """Return the files that no other file includes, and the first file of each circle."""
    file_names = _FileNames(texts)
    includes: dict[str, list[str]] = {}
    included: set[str] = set()
    for name, text in texts.items():
        commands = _INPUT.finditer(_until_endinput(text))
        targets = (file_names.target(command, name, name) for command in commands)
        includes[name] = [target for target in targets if target and target != name]
        included.update(includes[name])
    tops = [name for name in texts if name not in included]
    reached: set[str] = set()
    for top in [*tops, *texts]:
        if top in reached:
            continue
        if top in included:
            tops.append(top)
        unvisited = [top]
        while unvisited:
            name = unvisited.pop()
            if name not in reached:
                reached.add(name)
                unvisited += includes[name]
    order = {name: position for position, name in enumerate(texts)}
    return sorted(tops, key=order.__getitem__)


def includes_files(text: str, texts: Mapping[str, str], main: str) -> bool:
    """Return whether a text of a main file includes one of the files."""
    if "\\input" not in text and "\\include" not in text and "\\subfile" not in text:
        return False
    file_names = _FileNames(texts, main)
    return any(file_names.target(command, main, main) for command in _INPUT.finditer(text))


def _until_endinput(text: str) -> str:
    r"""Return a text up to `\endinput`."""
    end = text.find("\\endinput")
    return text if end < 0 else text[:end]


def _included_text(text: str) -> str:
    """Return the text that an included file adds: its document only, if it has a preamble."""
    text = _until_endinput(text)
    begin = BEGIN.search(text) if _CLASS.search(text) else None
    if not begin:
        return text
    end = END.search(text, begin.end())
    return text[begin.end() : end.start() if end else len(text)]
