r"""Cut a paper's text out of its source: from the first section, without references and appendices."""

from __future__ import annotations

import re

from udfs.extract.latex_bold import with_references
from udfs.extract.latex_braces import Budget, BudgetExceededError, closing_position
from udfs.extract.latex_inputs import BEGIN, END
from udfs.extract.latex_plain import is_plain_tex, plain_end, plain_start

# section commands of LaTeX, harvmac (\newsec), Springer's plain TeX (\titlea), AMS-TeX and plain TeX
# the first letters of all names that follow, which reject most other commands fast
_FIRST = r"\\(?=ch|pa|s[uep]|ne|ti|he|be|ap|p[ru]|li|re|in|bi|Re)"
_HEADER = re.compile(
    rf"{_FIRST}(?:(?P<name>chapter|part|(?:sub){{0,2}}section|(?:sub)?paragraph|newsec|(?:sub){{1,2}}sec|title[abc])"
    r"(?![A-Za-z@])\*?\s{0,9}(?:\[[^\]]{0,500}\]\s{0,9})?\{"
    r"|(?P<head>(?:special|sub|subsub)?head(?:ing)?)(?![A-Za-z@])"
    r"(?=(?:(?!\n[ \t]*\n|\\head)[\s\S]){0,400}?\\end(?P=head)(?![A-Za-z@]))"
    r"|(?P<begin>beginsection)(?![A-Za-z@]))"
)
_LEVELS = {
    **{"part": 0, "chapter": 1, "section": 2, "newsec": 2, "titlea": 2, "head": 2, "heading": 2},
    **{
        "specialhead": 1,
        "beginsection": 2,
        "subsection": 3,
        "subsec": 3,
        "titleb": 3,
        "subhead": 3,
    },
    **{"subheading": 3, "subsubsection": 4, "subsubsec": 4, "titlec": 4, "subsubhead": 4},
    **{"paragraph": 5, "subparagraph": 6},
}
_REFERENCES = (
    r"references|REFERENCES|thebibliography\*?|thereferences|reference|bibdiv|biblist\*?"
    r"|bibsection|bibchapter"
)
# what ends text, besides headers, and what begins it again
_BACK_MATTER = (
    rf"{_FIRST}(?:(?P<appendix>appendix|appendices)(?![A-Za-z@])"
    r"|(?P<references>printbibliography|putbib|listrefs|refout|insertbibliography|bib(?=\{[^{}]{1,80}\}\{[a-z]{1,20}\}\{)"
    r"|bibselect|input\s{0,9}\{[^{}]{1,80}\.bbl\})(?![A-Za-z@])"
    r"|(?P<named>bibliography)\s{0,9}\{"
    r"|(?P<refs>Refs)(?![A-Za-z@])"
    rf"|begin\s{{0,9}}\{{(?P<environment>{_REFERENCES}|appendix|appendices|methods)\}})"
)
_ENDS = re.compile(_BACK_MATTER)
_EVENTS = re.compile(rf"{_HEADER.pattern}|{_BACK_MATTER}")
_STYLE = re.compile(r"\\(?:bibliographystyle|nocite)\s{0,9}\{[^{}]{0,999}\}[ \t]{0,9}\n?")
_FRONT = re.compile(
    r"\\(?:begin\s{0,9}\{(?P<environment>[A-Za-z]{0,12}[aA]bstract\*?|frontmatter|[kK]eywords?|IEEEkeywords|[sS]ummary"
    r"|resumen|r[eé]sum[eé]|significancestatement|[hH]ighlights)\}"
    r"|(?P<command>abstract)(?![A-Za-z@])\s{0,9}\{)"
)
_FRONT_END = re.compile(r"\\maketitle(?![A-Za-z@])|\\end\s{0,9}\{abstract\}")
_NEXT_GROUP = re.compile(r"\s{0,9}\{")
_TITLE = re.compile(r"(?:\\[A-Za-z]+\*?|[^\w\\}]|[\d_]){0,40}([^{}\\\n]{0,60})")
_OF_REFERENCES = re.compile(
    r"(?:(?:list of )?references(?: and notes)?|notes and references|bibliography|literature cited"
    r"|cited literature|works cited|r[eé]f[eé]rences(?: bibliographiques)?|bibliographie|bibliograf[ií]a"
    r"|literatur(?:verzeichnis)?|referencias(?: bibliogr[aá]ficas)?|referências(?: bibliográficas)?"
    r"|riferimenti bibliografici|список литературы|литература|список використаних джерел|参考文献)\W*$",
    re.IGNORECASE,
)
_REFERENCES_NAME = re.compile(r"\s{0,3}\\(?:refname|bibname)(?![A-Za-z@])")
_OF_APPENDIX = re.compile(
    r"append(?:ix|ices)|supplement|supporting information|supporting material|online (?:resource|appendix)"
    r"|anhang|annexe?s?\b|ap[eé]ndices?|appendice|приложени",
    re.IGNORECASE,
)


