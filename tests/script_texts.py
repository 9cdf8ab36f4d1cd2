"""Texts in many scripts, and copies that a reader takes for the same but for a closing word."""

from __future__ import annotations

TEXTS = {
    "ja": "吾輩は猫である。名前はまだ無い。どこで生れたかとんと見当がつか"
    "ぬ。何でも薄暗いじめじめした所で泣いていた事だけは記憶している。",
    "zh": "人工智能是研究、开发用于模拟和扩展人的智能的理论、方法、"
    "技术及应用系统的一门新的技术科学，它企图了解智能的实质。",
    "th": "ปัญญาประดิษฐ์คือความสามารถของเครื่องจักรที่เรียนรู้ได้ด้วยตนเองจากข้อมูลจำนวนมากในชีวิตประจำวันของเรา",
    "lo": "ປະເທດລາວເປັນປະເທດທີ່ບໍ່ມີທາງອອກສູ່ທະເລຕັ້ງຢູ່ໃນໃຈກາງຂອງແຫຼມອິນດູຈີນໃນທະວີບອາຊີຕາເວັນອອກສຽງໃຕ້",
    "km": "ប្រទេសកម្ពុជាជាប្រទេសមួយដែលមានទីតាំងនៅភាគខាងត្បូងនៃឧបទ្វីបឥណ្ឌូចិនក្នុងតំបន់អាស៊ីអាគ្នេយ៍",
    "my": "မြန်မာနိုင်ငံသည်အရှေ့တောင်အာရှတွင်တည်ရှိသောနိုင်ငံတစ်ခုဖြစ်ပြီးလူဦးရေငါးဆယ်သန်းကျော်နေထိုင်ကြသည်",
    "bo": "བོད་ནི་ཨེ་ཤི་ཡའི་དཀྱིལ་དུ་ཡོད་པའི་ས་ཁུལ་ཞིག་ཡིན་ལ་འཛམ་གླིང་གི་ཡང་རྩེར་གྲགས་པའི་མཐོ་སྒང་ཞིག་ཡིན།",
    "ko": "인공지능은 인간의 학습 능력과 추론 능력 그리고 지각 능력을 "
    "인공적으로 구현하려는 컴퓨터 과학의 세부 분야 중 하나이며 "
    "정보 공학 분야에 있어 하나의 인프라 기술이기도 하다",
    "ar": "الذكاء الاصطناعي هو سلوك وخصائص معينة تتسم بها البرامج "
    "الحاسوبية تجعلها تحاكي القدرات الذهنية البشرية "
    "وأنماط عملها ومن أهم هذه الخصائص القدرة على التعلم والاستنتاج",
    "hi": "कृत्रिम बुद्धिमत्ता कंप्यूटर विज्ञान की एक शाखा है जो मशीनों "
    "और सॉफ्टवेयर को बुद्धि के साथ विकसित करती है और इसका "
    "उद्देश्य मनुष्य की तरह सोचने वाली मशीन बनाना है",
    "en": "The finest official office of the efficient staff was "
    "a flat above the river, and every winter the waters "
    "rose until the furniture floated about like a small fleet of boats",
    "mixed": "我们用 Python 3 写了一个程序 to read ten thousand pages "
    "a minute และแปลเป็นภาษาไทยโดยอัตโนมัติทุกวัน",
}
"""A paragraph in each language."""

CLOSING = {
    **{"ja": "終わり", "zh": "完了", "th": "จบ", "lo": "ຈົບ", "km": "ចប់", "my": "ပြီး", "bo": "རྫོགས"},
    **{"ko": " 끝", "ar": " النهاية", "hi": " समाप्त", "en": " indeed", "mixed": " 完"},
}


def _divided(text: str) -> str:
    return text.replace("furniture", "furni-\nture").replace("thousand", "thou-\r\n  sand")


def _full_width(text: str) -> str:
    return "".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in text)


def _vowelled(text: str) -> str:
    return text.replace("ذ", "ذَ").replace("م", "مُ").replace("ل", "لِ").replace("ر", "رّ")


def copies(language: str) -> list[str]:
    """Return the text with a closing word, and as other programs write it."""
    text = TEXTS[language]
    several = [text + CLOSING[language]]
    if language in ("en", "mixed"):
        several += [_divided(text), _full_width(text)]
    if language == "en":
        several.append(text.replace("ffi", "\ufb03").replace("fl", "\ufb02"))
    if language == "ar":
        several.append(_vowelled(text))
    if language in ("th", "lo", "km", "my"):
        several.append("\u200b".join(text[start : start + 9] for start in range(0, len(text), 9)))
    return several
