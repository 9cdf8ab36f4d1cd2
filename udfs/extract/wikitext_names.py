"""Names that wikitext is written with: namespaces, languages, tags, templates."""

from __future__ import annotations

# of files and categories, in the languages of RedPajama-V1 and a few more, with the older names
# that a dump's own list does not have
_NOT_TEXT = """
    File Image Media Category
    Файл Картинка Категория Изображение Fitxer Imatge Categoria Soubor Obrázek Kategorie Fil Billede
    Kategori Datei Bild Archivo Imagen Categoría Fichier Catégorie Datoteka Slika Kategorija Fájl
    Kép Kategória Immagine Bestand Afbeelding Categorie Plik Grafika Kategoria Ficheiro Imagem
    Fișier Imagine Датотека Слика Категорија Зображення Категорія Tiedosto Kuva Luokka Dosya
    ファイル 画像 カテゴリ 文件 檔案 图像 分类 分類 파일 그림 분류
    ملف تصنيف תמונה קובץ קטגוריה Tập_tin Thể_loại
"""
NOT_TEXT = frozenset(name.replace("_", " ").casefold() for name in _NOT_TEXT.split())

_LANGUAGES = """
    aa ab ace ady af ak als alt am ami an ang anp ar arc ary arz as ast atj av avk awa ay az azb ba
    ban bar bat-smg bbc bcl be be-tarask be-x-old bg bh bi bjn blk bm bn bo bpy br bs bug bxr ca
    cbk-zam cdo ce ceb ch chr chy ckb co cr crh cs csb cu cv cy da dag de din diq dsb dty dv dz ee el
    eml en eo es et eu ext fa ff fi fiu-vro fj fo fr frp frr fur fy ga gag gan gcr gd gl glk gn gom
    gor got gu guw gv ha hak haw he hi hif hr hsb ht hu hy hyw ia id ie ig ik ilo inh io is it iu ja
    jam jbo jv ka kaa kab kbd kbp kg ki kk kl km kn ko koi krc ks ksh ku kv kw ky la lad lb lbe lez
    lfn lg li lij lld lmo ln lo lt ltg lv mad mai map-bms mdf mg mhr mi min mk ml mn mni mr mrj ms mt
    mwl my myv mzn na nah nap nds nds-nl ne new ng nl nn no nov nqo nrm nso nv ny oc olo om or os pa
    pag pam pap pcd pcm pdc pfl pi pih pl pms pnb pnt ps pt qu rm rmy rn ro roa-rup roa-tara ru rue rw
    sa sah sat sc scn sco sd se sg sh shi shn si simple sk skr sl sm smn sn so sq sr srn ss st stq su
    sv sw szl szy ta tay tcy te tet tg th ti tk tl tn to tpi tr trv ts tt tum tw ty tyv udm ug uk ur
    uz ve vec vep vi vls vo wa war wo wuu xal xh xmf yi yo za zea zh zh-classical zh-min-nan zh-yue zu
"""
# codes of Wikipedia's editions: a link to one is not in the text
LANGUAGES = frozenset(_LANGUAGES.split())

_DROPPED = """
    ref references table gallery timeline score imagemap graph mapframe maplink
    categorytree inputbox section templatedata templatestyles indicator hiero includeonly style
    script rp noscript dynamicpagelist
"""
# tags that are dropped with all that is in them
DROPPED = frozenset(_DROPPED.split())
# tags whose content is TeX
TEX = frozenset(("math", "chem", "ce"))
# tags whose content is code or typed as it is
TYPED = frozenset(("pre", "source", "syntaxhighlight"))
_BLOCKS = """
    p div blockquote center ul ol dl poem section article tr h1 h2 h3 h4 h5 h6
"""
# tags that begin and end a paragraph
BLOCKS = frozenset(_BLOCKS.split())
ITEMS = frozenset(("li",))
BREAKS = frozenset(("br", "hr", "dd", "dt"))

