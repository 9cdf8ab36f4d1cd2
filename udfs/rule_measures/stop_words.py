"""Stop words of languages: Gopher asks for two of eight English ones."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from udfs.rule_measures.scripts import UNSPACED

STOP_WORDS = {
    # Gopher's own
    "en": "the be to of and that have with",
    # common words without a sense of their own: articles, conjunctions, prepositions, pronouns, particles
    "af": "die en van in is het nie dat om te wat",
    "ar": "في من على إلى عن أن التي الذي هذا هذه ما لا أو كل",
    "be": "і у на з не што да як для гэта ці ад",
    "bg": "и в на за се от с да не са по или",
    "bn": "এবং ও এই করে জন্য থেকে না তার কোন সকল একটি হয়",
    "bs": "i u na je se da od za ne su ili s",
    "ca": "de la el i a les que en els un per no",
    "cs": "a v se na je s z do že o to i",
    "da": "og i at er en den til på det som for ikke",
    "de": "der die und in den von zu das mit ist nicht ein oder",
    "el": "και το να του της η των με για που στην είναι",
    "eo": "la kaj de en al estas por kiu ne kun aŭ",
    "es": "de la que el en y a los se del las por un",
    "et": "ja on ei et ta see oma kui või ning",
    "eu": "eta da ez bat du dute edo dira den izan",
    "fa": "و در به از که این را با است برای هر یا",
    "fi": "ja on ei että se hän oli ovat tai joka myös kun",
    "fr": "de la le et les des en un à du que est dans",
    "gl": "de a o e que en do da os por con ou",
    "gu": "અને છે આ માટે કે પણ એક તે ના કોઈ",
    "he": "של את על לא הוא כל זה או עם כי",
    "hi": "के में है की और से का को पर नहीं यह या",
    "hr": "i u na je se da od za ne su ili s",
    "hu": "a az és hogy nem is egy meg vagy minden",
    "hy": "և է են որ չէ կամ իր այդ համար պետք",
    "id": "dan yang di dengan untuk dari ini itu pada dalam tidak atau",
    "is": "og að í er á sem til um við ekki eða það",
    "it": "di e che la il in a per un del non le si",
    "ja": "の は に を が と で も た",
    "ka": "და არ რომ ამ ან უნდა იყო თუ მისი ყოველი",
    "kk": "және мен бұл үшін бір бар деп болып немесе да де",
    "km": "និង ជា នៃ ដែល បាន ក្នុង មាន នៅ ដោយ ឬ",
    "kn": "ಮತ್ತು ಈ ಒಂದು ಅಥವಾ ಎಲ್ಲ ಅವರ ಎಂದು ಯಾವುದೇ",
    "ko": "및 수 이 그 또는 등 한 있는 모든 것 있다 대한",
    "lo": "ແລະ ໃນ ຂອງ ທີ່ ເປັນ ມີ ໄດ້ ໃຫ້ ຫຼື ຕາມ",
    "lt": "ir į kad su yra ne iš tai kaip ar bei",
    "lv": "un ir ar uz no ka par kas vai tas ne",
    "mk": "и во на да за се од со не или е",
    "mr": "आणि आहे या व हे ते नाही किंवा त्या असे",
    "ms": "dan yang di dengan untuk dari ini itu pada dalam tidak atau",
    "my": "သည် ကို များ တွင် ၏ သော နှင့် မှ ရန် ဖြစ်",
    "ne": "र को मा छ हो ले पनि वा गर्ने यो",
    "nl": "de en van het een in is dat op te voor niet of",
    "nn": "og i å er ein til på for som det ikkje eller",
    "no": "og i å er en til på for som det ikke eller",
    "pa": "ਅਤੇ ਦੇ ਹੈ ਦੀ ਨੂੰ ਦਾ ਵਿਚ ਵਿੱਚ ਇਸ ਜਾਂ",
    "pl": "i w na z do się nie o że jest to lub",
    "pt": "de a o que e do da em um para não com os",
    "ro": "și de la în a cu nu care pe un sau este",
    "ru": "и в не на что с по как к из за или для",
    "sh": "i u na je se da od za ne su ili s",
    "si": "හා සහ ඇත මේ ද වන සඳහා විසින් හෝ යන",
    "sk": "a v sa na je s z do že o to alebo",
    "sl": "in v je na se da za so ne z ali ki",
    "sq": "e të në dhe i me për që një nga ose nuk",
    "sr": "и у на је се да од за не су или i u je da za",
    "sv": "och i att det en som på är för av inte eller",
    "sw": "ya na wa kwa ni katika za la au kila",
    "ta": "ஒரு மற்றும் இந்த என்று என்ற உள்ள அல்லது எந்த ஆகும் இது எல்லா ஒவ்வொரு வேண்டும் பற்றிய",
    "te": "ఒక మరియు ఈ అని ఆ లేదా తన ప్రతి ఏ",
    "th": "ที่ และ ใน ของ การ เป็น มี ได้ ให้ จะ",
    "tl": "ang ng sa at na mga ay o hindi kanyang",
    "tr": "ve bir bu için ile da de olarak her ne veya",
    "uk": "і в на не що з до та за як або його",
    "ur": "کے میں کی ہے اور سے کا کو پر یہ یا نہیں",
    "uz": "va bu bilan uchun bir ham yoki har",
    "vi": "và của là có các được cho không trong một với những",
    "zh": "的 是 在 和 了 不 有 或 于 於 與 与",
}
"""Words by language, between blanks; in scripts without blanks between words they are parts of text."""

_ENOUGH = 2
# combining marks are no letters to `re`, but within words
_MARKS = "\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u0900-\u0963\u0966-\u0e4e"


def count_stop_words(text: str, language: str | None) -> int | None:
    """Return how many different stop words of the language a text has, counted up to two.

    None where there is no list.

    >>> [count_stop_words(text, "en") for text in ("The end", "TO BE", "Tobe of", "of of")]
    [1, 2, 1, 1]
    >>> count_stop_words("和平是好的", "zh")
    2
    """
    pattern = _pattern(language)
    if pattern is None:
        return None
    found: set[str] = set()
    lower = text.lower()
    if not unicodedata.is_normalized("NFC", lower):
        lower = unicodedata.normalize("NFC", lower)
    for match in pattern.finditer(lower):
        found.add(match[0])
        if len(found) == _ENOUGH:
            break
    return len(found)


@cache
def _pattern(language: str | None) -> re.Pattern[str] | None:
    if language not in STOP_WORDS:
        return None
    words = "|".join(sorted(STOP_WORDS[language].split(), key=len, reverse=True))
    if language in UNSPACED:
        return re.compile(words)
    return re.compile(rf"(?<![\w{_MARKS}])(?:{words})(?![\w{_MARKS}])")
