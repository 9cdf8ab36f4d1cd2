"""Find the beginning of an e-mail address's local part."""

from __future__ import annotations

import functools
import re

from udfs.pii.characters import INVISIBLE, is_hangul, is_latin, is_spaceless, marks
from udfs.pii.top_level_domains import names

_LONGEST = 64  # octets (RFC 5321, section 4.5.3.1)
_WINDOW = 3 * _LONGEST  # characters that are looked at
# RFC 5322 allows more, which separate an address from other text: ! # * / ? ^ ` { | }
_ASCII = "A-Za-z0-9_.+'&%=~$-"
_ASCII_RUN = re.compile(f"[{_ASCII}]+")
_NO_START = ".+'&%=~$-"
_ENCODED = re.compile(r".*%(?:0[0-9AaDd]|2[0267CcFf]|3[A-Fa-f]|7[Cc])")  # of what separates
# of an address that forwards for another one: VERP, BATV (prvs) and SRS
_FORWARDS = re.compile(r"(?<![A-Za-z0-9])(?:prvs|msprvs1|srs[01])=.*", re.IGNORECASE)
_QUOTED = re.compile(r'"(?:[^"\\\n]|\\.){1,64}"')
_GROUP = re.compile(r"\\?\{\s*[\w.+-]+\s*(?:[,;|]\s*[\w.+-]+\s*)+\\?\}")  # `{jane,joe}@uni.example`
_LONGEST_GROUP = 200
# what an address without spaces may follow in Chinese or Japanese
_INTRODUCTION = re.compile(
    r".*(?:邮箱|郵箱|信箱|邮件|郵件|邮址|电邮|電郵|地址|联系|聯繫|联络|聯絡|发送|發送|到|メール|アドレス|連絡先|宛先|は|へ|に)"
)


def local_start(text: str, at_sign: int, first: int, domain: str) -> int:
    """Return where the local part before an at sign begins; -1 if there is none.

    Parameters
    ----------
    first
        The first character that it may include.
    domain
        The domain after the at sign.
    """
    before = text[max(first, at_sign - _WINDOW) : at_sign]
    if before.endswith('"'):
        return _quoted_start(text, at_sign, first)
    if before.endswith("}"):
        return _group_start(text, at_sign, first)
    pattern = _ASCII_RUN if before.isascii() else _unicode_run()
    run = pattern.match(before[::-1])
    if run is None:
        return -1
    local = _shortened(run[0][::-1], domain)
    start = at_sign - len(local)
    if local[:1] in set("nrt") and _escapes(text, start) and len(local) > 1:
        local, start = local[1:], start + 1  # `\n` in a string literal
    is_markup = text.startswith("_", at_sign + 1 + len(domain)) or start == first
    stripped = local.lstrip("_") if is_markup else local
    if not _is_valid(stripped) or _is_template(text[max(0, start - 3) : start], local):
        return -1
    return at_sign - len(stripped)


@functools.cache
def _unicode_run() -> re.Pattern[str]:
    return re.compile(f"(?:[^\\W_]|[{marks()}{INVISIBLE}{_ASCII}])+")


def _shortened(run: str, domain: str) -> str:
    """Return the end of a run of characters that is a local part."""
    encoded = _ENCODED.match(run)
    local = run[encoded.end() :] if encoded else run
    if "=" in local:
        local = _after_equals_sign(local)
    local = local.rpartition("..")[2].lstrip(_NO_START)
    if not local.isascii():
        local = _of_one_script(local, domain)
    return local


def _after_equals_sign(local: str) -> str:
    """Return what follows the last equals sign, or more if another address is encoded in this one."""
    forwards = _FORWARDS.search(local)
    if forwards:
        return forwards[0]
    *_, name, last = local.split("=")
    _, dot, top = last.rpartition(".")
    if re.search("[+-]", name) and dot and top.lower() in names():
        return f"{name}={last}"  # VERP: `list-jane=uni.example@host.example`
    return last


def _of_one_script(local: str, domain: str) -> str:
    """Return a local part without the word before it, where words have no spaces or scripts change."""
    for i in range(len(local) - 1, 0, -1):
        before, after = local[i - 1], local[i]
        joins = is_spaceless(before) or is_hangul(before)
        if after.isascii() and after.isdigit() and joins and domain.isascii():
            return local[i:]
        if is_latin(after) and before.isalpha() and not is_latin(before):
            return local[i:]
    if is_spaceless(local[-1:] or " "):
        introduction = _INTRODUCTION.match(local[:-1])
        local = local[introduction.end() :] if introduction else local
        while len(local.encode("utf-8", "surrogatepass")) > _LONGEST:
            if not is_spaceless(local[0]):
                return ""
            local = local[1:]
    while local and not (local[0].isalnum() or local[0] == "_"):
        local = local[1:]  # a mark that belongs to the character before
    return local


def _escapes(text: str, start: int) -> bool:
    """Return whether an odd number of backslashes is before a place."""
    backslashes = len(text[max(0, start - 8) : start]) - len(
        text[max(0, start - 8) : start].rstrip("\\")
    )
    return backslashes % 2 == 1


def _is_valid(local: str) -> bool:
    """Return whether a local part holds a letter or digit, ends well and is not too long."""
    if not local or local[-1] in ".+'&%=~$" or not any(map(str.isalnum, local)):
        return False
    return len(local.encode("utf-8", "surrogatepass")) <= _LONGEST


def _is_template(before: str, local: str) -> bool:
    """Return whether a program fills the local part in: `$user@`, `%s@`, `%(user)s@`, `{user}_x@`."""
    if before.endswith(("$", "@", "}")):
        return True
    return local in {"s", "d"} and before.endswith(("%", ")"))


def _quoted_start(text: str, at_sign: int, first: int) -> int:
    """Return where a quoted local part begins: `"Jane Roe"@uni.example`."""
    opening = text.rfind('"', max(first, at_sign - _LONGEST - 2), at_sign - 1)
    if opening < 0 or not _QUOTED.fullmatch(text, opening, at_sign):
        return -1
    return -1 if text[opening - 1 : opening].isalnum() else opening


def _group_start(text: str, at_sign: int, first: int) -> int:
    """Return where a group of local parts begins: `{jane,joe}@uni.example`."""
    opening = text.rfind("{", max(first, at_sign - _LONGEST_GROUP), at_sign)
    if opening > first and text[opening - 1] == "\\":
        opening -= 1
    before = text[max(0, opening - 1) : opening]
    if opening < 0 or not _GROUP.fullmatch(text, opening, at_sign) or re.match(r"[\w$%.]", before):
        return -1
    return opening
