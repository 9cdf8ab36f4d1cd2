"""A paper's files as one text: the main file, with what it includes in its place."""

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
# classes of files that are parts of others
_PARTS = ("subfiles", "standalone")
_MOST_MAINS = 8  # that are looked at; a paper has one or two


class Flat(NamedTuple):
    """A file with what it includes.

    Attributes
    ----------
    files
        The names of all that is in it, its own first.
    missing
        How many files it includes that are not there.
    """

    text: str
    files: tuple[str, ...]
    missing: int


def roots(texts: Mapping[str, str]) -> tuple[list[Flat], bool]:
    r"""Return the texts that make up a paper, and whether there is a main file.

    A main file has a document class of its own and `\begin{document}`, in it or in a file that it
    includes; of several the one with the most text, all that it includes counted. It alone is the
    paper: other files with a document class are supplements, letters or old versions, and files that
    it does not include are not printed. Without a main file all files count, in their order, each
    that another includes in its place.
    """
    tops = _tops(texts)
    likely = [name for name in tops if is_class(texts[name]) or BEGIN.search(texts[name])]
    likely = sorted(likely, key=lambda name: -len(texts[name]))[:_MOST_MAINS]
    flats = {name: flattened(name, texts) for name in likely}
    mains = [name for name in flats if BEGIN.search(flats[name].text)]
    mains = [name for name in mains if is_class(texts[name])] or mains
    if mains:
        return [max((flats[name] for name in mains), key=lambda flat: len(flat.text))], True
    used: set[str] = set()
    return [flattened(name, texts, used) for name in tops], False


def is_class(text: str) -> bool:
    """Tell whether a file has a document class, other than that of a part."""
    found = _CLASS.search(text)
    return found is not None and found[1].strip() not in _PARTS


def flattened(name: str, texts: Mapping[str, str], used: set[str] | None = None) -> Flat:
    r"""Return a file with each included file in the place of the command, however deep.

    A file is put in once, so that neither a circle nor files that include others twice grow without
    end; those in `used` are in another text already. Where a file is not there, the command stays.
    `\endinput` ends a file.
    """
    used = set() if used is None else used
    used.add(name)
    files = [name]
    known = _Names(texts)
    out: list[str] = []
    missing = 0
    # of each file that is open: its name, its text, the place to go on at
    opened: list[tuple[str, str, int]] = [(name, _ended(texts[name]), 0)]
    while opened:
        current, text, position = opened.pop()
        found = _INPUT.search(text, position)
        if not found:
            out.append(text[position:])
            continue
        target = known.target(found, current, name)
        if target is None or target in used:
            missing += target is None
            keep = found.end() if target is None else found.start()
            out.append(text[position:keep])
            opened.append((current, text, found.end()))
            continue
        used.add(target)
        files.append(target)
        out.append(text[position : found.start()])
        opened += [(current, text, found.end()), (target, _part(texts[target]), 0)]
    return Flat("".join(out), tuple(files), missing)


class _Names:
    """Finds files as TeX does: from the main file's folder, with or without `.tex`."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._exact = set(texts)
        self._folded = {name.casefold(): name for name in reversed(list(texts))}

    def target(self, found: re.Match[str], current: str, main: str) -> str | None:
        name = (found["braced"] or found["plain"] or found["name"]).strip().strip('"')
        folder = (found["folder"] or "").strip()
        own, top = posixpath.dirname(current), posixpath.dirname(main)
        for base in dict.fromkeys((top, own)):
            path = posixpath.normpath(posixpath.join(base, folder, name))
            for spelled in (f"{path}.tex", path, f"{path}.ltx", f"{path}.latex"):
                if spelled in self._exact:
                    return spelled
                if spelled.casefold() in self._folded:
                    return self._folded[spelled.casefold()]
        return None


def _tops(texts: Mapping[str, str]) -> list[str]:
    """Return the files that no other file includes; of a circle the first."""
    known = _Names(texts)
    includes: dict[str, list[str]] = {}
    included: set[str] = set()
    for name, text in texts.items():
        targets = (known.target(found, name, name) for found in _INPUT.finditer(_ended(text)))
        includes[name] = [target for target in targets if target and target != name]
        included.update(includes[name])
    tops = [name for name in texts if name not in included]
    reached: set[str] = set()
    for top in [*tops, *texts]:
        if top in reached:
            continue
        if top in included:
            tops.append(top)
        ahead = [top]
        while ahead:
            name = ahead.pop()
            if name not in reached:
                reached.add(name)
                ahead += includes[name]
    order = {name: at for at, name in enumerate(texts)}
    return sorted(tops, key=order.__getitem__)


def _ended(text: str) -> str:
    r"""Return a text up to `\endinput`."""
    at = text.find("\\endinput")
    return text if at < 0 else text[:at]


def _part(text: str) -> str:
    """Return what an included file adds: of one that has a preamble, its document."""
    text = _ended(text)
    begin = BEGIN.search(text) if _CLASS.search(text) else None
    if not begin:
        return text
    end = END.search(text, begin.end())
    return text[begin.end() : end.start() if end else len(text)]
