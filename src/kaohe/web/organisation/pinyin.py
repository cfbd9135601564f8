"""Keys by which Chinese names are found: full pinyin and initials."""

import unicodedata

SURNAMES = {
    "单": "shan", "曾": "zeng", "解": "xie", "仇": "qiu", "区": "ou", "查": "zha", "任": "ren", "盖": "ge", "朴": "piao",
    "覃": "qin", "逄": "pang", "缪": "miao", "乐": "yue", "翟": "zhai", "折": "she", "种": "chong", "秘": "bi", "员": "yun",
    "召": "shao", "藏": "zang", "句": "gou", "尉": "wei", "祭": "zhai", "洗": "xian", "郇": "xun", "繁": "po", "牟": "mu",
    "宓": "fu", "隗": "wei", "纪": "ji", "佴": "nai", "薄": "bo", "阚": "kan", "都": "du", "晟": "cheng", "黑": "he",
    "尉迟": "yu chi", "万俟": "mo qi", "长孙": "zhang sun", "澹台": "tan tai", "令狐": "ling hu",
}  # fmt: skip
"""Surnames that are read otherwise than the word; the first characters of a person's name, never of a unit's."""

_PINYIN, _INITIALS = 400, 200
"""How much of the keys is kept: names of ordinary length fit several times over."""


def pinyin_of(name: str) -> str:
    """Return the pinyin of a unit's name without tones or blanks: 本溪县 → benxixian."""
    from pypinyin import lazy_pinyin  # slow import, and a server starts without a name to read

    return "".join(lazy_pinyin(name)).lower()[:_PINYIN]


def initials_of(name: str) -> str:
    """Return the initials of a unit's name: 本溪县 → bxx."""
    from pypinyin import Style, lazy_pinyin  # slow import

    return "".join(lazy_pinyin(name, style=Style.FIRST_LETTER)).lower()[:_INITIALS]


def person_pinyin_of(name: str) -> str:
    """Return the pinyin of a person's name, each reading a word: 单丽 → `shanli danli`."""
    return _readings(pinyin_of(name), name, "")[:_PINYIN]


def person_initials_of(name: str) -> str:
    """Return the initials of a person's name, each reading a word: 单丽 → `sl dl`."""
    return _readings(initials_of(name), name, "initials")[:_INITIALS]


def asked_for(text: str) -> str:
    """Return what was typed in the form of the keys: `Lǚ Wéi` → `lvwei`."""
    plain = unicodedata.normalize("NFKD", text.lower().replace("ü", "v").replace("ǚ", "v").replace("ǜ", "v"))
    kept = "".join(c for c in plain if c.isalnum() and not unicodedata.combining(c))
    return kept.replace("lyu", "lv").replace("nyu", "nv")


def _readings(as_word: str, name: str, kind: str) -> str:
    surname = next((name[:n] for n in (2, 1) if name[:n] in SURNAMES), "")
    if not surname:
        return as_word
    syllables = SURNAMES[surname].split()
    rest = name[len(surname) :]
    if kind == "initials":
        as_name = "".join(syllable[0] for syllable in syllables) + initials_of(rest)
    else:
        as_name = "".join(syllables) + pinyin_of(rest)
    return " ".join(dict.fromkeys((as_name, as_word)))
