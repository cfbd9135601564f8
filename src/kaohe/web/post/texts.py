"""The text of a letter, and what of it differs from one recipient to the next."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import astuple, dataclass

from kaohe.web.lang.choice import Spoken

NAME, FACTS = ("姓名", "name"), ("情况", "facts")
LONGEST_SUBJECT, LONGEST_BODY = 150, 20_000
_MARK = re.compile(r"[{｛]([^{}｛｝\n]{1,20})[}｝]")


@dataclass(frozen=True, slots=True)
class Texts:
    """Subject and body in Chinese and in English, empty where nobody reads the language.

    `{姓名}` and `{name}` stand for the recipient's name, in a body `{情况}` and `{facts}` for what is said to one alone.
    """

    subject_zh: str = ""
    body_zh: str = ""
    subject_en: str = ""
    body_en: str = ""

    def in_language(self, language: str) -> tuple[str, str]:
        """Return subject and body in one language."""
        return (self.subject_en, self.body_en) if language == "en" else (self.subject_zh, self.body_zh)

    @property
    def digest(self) -> str:
        """The digest of all of it, by which the journal says what went."""
        return hashlib.sha256("\x00".join(astuple(self)).encode()).hexdigest()


def marks(language: Spoken) -> tuple[str, str]:
    """Return the two marks as they are written in a language.

    >>> marks("zh")
    ('{姓名}', '{情况}')
    """
    at = 1 if language == "en" else 0
    return f"{{{NAME[at]}}}", f"{{{FACTS[at]}}}"


def filled(text: str, name: str, facts: str = "") -> str:
    """Return a text with the recipient's own words in place of the marks; what they hold is not read again.

    >>> filled("{姓名}：｛情况｝", "张{情况}三", "差 6.5 学时")
    '张{情况}三：差 6.5 学时'
    """
    values = dict.fromkeys(NAME, name) | dict.fromkeys(FACTS, facts)
    return _MARK.sub(lambda found: values.get(found[1].strip(), found[0]), text)


def unknown_marks(text: str, known: tuple[str, ...] = (*NAME, *FACTS)) -> Iterator[str]:
    """Yield the marks of a text that stand for nothing.

    >>> list(unknown_marks("{姓明}，{ name }"))
    ['{姓明}']
    """
    yield from (found[0] for found in _MARK.finditer(text) if found[1].strip() not in known)
