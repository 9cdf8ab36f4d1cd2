"""Countries whose national telephone numbers texts of a language hold."""

from __future__ import annotations

# by ISO 639 code, as the language identification has them: ISO 3166 codes, the most speakers first
REGIONS = {
    "af": "ZA",
    "ar": "EG SA AE DZ MA IQ JO LB KW QA TN OM SD YE",
    "az": "AZ",
    "be": "BY",
    "bg": "BG",
    "bn": "BD IN",
    "bs": "BA",
    "ca": "ES AD",
    "cs": "CZ",
    "da": "DK",
    "de": "DE AT CH LI LU",
    "el": "GR CY",
    "en": "US GB CA AU IN IE NZ ZA SG PH NG KE",
    "es": "ES MX AR CO CL PE VE EC GT CU BO DO UY",
    "et": "EE",
    "eu": "ES",
    "fa": "IR AF",
    "fi": "FI",
    "fr": "FR BE CA CH LU SN CI",
    "ga": "IE",
    "gl": "ES",
    "gu": "IN",
    "he": "IL",
    "hi": "IN",
    "hr": "HR BA",
    "hu": "HU",
    "hy": "AM",
    "id": "ID",
    "is": "IS",
    "it": "IT CH SM",
    "ja": "JP",
    "ka": "GE",
    "kk": "KZ",
    "km": "KH",
    "kn": "IN",
    "ko": "KR",
    "lt": "LT",
    "lv": "LV",
    "mk": "MK",
    "ml": "IN",
    "mn": "MN",
    "mr": "IN",
    "ms": "MY SG BN",
    "mt": "MT",
    "my": "MM",
    "nb": "NO",
    "ne": "NP",
    "nl": "NL BE",
    "no": "NO",
    "pa": "IN PK",
    "pl": "PL",
    "pt": "BR PT AO MZ",
    "ro": "RO MD",
    "ru": "RU KZ BY",
    "si": "LK",
    "sk": "SK",
    "sl": "SI",
    "sq": "AL XK",
    "sr": "RS BA ME",
    "sv": "SE FI",
    "sw": "KE TZ",
    "ta": "IN LK",
    "te": "IN",
    "th": "TH",
    "tl": "PH",
    "tr": "TR CY",
    "uk": "UA",
    "ur": "PK IN",
    "uz": "UZ",
    "vi": "VN",
    "zh": "CN TW HK SG MO",
}
# also looked at after a word such as `phone`
UNKNOWN = "US GB DE FR ES IT IN BR RU CN JP KR TR PL NL"


def regions(language: str | None) -> list[str]:
    """Return the countries of a language; [] for one without any.

    >>> regions("de")[:3]
    ['DE', 'AT', 'CH']
    """
    return REGIONS.get(language or "", "").split()