# templates that stand for a character or two
CHARACTERS = {
    "nbsp": " ",
    "spaces": " ",
    "space": " ",
    "ndash": "–",
    "en dash": "–",
    "–": "–",
    "spaced ndash": " – ",
    "spnd": " – ",
    "snd": " – ",
    "snds": " – ",
    "spaced en dash": " – ",
    "dash": " – ",
    "mdash": "—",
    "em dash": "—",
    "—": "—",
    "spaced mdash": " — ",
    "'": "'",
    "'s": "'s",
    "=": "=",
    "!": "|",
    "dot": " · ",
    "·": " · ",
    "•": " • ",
    "pi": "π",
    "minus": "−",
    "times": "×",
    "frac12": "½",
    "thinsp": " ",
    "mdashb": "—",
    "' \"": "' \"",
    '-"': '"',
    "eqm": "⇌",
    "euro": "€",
}
# templates that dress up their text, and which of their numbered values that is
TEXTS = {
    "lang": 2,
    "nowrap": 1,
    "nobr": 1,
    "nobreak": 1,
    "small": 1,
    "big": 1,
    "large": 1,
    "larger": 1,
    "smaller": 1,
    "nihongo": 1,
    "abbr": 1,
    "tooltip": 1,
    "sc": 1,
    "smallcaps": 1,
    "var": 1,
    "mono": 1,
    "em": 1,
    "strong": 1,
    "visible anchor": 1,
    "vanchor": 1,
    "not a typo": 1,
    "sic": 1,
    "as written": 1,
    "formatnum": 1,
    "angle": 1,
    "langwithname": 3,
    "math": 1,
    "mvar": 1,
    "unicode": 1,
    "script": 2,
    "nq": 1,
    "rtl-lang": 2,
    "native name": 2,
    "flag": 1,
    "flagcountry": 1,
    "keypress": 1,
    "key press": 1,
    "midsize": 1,
    "railgauge": 1,
    "columns-list": 2,
}
# templates whose text is the last of their values
LAST = frozenset(("transl", "transliteration", "ipa"))
# templates of one, two or three values: 1/4, 3/4, 2 3/4
FRACTIONS = frozenset(("frac", "sfrac", "fraction"))
# templates that compute a price of today, which is not known here
PRICES = frozenset(("inflation", "inflation/year"))
NUMBER_FUNCTION = "formatnum:"
SCRIPT_TEMPLATE = "script/"
# templates whose text is a paragraph of its own
QUOTES = frozenset(("quote", "blockquote", "cquote", "quotation", "bquote", "centered pull quote"))
SOUND_TEMPLATE = "ipa-"
CITATIONS = ("cite ", "vcite ", "citation")
LANGUAGE_TEMPLATE = "lang-"
# what a lang- template puts before its text
LANGUAGE_NAMES = {
    "ar": "Arabic", "az": "Azerbaijani", "be": "Belarusian", "bg": "Bulgarian", "ca": "Catalan",
    "cs": "Czech", "cy": "Welsh", "da": "Danish", "de": "German", "el": "Greek", "es": "Spanish",
    "eu": "Basque", "fa": "Persian", "fi": "Finnish", "fr": "French", "ga": "Irish",
    "grc": "Ancient Greek", "he": "Hebrew", "hi": "Hindi", "hu": "Hungarian", "hy": "Armenian",
    "it": "Italian", "ja": "Japanese", "ko": "Korean", "la": "Latin", "nl": "Dutch",
    "pl": "Polish", "ps": "Pashto", "pt": "Portuguese", "ro": "Romanian", "ru": "Russian",
    "sa": "Sanskrit", "sq": "Albanian", "sr": "Serbian", "sv": "Swedish", "tr": "Turkish",
    "uk": "Ukrainian", "vi": "Vietnamese", "zh": "Chinese",
}  # fmt: skip
