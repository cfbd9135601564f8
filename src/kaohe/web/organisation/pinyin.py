"""Keys by which Chinese names are found: full pinyin and initials."""

from pypinyin import Style, lazy_pinyin

SURNAMES = {
    "单": "shan",
    "曾": "zeng",
    "解": "xie",
    "仇": "qiu",
    "区": "ou",
    "查": "zha",
    "任": "ren",
    "盖": "ge",
    "尉迟": "yu chi",
    "万俟": "mo qi",
}
"""Names that pypinyin reads as words: a surname is read otherwise."""


def pinyin_of(name: str) -> str:
    """Return the pinyin of a name without tones or blanks: 本溪县 → benxixian."""
    return "".join(lazy_pinyin(name)).lower()


def initials_of(name: str) -> str:
    """Return the initials of a name: 本溪县 → bxx."""
    return "".join(lazy_pinyin(name, style=Style.FIRST_LETTER)).lower()
