"""Decisions on other languages than English, by the sets' own languages and by sets for all (`:all`)."""

from __future__ import annotations

from rule_decisions.texts import DROP, KEEP, Decision

ALL = ("gopher:all", "c4:all", "refinedweb:all", "fineweb:all")
MADE_FOR = "the set was made for English"
SENTENCES = {
    "ar": "هل اجتمعت اللجنة يوم الاثنين لمناقشة الميزانية؟",
    "bn": "কমিটি সোমবার বাজেট নিয়ে আলোচনা করতে বসেছিল।",
    "de": "Der Ausschuss hat am Montag über den Haushalt beraten.",
    "el": "Η επιτροπή συνεδρίασε τη Δευτέρα για τον προϋπολογισμό.",
    "es": "El comité se reunió el lunes para hablar del presupuesto.",
    "fr": "Le comité s’est réuni lundi pour discuter du budget « annuel ».",
    "he": "הוועדה נפגשה ביום שני כדי לדון על התקציב.",
    "hi": "समिति की बैठक सोमवार को बजट पर चर्चा करने के लिए हुई।",
    "hy": "Հանձնաժողովը երկուշաբթի հավաքվեց բյուջեն քննարկելու համար։",
    "ja": "委員会は月曜日に予算について話し合いました。",
    "km": "គណៈកម្មាធិការបានជួបប្រជុំនៅថ្ងៃចន្ទដើម្បីពិភាក្សា។",
    "ko": "위원회는 월요일에 예산을 논의하기 위해 모였다.",
    "lo": "ຄະນະກຳມະການໄດ້ປະຊຸມໃນວັນຈັນເພື່ອສົນທະນາງົບປະມານ",
    "my": "ကော်မတီသည် တနင်္လာနေ့တွင် ဘတ်ဂျက်ကို ဆွေးနွေးခဲ့သည်။",
    "ru": "Комитет собрался в понедельник, чтобы обсудить бюджет.",
    "th": "คณะกรรมการประชุมกันในวันจันทร์เพื่อหารือเรื่องงบประมาณ",
    "ur": "کمیٹی کا اجلاس پیر کو بجٹ پر بات کرنے کے لیے ہوا۔",
    "vi": "Ủy ban đã họp vào thứ hai để bàn về ngân sách.",
    "zh": "委员会星期一开会讨论了预算，并同意修改计划。",
}
CHINESE = (
    "人人生而自由，在尊严和权利上一律平等。他们赋有理性和良心，并应以兄弟关系的精神相对待。",
    "任何人不得加以酷刑，或施以残忍的、不人道的或侮辱性的待遇或刑罚。",
    "成年男女，不受种族、国籍或宗教的任何限制，有权婚嫁和成立家庭。",
)
THAI = "มนุษย์ทั้งหลายเกิดมามีอิสระและเสมอภาคกันในเกียรติศักดิ์และสิทธิต่างมีเหตุผลและมโนธรรม"
DATE = "2024 年 5 月 3 日"
SHORT, NO_TEXT = "fineweb/short-lines", "refinedweb/lines-of-no-text"
STOP, COUNT = "gopher/stop-words", "gopher/word-count"

