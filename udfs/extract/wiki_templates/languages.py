"""Texts in other languages: the language's name before them, transliterations after them."""

from __future__ import annotations

from udfs.extract.wiki_templates.call import Call

_CHINESE = (
    ("c", "Chinese"),
    ("s", "simplified Chinese"),
    ("t", "traditional Chinese"),
    ("p", "pinyin"),
    ("w", "Wade–Giles"),
    ("j", "Jyutping"),
    ("poj", "Pe̍h-ōe-jī"),
    ("l", "lit."),
)
_KOREAN = (
    ("hangul", "Korean"),
    ("hanja", "Hanja"),
    ("rr", "RR"),
    ("mr", "MR"),
)
# languages whose second value is a transcription in the German edition
_OTHER_SCRIPTS = frozenset(
    [
        "ru",
        "uk",
        "be",
        "bg",
        "sr",
        "mk",
        "el",
        "grc",
        "he",
        "fa",
        "hy",
        "ka",
        "ko",
        "ar",
        "ja",
        "zh",
        "th",
        "hi",
        "kk",
    ]
)


def in_language(call: Call) -> str:
    """Return a text with its language's name: `{{lang-de|Berlin}}`, whose language is the option."""
    return _named(call, call.option, 1)


def langx(call: Call) -> str:
    """Return a text with its language's name, whose code is the first value: `{{langx|uk|Київ}}`."""
    return _named(call, call.value(1).lower(), 2)


def _named(call: Call, code: str, number: int) -> str:
    text = call.first(str(number), "text")
    if not text:
        return ""
    language = call.edition.languages.get(code) or call.edition.languages.get(
        code.split("-")[0], ""
    )
    label = call.named.get("label", "")
    if language and label.lower() not in ("none", "no"):
        text = call.edition.setting("language").format(name=label or language, text=text)
    if call.edition.code == "de":
        latin = call.first(str(number + 1)) if code in _OTHER_SCRIPTS else ""
        meaning = call.first("de") or ("" if latin else call.first(str(number + 1)))
        text += f" {latin}" if latin else ""
        return text + (f" ‚{meaning}‘" if meaning else "")
    if call.edition.code != "en":
        return text
    latin = call.first(str(number + 1), "translit")
    meaning = call.first(str(number + 2), "lit", "translation")
    text += f", romanized: {latin}" if latin else ""
    return text + (f", lit. '{meaning}'" if meaning else "")


def chinese(call: Call) -> str:
    """Return `{{zh|s=|t=|p=}}`: each form with its name, unless `labels=no`."""
    return _forms(call, _CHINESE)


def korean(call: Call) -> str:
    """Return `{{korean|hangul=|hanja=|rr=}}`."""
    if call.values:
        return "; ".join(value for value in call.values if value)
    return _forms(call, _KOREAN)


def _forms(call: Call, names: tuple[tuple[str, str], ...]) -> str:
    bare = call.named.get("labels", "").lower() == "no"
    forms = [(name, call.named.get(key, "")) for key, name in names]
    return "; ".join(
        value if bare else f"{name}{'' if name == 'lit.' else ':'} {value}"
        for name, value in forms
        if value
    )
