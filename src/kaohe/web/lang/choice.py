"""A text in both languages, and the one that is being spoken.

Chinese and English stand beside each other where they are used, as everywhere in Kaohe: a text cannot be
forgotten in one language, and nothing has to be compiled.
"""

from typing import Literal

from django.utils import translation

Spoken = Literal["zh", "en"]
DJANGO_CODES: dict[Spoken, str] = {"zh": "zh-hans", "en": "en"}


def spoken() -> Spoken:
    """Return the language of the current request; Chinese where none was chosen."""
    return "en" if (translation.get_language() or "").startswith("en") else "zh"


def many(number: int, one: str, more: str) -> str:
    """Write a number with its English noun: 1 day, 3,000 days."""
    return f"{number:,} {one if number == 1 else more}"


def say(zh: str, en: str) -> str:
    """Return the text in the language that is being spoken."""
    return en if spoken() == "en" else zh