DECISIONS = [
    *(
        Decision(rule, KEEP, MADE_FOR, text, language)
        for language, text in (("zh", "短。"), ("de", "Kurz."), ("th", "สั้น"), (None, "Short."))
        for rule in (COUNT, STOP, "c4/sentences", "fineweb/sentences")
    ),
    *(
        Decision("c4/no-line-left", KEEP, "its terminal mark", "\n".join([text] * 5), code, sets=ALL)
        for code, text in SENTENCES.items()
    ),
    *(
        Decision("c4/no-line-left", DROP, "no terminal mark", text.rstrip("።။។।۔。։؟.")[:-1], code, sets=ALL)
        for code, text in SENTENCES.items()
        if code not in ("th", "lo")  # which have none
    ),
    *(
        Decision("c4/sentences", KEEP, "sentences by script", text * 3, code, sets=ALL)
        for code, text in SENTENCES.items()
        if code in ("zh", "ja", "hi", "bn", "km", "my")
    ),
    *(
        Decision(STOP, KEEP, "two of the language's list", text, code, sets=ALL)
        for code, text in (
            ("de", "Das ist nicht der Rede wert"),
            ("fr", "C’est l’heure de la nuit"),
            ("hi", "समिति की बैठक सोमवार को हुई"),
            ("ru", "Не знаю, что и сказать"),
            ("vi", "Kho\u0302ng co\u0301 gi\u0300 la\u0300 kho\u0301"),  # decomposed
            ("zh", "这是我的书"),
            ("ja", "これは本です"),
            ("th", THAI),
        )
    ),
    Decision(STOP, DROP, "not within words", "Undankbar derweil nichtig dasein", "de", sets=ALL),
    Decision(STOP, DROP, "not before a vowel sign", "कीमत कोमल", "hi", sets=ALL),
    Decision(STOP, DROP, "of the text's language", "the cat with a hat", "ru", sets=ALL),
    Decision(STOP, KEEP, "no list", "wordaa wordab", "ml", sets=ALL),
    Decision(COUNT, KEEP, "two characters are a word", "".join(CHINESE) + CHINESE[0], "zh", sets=ALL),
    Decision(COUNT, DROP, "two characters are a word", CHINESE[0], "zh", sets=ALL),
    Decision(COUNT, KEEP, "four characters are a word, marks are none", THAI * 4, "th", sets=ALL),
    Decision(COUNT, DROP, "four characters are a word, marks are none", THAI * 2, "th", sets=ALL),
    Decision("gopher/mean-word-length", KEEP, "not without blanks", "".join(CHINESE), "zh", sets=ALL),
    Decision("gopher/mean-word-length", KEEP, "not without blanks", THAI * 4, "th", sets=ALL),
    Decision("gopher/alphabetic-words", KEEP, "words by script", f"{DATE} {CHINESE[0]}", "zh", sets=ALL),
    Decision("gopher/alphabetic-words", DROP, "words by script", DATE, "zh", sets=ALL),
    Decision("gopher/symbol-to-word-ratio", KEEP, "words by script", "".join(CHINESE) + "……", "zh", sets=ALL),
    Decision("gopher/symbol-to-word-ratio", DROP, "words by script", "我……你……他……好的", "zh", sets=ALL),
    Decision("gopher/duplicate-5grams", DROP, "repetition is seen", CHINESE[0] * 3, "zh", sets=ALL),
    Decision("gopher/duplicate-5grams", KEEP, "nothing is repeated", "".join(CHINESE), "zh", sets=ALL),
    Decision("gopher/duplicate-5grams", DROP, "repetition is seen", THAI * 3, "th", sets=ALL),
    Decision("gopher/top-2grams", DROP, "repetition is seen", "好好学习" * 20 + CHINESE[0], "zh", sets=ALL),
    Decision("gopher/bullet-lines", KEEP, "opens speech", "-¿Qué es?\n-No lo sé." * 5, "es", sets=ALL),
    Decision("gopher/bullet-lines", DROP, "with a blank", "- uno\n- dos", "es", sets=ALL),
    Decision("gopher/bullet-lines", DROP, "katakana middle dot", "・一つ\n・二つ", "ja", sets=ALL),
    Decision(SHORT, KEEP, "a character of two columns", f"{CHINESE[1][:16]}\n" * 9, "zh", sets=ALL),
    Decision(SHORT, DROP, "a character of two columns", f"{CHINESE[1][:12]}\n" * 9, "zh", sets=ALL),
    Decision(NO_TEXT, KEEP, "a line without blanks", "\n".join(CHINESE), "zh", sets=ALL),
    Decision(NO_TEXT, DROP, "one character", "\n".join([*CHINESE, *("上下左右" * 4)]), "zh", sets=ALL),
    Decision("refinedweb/language-score", DROP, "for all languages", SENTENCES["fr"], "fr", probability=0.6),
]  # fmt: skip