def document(text: str) -> str:
    r"""Return the text from `\begin{document}` to `\end{document}`; either may be missing.

    A text in plain TeX ends at `\bye` or a bare `\end`.
    """
    begin = BEGIN.search(text)
    end = END.search(text, begin.end() if begin else 0)
    stop = end.start() if end else len(text)
    if not begin and not end:
        stop = plain_end(text)
    return text[begin.start() if begin else 0 : stop]


def has_header(text: str) -> bool:
    """Return whether a document has a section header."""
    return _HEADER.search(text) is not None


def body(text: str, others_have_header: bool, behind_references: bool) -> str:
    """Return a document without front and back matter.

    Parameters
    ----------
    others_have_header
        Whether a document of the paper has a section header: then one without has no text.
    behind_references
        Whether sections after the references stay, unless they are an appendix.
    """
    header = _first_header(text)
    if header:
        start = header.start()
    elif others_have_header:
        return ""
    else:
        begin = BEGIN.match(text)
        if begin:
            start = max([begin.end(), *(match.end() for match in _FRONT_END.finditer(text))])
        elif is_plain_tex(text):
            start = plain_start(text)
        else:
            return ""
    text = with_references(text, start)
    kept = _kept(text, start) if behind_references else text[start : _end(text, start)]
    kept = _STYLE.sub("", kept)
    return kept if header else kept.lstrip()


def _first_header(text: str) -> re.Match[str] | None:
    """Return the first section header that is not part of the abstract or other front matter."""
    header = _HEADER.search(text)
    position = 0
    budget = Budget(2 * len(text))
    unclosed: set[str] = set()
    while header:
        front = _FRONT.search(text, position, header.start())
        if not front:
            return header
        if (front["environment"] or "") in unclosed:
            position = front.end()
            continue
        position = _front_end(text, front, budget)
        if position == front.end():
            unclosed.add(front["environment"] or "")
        if position > header.start():
            header = _HEADER.search(text, position)
    return None


def _front_end(text: str, front: re.Match[str], budget: Budget) -> int:
    """Return the end of an abstract or the like; the end of the command if it is not closed."""
    if front["environment"]:
        end = re.compile(rf"\\end\s{{0,9}}\{{{re.escape(front['environment'])}\}}").search(
            text, front.end()
        )
        return end.end() if end else front.end()
    end_position, begin = front.end(), front.end()
    for _ in range(5):  # astronomers' abstracts have five parts
        try:
            close = closing_position(text, begin, budget)
        except BudgetExceededError:
            close = None
        if close is None:
            break
        end_position = close + 1
        following = _NEXT_GROUP.match(text, end_position)
        if not following:
            break
        begin = following.end()
    return end_position


def _end(text: str, start: int) -> int:
    """Return where the references or the appendix begin, as RedPajama-V1 ends papers."""
    for match in _ENDS.finditer(text, start):
        if match["environment"] != "methods":
            return match.start()
    return len(text)


def _kept(text: str, start: int) -> str:
    """Return the text from a position on, without references and appendices."""
    out: list[str] = []
    position, skipped = start, False
    level = 7  # while text is skipped: the deepest level of a header that ends that
    past_references = False  # the first references
    event = _EVENTS.search(text, start)
    while event:
        name = event["name"] or event["head"] or event["begin"]
        following = event.end()
        ends, resumes = False, False
        if name:
            own = _LEVELS[name]
            kind = _title_kind(text, event.end())
            ends = kind == "references" or (kind == "appendix" and past_references)
            resumes = skipped and not ends and own <= level
            if ends and (not skipped or own <= level):
                level = own - 1 if kind == "appendix" else own
        elif event["environment"] == "methods":
            resumes = skipped
        else:
            ends = True
            if event["appendix"]:
                if not skipped:
                    out.append(text[position : event.start()])
                return "".join(out)
            level = level if skipped else 7
            following = _end_of_environment(text, event)
        past_references = past_references or (
            ends and not (event["environment"] or "").startswith("append")
        )
        if ends and not skipped:
            out.append(text[position : event.start()])
            skipped = True
        elif resumes:
            out.append("\n\n")
            position, skipped = event.start(), False
        event = _EVENTS.search(text, following)
    if not skipped:
        out.append(text[position:])
    return "".join(out)


def _title_kind(text: str, start: int) -> str | None:
    if _REFERENCES_NAME.match(text, start):
        return "references"
    match = _TITLE.match(text, start, start + 200)
    title = " ".join(match[1].split()) if match else ""
    if _OF_REFERENCES.match(title):
        return "references"
    return "appendix" if _OF_APPENDIX.match(title) else None


def _end_of_environment(text: str, event: re.Match[str]) -> int:
    """Return the end of an environment of references; the end of the text if it is not closed."""
    if event["refs"]:
        end = text.find("\\endRefs", event.end())
    elif event["environment"]:
        end = text.find(f"\\end{{{event['environment']}}}", event.end())
    else:
        return event.end()
    return len(text) if end < 0 else end
