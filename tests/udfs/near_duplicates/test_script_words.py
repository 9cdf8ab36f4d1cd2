"""Words by script: each kind of text that is the same to a reader, and hostile ones."""

from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from udfs.near_duplicates.normal_bytes import normal_bytes
from udfs.near_duplicates.script_words import cut, script_words, script_words_each

CHARACTERS = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from(
            "aB e.-\n\r\t 語かカใน้ำລາວខ្មែរမြန်བོད་한국الْعَرَبيةहिन्दी，。！“”’—ﬁ１\u00ad\u200b\u0301"
        ),
    )
)


def words(text: str) -> list[str]:
    return script_words(text).decode("utf-8", "surrogatepass").split(" ")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ｈｅｌｌｏ， ｗｏｒｌｄ １２", "hello, world 12"),
        ("ｱｲｳ ｶﾞ", "アイウ ガ"),
        ("the oﬀer is ﬁne", "the offer is fine"),
        ("مُحَمَّدٌ رَسُولٌ", "محمد رسول"),
        ("ﻣﺤﻤﺪ محـــمد", "محمد محمد"),
        ("שָׁלוֹם", "שלום"),
        ("an exam-\nple of well-\r\nknown over\u00adlap", "an example of well-known overlap"),
        ("über-\n  all, Ge\u2010\nfahr", "überall, Gefahr"),
        ("ΟΔΟΣ STRASSE", "οδος Straße"),
        ("caf\u00e9 na\u00efve", "cafe\u0301 nai\u0308ve"),
        ("한국어", unicodedata.normalize("NFD", "한국어")),
        ("क़लम है।", "\u0915\u093cलम है।"),
        ("می‌خواهم", "میخواهم"),
        ("“It’s” — she -- said: ‘no’", '"It\'s" -- she — said: "no"'),
        ("ภาษาไทย เขียน", "ภาษา\u200bไทยเขียน"),
        ("ខ្មែរ\u200bភាសា", "ខ្មែរភាសា"),
        ("བོད་ཡིག", "བོད ཡིག"),
        ("你好，世界。", "你好, 世界."),
        ("Python、Java", "Python Java"),
        ("น้ำ", "น้\u0e4d\u0e32"),
        ("น้ำ แม่", "น\u0e4d\u0e49\u0e32 \u0e40\u0e40ม่"),
        ("ນ້ຳ", "ນ\u0ecd\u0ec9\u0eb2"),
        ("don´t, wonʻt, canʹt, isn＇t", "don't, won't, can't, isn't"),
        ("one ¨ two ￣", "one two"),
        ("パソコン か\u3099", "ﾊﾟｿｺﾝ か\u309b"),
        ("葛\U000e0100飾", "葛飾"),
        ("ក\u17b4ម្ពុជា", "កម្ពុជា"),
        ("안녕\u3164하세요", "안녕 하세요"),
        ("شهر کی", "شهر \u0643\u064a"),
        ("ٱلْكِتَابُ", "الكتاب"),
        ("בית־ספר", "בית-ספר"),
        ("5 − 3 a∕b", "5 - 3 a/b"),
        ("an exam-\rple of o-\fver-\n\flap", "an example of overlap"),
    ],
)
def test_texts_that_read_the_same(one: str, other: str) -> None:
    assert script_words(one) == script_words(other) != b""
    frame = "plain words so that other characters are few {} " + "and more of them " * 10
    assert script_words(frame.format(one)) == script_words(frame.format(other))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("漢字かなカナ", "漢 字 か な カ ナ"),
        ("が", "か\u3099"),
        ("ภาษาที่", "ภ า ษ า ที่"),
        ("ພາສາ", "ພ າ ສ າ"),
        ("ភាសា", "ភា សា"),
        ("မြန်မာ", "မြ န် မာ"),
        ("བོད་ཡིག", "བོ ད ཡི ག"),
        ("用Python3写", "用 python3 写"),
        ("한국어 문장", "한국어 문장"),
        ("हिन्दी भाषा", "हिन्दी भाषा"),
        ("a\ud800b", "a\ud800b"),
        ("x-y- z\n-w", "xy z w"),
        ("", ""),
        (" ?!。 ", ""),
    ],
    ids=ascii,
)
def test_words_of_each_script(text: str, expected: str) -> None:
    expected = unicodedata.normalize("NFKD", expected)
    assert script_words(text).decode("utf-8", "surrogatepass") == expected
    few = "in the midst of many other words " * 5
    inside = script_words(f"{few}( {text} ) {few}").decode("utf-8", "surrogatepass")
    assert inside == " ".join([few.strip(), *filter(None, [expected]), few.strip()])


@given(CHARACTERS)
def test_few_or_many_other_characters_change_nothing(text: str) -> None:
    plain = "plain words " * (50 + 2 * len(text))
    assert words(f"{text} {plain}") == [word for word in words(text) if word] + words(plain)


@given(CHARACTERS)
def test_the_words_of_words_are_the_same(text: str) -> None:
    normal = script_words(text)
    assert b"  " not in normal
    assert normal == normal.strip()
    first = normal.decode("utf-8", "surrogatepass")
    again = script_words(first).decode("utf-8", "surrogatepass")
    # marks that punctuation set apart come together, in another order
    orders = {unicodedata.normalize("NFD", side.replace(" ", "")) for side in (first, again)}
    assert len(orders) == 1


@given(st.text(st.characters(max_codepoint=127)).filter(lambda text: "-" not in text))
def test_ascii_is_as_in_v2(text: str) -> None:
    assert script_words(text) == normal_bytes(text)


@given(CHARACTERS)
def test_cut_leaves_the_text(text: str) -> None:
    parts = cut(text)
    assert "".join(parts) == text
    assert len(parts) % 2 == 1
    assert all(parts[1::2])


def test_cut_of_a_mixed_text() -> None:
    assert cut("see, 漢字 and น้ำ。")[1::2] == ["see,", "漢", "字", "and", "น้", "ำ"]
    assert cut("ខ្មែរ\u200bភាសា – 葛\U000e0100 - x")[1::2] == [
        *("ខ្", "មែ", "រ\u200b", "ភា", "សា", "葛\U000e0100", "x")
    ]


@pytest.mark.parametrize(
    "text",
    [
        "e" + "\u0301\u0323" * 200_000,
        "-\n" * 300_000,
        "a- \n" * 100_000,
        ("a-" + " " * 9) * 50_000 + "\n",
        "\ufdfa" * 100_000,
        "\uff9e" * 500_000,
        "\u0301\u0323語" * 100_000,
    ],
)
def test_texts_that_are_meant_to_hurt(text: str) -> None:
    start = time.process_time()
    script_words(text)
    cut(text)
    assert time.process_time() - start < 3


@given(st.lists(CHARACTERS | st.text(st.sampled_from("-\x01 a語´"), max_size=9), max_size=9))
def test_several_texts_at_once(texts: list[str]) -> None:
    assert script_words_each(texts) == [script_words(text) for text in texts]


def test_runs_that_are_known_have_the_words_that_new_ones_have(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("udfs.near_duplicates.script_words._MOST_RUNS", 3)
    texts = ["naïve Ünit, ﬁve “café” " + "x" * 80, "des cafés: ïê ü ① 東京 naïve" + "y" * 80]
    new = []
    for text in texts:
        monkeypatch.setattr("udfs.near_duplicates.script_words._KNOWN_RUNS", {})
        new.append(script_words(text))
    assert [script_words(text) for text in texts * 2] == new * 2
