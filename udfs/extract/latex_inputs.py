"""Join the files of a paper: the main file, with included files in place of their commands."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from typing import NamedTuple

_INPUT = re.compile(
    r"\\(?:(?P<one>input|include|subfile|subfileinclude)(?![A-Za-z@])"
    r"\s{0,9}(?:\{(?P<braced>[^{}]{1,300})\}|(?P<plain>[^\s{}\\%]{1,300}))"
    r"|(?:sub)?(?:import|inputfrom|includefrom)\*?(?![A-Za-z@])"
    r"\s{0,9}\{(?P<folder>[^{}]{0,300})\}\s{0,9}\{(?P<name>[^{}]{1,300})\})"
)
_CLASS = re.compile(
    r"\\document(?:class|style)(?![A-Za-z@])\s{0,9}(?:\[[^\]]{0,999}\]\s{0,9})?\{([^{}]{0,99})\}"
)
BEGIN = re.compile(r"\\begin\s{0,9}\{document\}")
END = re.compile(r"\\end\s{0,9}\{document\}")
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


def root_files(texts: Mapping[str, str]) -> tuple[list[JoinedFile], bool]:
    r"""Return the files that a paper consists of, and whether it has a main file.

    A main file has its own document class, and `\begin{document}` in it or in an included file. Of
    several candidates the one with the most text, included files counted, is the main file, and it
    alone is the paper: other files with a document class are supplements, letters or old versions,
    and files that it does not include are not printed. Without a main file the paper consists of all
    files that no other file includes, in their order.
    """
    names = _top_level_files(texts)
    likely = [name for name in names if has_class(texts[name]) or BEGIN.search(texts[name])]
    likely = sorted(likely, key=lambda name: -len(texts[name]))[:_MAX_CANDIDATES]
    joined = {name: join_inputs(name, texts) for name in likely}
    mains = [name for name in joined if BEGIN.search(joined[name].text)]
    mains = [name for name in mains if has_class(texts[name])] or mains
    if mains:
        return [max((joined[name] for name in mains), key=lambda file: len(file.text))], True
    used: set[str] = set()
    return [join_inputs(name, texts, used) for name in names], False


def has_class(text: str) -> bool:
    """Return whether a file has a document class, other than the class of a part."""
    command = _CLASS.search(text)
    return command is not None and command[1].strip() not in _PART_CLASSES


def join_inputs(name: str, texts: Mapping[str, str], used: set[str] | None = None) -> JoinedFile:
    r"""Return a file with all included files, at any depth, in place of the commands.

    A file is included once, so that circular and repeated inclusions cannot grow the text without
    bound. Files in `used` are part of another text and are not included. The command of a missing
    file is kept. `\endinput` ends a file.
    """
    used = set() if used is None else used
    used.add(name)
    files = [name]
    file_names = _FileNames(texts)
    out: list[str] = []
    missing = 0
    # the name, the text and the current position of each open file
    open_files: list[tuple[str, str, int]] = [(name, _until_endinput(texts[name]), 0)]
    while open_files:
        current, text, position = open_files.pop()
        command = _INPUT.search(text, position)
        if not command:
            out.append(text[position:])
            continue
        target = file_names.target(command, current, name)
        if target is None or target in used:
            missing += target is None
            keep = command.end() if target is None else command.start()
            out.append(text[position:keep])
            open_files.append((current, text, command.end()))
            continue
        used.add(target)
        files.append(target)
        out.append(text[position : command.start()])
        open_files += [(current, text, command.end()), (target, _included_text(texts[target]), 0)]
    return JoinedFile("".join(out), tuple(files), missing)


class _FileNames:
    """Finds included files as TeX does: from the main file's folder, with or without `.tex`.

    Names that differ only in case are found too, since some papers come from file systems without case.
    """

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._exact = set(texts)
        self._folded = {name.casefold(): name for name in reversed(list(texts))}

    def target(self, command: re.Match[str], current: str, main: str) -> str | None:
        """Return the name of the file that a command includes; None if it is missing."""
        name = (command["braced"] or command["plain"] or command["name"]).strip().strip('"')
        folder = (command["folder"] or "").strip()
        own, top = posixpath.dirname(current), posixpath.dirname(main)
        for base in dict.fromkeys((top, own)):
            path = posixpath.normpath(posixpath.join(base, folder, name))
            for spelled in (f"{path}.tex", path, f"{path}.ltx", f"{path}.latex"):
                if spelled in self._exact:
                    return spelled
                if spelled.casefold() in self._folded:
                    return self._folded[spelled.casefold()]
        return None


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
