"""Evaluation items that are planted in documents, and lures: documents that only share text with items."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from udfs.decontamination.items import Item
from udfs.near_duplicates.script_words import cut, script_words

_VOCABULARY = {
    "en": "the a of in and river winter train letter teacher number "
    "market engine village doctor answer paints "
    "carries sells measures remembers seven eleven quickly "
    "often under before between silver narrow bridge "
    "farmer captain bottle station window harvest signal "
    "library tunnel mirror compass orchard blanket",
    "de": "der die das und in mit Fluss Winter Lehrer Brücke Zug "
    "Garten Fenster Straße Äpfel Mühle verkauft misst "
    "erinnert zählt schnell oft unter zwischen silbern schmal "
    "sieben elf Kapitän Flasche Bahnhof Ernte Signal "
    "Bücherei Tunnel Spiegel Kompass Obstgarten Decke Schüssel",
    "ko": "강은 겨울에 선생님이 다리를 기차가 마을에서 의사는 시장을 "
    "편지를 숫자를 빠르게 자주 아래 사이에 은빛 좁은 일곱 "
    "열하나 농부가 선장은 병을 역에서 창문을 수확을 신호를 "
    "도서관에 터널을 거울을 나침반이 과수원에서",
    "ar": "النهر في الشتاء المعلم الجسر القطار القرية الطبيب السوق "
    "الرسالة العدد بسرعة غالبا تحت بين الفضي الضيق سبعة "
    "المزارع القبطان الزجاجة المحطة النافذة الحصاد الإشارة المكتبة النفق المرآة البوصلة البستان",
    "hi": "नदी सर्दी में शिक्षक पुल रेल गाँव डॉक्टर बाज़ार पत्र संख्या जल्दी "
    "अक्सर नीचे बीच चाँदी पतला सात ग्यारह किसान कप्तान बोतल "
    "स्टेशन खिड़की फसल संकेत पुस्तकालय सुरंग दर्पण दिशा बाग कंबल",
}
_UNSPACED = {
    "ja": "川は冬に先生が橋を列車で村へ医者も市場から手紙と数字の速くよ"
    "く下間銀狭い七十一農夫船長瓶駅窓収穫信号図書館鏡羅針盤果樹園",
    "zh": "河在冬天老师桥火车村医生市场信数字快常下间银窄七十一农夫船"
    "长瓶站窗收获信号图书馆隧道镜罗盘果园毯子碗画卖量记得的是有",
    "th": "แม่น้ำในฤดูหนาวครูสะพานรถไฟหมู่บ้านหมอตลาดจดหมายตัวเลขเร็วบ่อยใต้ระหว่างเงินแคบเจ็ดชาวนากัปตันขวดสถานี",
}
LANGUAGES = (*_VOCABULARY, *_UNSPACED)

LICENCE = (
    "Permission is hereby granted, free of charge, to any "
    "person obtaining a copy of this software and "
    "associated documentation files, to deal in the Software "
    "without restriction, including without "
    "limitation the rights to use, copy, modify, merge, "
    "publish and distribute copies of the Software"
)
BOILERPLATE = (
    "Read the following passage carefully and then choose the one answer that best completes "
    "the statement"
)
QUOTATIONS = (
    "It was the best of times, it was the worst of times, it was the age of wisdom",
    "All happy families are alike; each unhappy family is unhappy in its own way",
    "We hold these truths to be self-evident, that all men are created equal",
    "Ask not what your country can do for you, ask what you can do for your country",
)
_MARKS = str.maketrans({",": "，", ".": "。", "?": "？", "'": "’", '"': "”", "(": "（", ")": "）"})


@dataclass
class Labelled:
    """Items and documents, and the numbers of documents with the items that they contain."""

    items: list[Item] = field(default_factory=list)
    documents: list[str] = field(default_factory=list)
    planted: dict[tuple[int, str], str] = field(default_factory=dict)
    lures: dict[tuple[int, str], str] = field(default_factory=dict)


def sentence(choose: random.Random, language: str, words: int) -> str:
    """Return random words; of scripts without blanks three times as many characters."""
    if language in _UNSPACED:
        return "".join(choose.choice(_UNSPACED[language]) for _ in range(3 * words))
    return " ".join(choose.choice(_VOCABULARY[language].split()) for _ in range(words))


def _prose(choose: random.Random, language: str, sentences: int) -> str:
    return ". ".join(sentence(choose, language, choose.randint(6, 18)) for _ in range(sentences))


def _changed(choose: random.Random, text: str, language: str) -> str:
    parts = cut(text)
    place = 2 * choose.randrange(len(parts) // 2) + 1
    parts[place] = sentence(choose, language, 1)[:4]
    return "".join(parts)


def _split(choose: random.Random, text: str) -> str:
    parts = cut(text)
    for place in range(1, len(parts) - 1, 2 * choose.randint(6, 9)):
        parts[place] += choose.choice(("\n", "\r\n\r\n", "\n> ", "\n    // ", "\n* "))
    return "".join(parts)


def _planted(choose: random.Random, kind: str, question: str, language: str) -> str:
    if kind == "changed":
        return _changed(choose, question, language)
    if kind == "lines":
        return _split(choose, question)
    return question.translate(_MARKS) if kind == "punctuation" else question.upper()


def labelled(seed: int, number: int = 300) -> Labelled:
    """Return so many planted items, as many lures, and documents without either."""
    choose, made = random.Random(seed), Labelled()
    kinds = ("verbatim", "short", "changed", "lines", "punctuation")
    for index in range(number):
        language, kind = choose.choice(LANGUAGES), kinds[index % len(kinds)]
        size = choose.randint(9, 12) if kind == "short" else choose.randint(13, 40)
        question = sentence(choose, language, size) + "?"
        if size > 14 and choose.random() < 0.3:
            head = question[: len(question) // 2].rstrip()
            question = f'{head}, "{question[len(head) :].strip()}"'
        _add(made, f"p{index}", question, sentence(choose, language, 3), "")
        text = _planted(choose, kind, question, language)
        made.planted[len(made.documents), f"p{index}"] = kind
        before, behind = (_prose(choose, language, choose.randint(1, 9)) for _ in range(2))
        made.documents.append(f"{before}\n\n{text}\n\n{behind}")
    for index in range(number):
        kind = ("quotation", "formula", "boilerplate", "licence", "passage")[index % 5]
        _lure(choose, made, f"l{index}", kind)
    for _ in range(2 * number):
        made.documents.append(_prose(choose, choose.choice(LANGUAGES), 12))
    return made


def _add(made: Labelled, name: str, question: str, answer: str, passage: str) -> None:
    parts = [script_words(text) for text in (question, answer, passage)]
    made.items.append(Item("set", name, b" ".join(filter(None, parts)), *parts))


def _lure(choose: random.Random, made: Labelled, name: str, kind: str) -> None:
    """Add an item, and a document that shares with it what is no evidence."""
    own, passage = sentence(choose, "en", choose.randint(6, 12)), ""
    if kind == "quotation":
        shared = choose.choice(QUOTATIONS)
        question = f"Who of these wrote: “{shared}”? Choose where {own}"
    elif kind == "formula":
        a, b, c = (choose.randint(2, 99) for _ in range(3))
        shared = f"f(x) = {a}x^2 + {b}x - {c} = 0"
        question = f"Let {shared} be given. Find all x so that {own}"
    elif kind == "boilerplate":
        shared = BOILERPLATE
        question = f"{BOILERPLATE}: {own}"
    elif kind == "licence":
        start = choose.randrange(0, 60)
        shared, piece = LICENCE, LICENCE[start : start + 140]
        question = f"Which licence has this sentence? {piece} ... and {own}"
    else:
        passage = shared = _prose(choose, "en", 6)
        question = f"By the text, {own} and what follows?"
    _add(made, name, question, sentence(choose, "en", 3), passage)
    made.lures[len(made.documents), name] = kind
    before, behind = (_prose(choose, "en", choose.randint(1, 9)) for _ in range(2))
    made.documents.append(f"{before}. {shared}. {behind}")
