r"""Switches that a paper declares: `\newif`, and those of ifthen and etoolbox."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

_DECLARED = re.compile(
    r"\\(?:(?:newif\s{0,9}|let\s{0,9}(?=\\if[A-Za-z@]{1,60}\s{0,9}=?\s{0,9}\\if(?:true|false)))"
    r"\\if([A-Za-z@]{1,60})"
    r"|(?:new|provide)(?:bool|boolean|toggle)\s{0,9}\{\s{0,9}([A-Za-z@]{1,60})\s{0,9}\})"
)
_MAX_SWITCHES = 200


class Switches:
    """The switches of a paper, and the commands that its files decide by.

    Parameters
    ----------
    texts
        The paper's files by name.
    styles
        Its style files.
    """

    def __init__(self, texts: Mapping[str, str], styles: Sequence[str]) -> None:
        names: dict[str, None] = {}
        for text in (*styles, *texts.values()):
            if "\\newif" in text or "\\let\\if" in text or "bool" in text or "toggle" in text:
                names.update(dict.fromkeys(one or two for one, two in _DECLARED.findall(text)))
        self._names = tuple(names)[:_MAX_SWITCHES]
        self._pattern = _pattern(self._names)
        self._set = {name: self._settings(text) for name, text in texts.items()}
        self._set.update(
            {f"\0{number}": self._settings(text) for number, text in enumerate(styles)}
        )

    def tokens(self, text: str) -> Iterator[re.Match[str]]:
        """Return the matches of the commands of conditionals in a text."""
        return self._pattern.finditer(text)

    def before(self, file: str) -> dict[str, bool | None]:
        """Return the values at the start of a file: what all other files set, else false.

        None for a switch that is set to both.
        """
        values: dict[str, bool | None] = dict.fromkeys(self._names, False)
        for name in self._names:
            settings: set[bool] = set()
            for other, set_ in self._set.items():
                if other != file:
                    settings |= set_.get(name, set())
            if settings:
                values[name] = settings.pop() if len(settings) == 1 else None
        return values

    def _settings(self, text: str) -> dict[str, set[bool]]:
        settings: dict[str, set[bool]] = {}
        if self._names:
            for match in self._pattern.finditer(text):
                name, value = setting(match)
                if name:
                    settings.setdefault(name, set()).add(value)
        return settings


def setting(match: re.Match[str]) -> tuple[str, bool]:
    r"""Return the switch that a command sets, and its value; no name for another command."""
    name = match["set"] or match["of_set"] or match["of_true"] or match["let"] or ""
    return name, "true" in (match["value"], match["to_value"], match["true"], match["to_let"])


def _pattern(names: Iterable[str]) -> re.Pattern[str]:
    """Return the pattern of commands that decide; the group that matched last says which."""
    switch = "|".join(map(re.escape, sorted(names, key=len, reverse=True))) or "(?!)"
    kind = "(?:bool|boolean|toggle)"
    return re.compile(
        rf"\\(?:(?P<branch>else|or|fi)(?![A-Za-z@])"
        r"|(?:if(?:toggle|bool)|(?P<negated>not(?:toggle|bool))"
        r"|ifthenelse\s{0,9}\{\s{0,9}(?P<not>\\(?:NOT|not)\s{0,9})?\\boolean)"
        rf"\s{{0,9}}\{{\s{{0,9}}(?P<choice>{switch})\s{{0,9}}\}}\s{{0,9}}\}}?\s{{0,9}}(?=\{{)"
        r"|ifthenelse\s{0,9}\{\s{0,9}(?:\\equal\s{0,9}\{(?P<text>[^{}]{0,60})\}\s{0,9}\{(?P<equal>[^{}]{0,60})\}"
        r"|(?P<number>-?[0-9]{1,9}|\\[A-Za-z]+)\s{0,9}(?P<sign>[<>=])\s{0,9}(?P<compared>-?[0-9]{1,9}|\\[A-Za-z]+))"
        r"\s{0,9}\}\s{0,9}(?=\{)"
        r"|(?P<if>if[A-Za-z@]*)"
        rf"|let\s{{0,9}}\\if(?P<let>{switch})\s{{0,9}}=?\s{{0,9}}\\if(?P<to_let>true|false)(?![A-Za-z@])"
        rf"|(?P<set>{switch})(?P<value>true|false)(?![A-Za-z@])"
        rf"|set{kind}\s{{0,9}}\{{(?P<of_set>{switch})\}}\s{{0,9}}\{{(?P<to_value>true|false)\}}"
        rf"|(?:bool|toggle)(?P<true>true|false)\s{{0,9}}\{{(?P<of_true>{switch})\}}"
        rf"|(?P<declared>newif\s{{0,9}}\\if(?:{switch})(?![A-Za-z@])"
        rf"|(?:new|provide){kind}\s{{0,9}}\{{(?:{switch})\}}))"
    )
