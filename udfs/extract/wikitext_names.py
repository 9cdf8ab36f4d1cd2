"""Names used in wikitext: namespaces, languages and tags."""

from __future__ import annotations

# namespaces of files and categories in the languages of RedPajama-V1 and some more, with former names,
# which a dump's own list lacks
_NON_TEXT_NAMESPACES = """
    File Image Media Category
    Файл Картинка Категория Изображение Fitxer Imatge Categoria Soubor Obrázek Kategorie Fil Billede
    Kategori Datei Bild Archivo Imagen Categoría Fichier Catégorie Datoteka Slika Kategorija Fájl
    Kép Kategória Immagine Bestand Afbeelding Categorie Plik Grafika Kategoria Ficheiro Imagem
    Fișier Imagine Датотека Слика Категорија Зображення Категорія Tiedosto Kuva Luokka Dosya
    ファイル 画像 カテゴリ 文件 檔案 图像 分类 分類 파일 그림 분류
    ملف تصنيف תמונה קובץ קטגוריה Tập_tin Thể_loại
"""
NON_TEXT_NAMESPACES = frozenset(
    name.replace("_", " ").casefold() for name in _NON_TEXT_NAMESPACES.split()
)

_LANGUAGE_CODES = """
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
# codes of Wikipedia's editions: a link with such a prefix is not part of the text
LANGUAGE_CODES = frozenset(_LANGUAGE_CODES.split())

_DROPPED_TAGS = """
    ref references table gallery timeline score imagemap graph mapframe maplink
    categorytree inputbox section templatedata templatestyles indicator hiero includeonly style
    script rp rt rtc noscript dynamicpagelist
"""
# tags that are removed with their content
DROPPED_TAGS = frozenset(_DROPPED_TAGS.split())
# tags whose content is TeX
TEX_TAGS = frozenset(("math", "chem", "ce"))
# tags whose content keeps its blanks and line ends
PREFORMATTED_TAGS = frozenset(("pre", "source", "syntaxhighlight"))
_BLOCK_TAGS = """
    p div blockquote center ul ol dl poem section article tr h1 h2 h3 h4 h5 h6
"""
# tags that start and end a paragraph
BLOCK_TAGS = frozenset(_BLOCK_TAGS.split())
# tags whose content is text, but for tags, links and templates in it
CODE_TAGS = frozenset(("code", "tt", "kbd", "samp"))
ITEM_TAGS = frozenset(("li",))
BREAK_TAGS = frozenset(("br", "hr", "dd", "dt"))
