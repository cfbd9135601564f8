"""The text of a letter as it is typed: what is asked for, what is wrong with it."""

import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field

from kaohe.web.lang.choice import say
from kaohe.web.organisation.finding import key_of, line
from kaohe.web.pages.parts import Difference
from kaohe.web.post.models import Letter
from kaohe.web.post.procedure import texts_of
from kaohe.web.post.texts import LONGEST_BODY, LONGEST_SUBJECT, NAME, Texts, unknown_marks


@dataclass(frozen=True, slots=True)
class LetterForm:
    """The text of a draft as its sender types it, in the languages that its recipients read."""

    texts: Texts
    version: int
    languages: Collection[str]
    errors: Mapping[str, str] = field(default_factory=dict)
    differences: tuple[Difference, ...] = ()

    @property
    def chinese(self) -> bool:
        """Whether somebody reads it in Chinese."""
        return "zh" in self.languages

    @property
    def english(self) -> bool:
        """Whether somebody reads it in English."""
        return "en" in self.languages


def form_of(letter: Letter, languages: Collection[str]) -> LetterForm:
    """Return the form of a draft as it is stored."""
    return LetterForm(texts_of(letter), letter.version, languages)


def typed_form(letter: Letter, languages: Collection[str], said: Mapping[str, str]) -> LetterForm:
    """Return the form of a draft as it was typed; what was not sent stays as it was."""
    stored = asdict(texts_of(letter))
    typed = {name: said.get(name, text) for name, text in stored.items()}
    texts = Texts(**{name: line(text) if name.startswith("subject") else _text(text) for name, text in typed.items()})
    version = key_of(said.get("version", str(letter.version))) or 0
    return LetterForm(texts, version, languages, dict(_errors(texts, languages)))


def after_conflict(form: LetterForm, letter: Letter) -> LetterForm:
    """Return a form over what another window stored meanwhile, with both texts where they differ."""
    stored, typed, titles = asdict(texts_of(letter)), asdict(form.texts), labels()
    both = tuple(Difference(titles[name], stored[name], typed[name]) for name in stored if stored[name] != typed[name])
    return LetterForm(form.texts, letter.version, form.languages, form.errors, both)


def labels() -> dict[str, str]:
    """Return the names of the fields."""
    return {
        "subject_zh": say("中文标题", "Subject in Chinese"), "body_zh": say("中文正文", "Text in Chinese"),
        "subject_en": say("英文标题", "Subject in English"), "body_en": say("英文正文", "Text in English"),
    }  # fmt: skip


def _errors(texts: Texts, languages: Collection[str]) -> list[tuple[str, str]]:
    found = []
    for language in languages:
        subject, body = texts.in_language(language)
        for name, text, longest in (("subject", subject, LONGEST_SUBJECT), ("body", body, LONGEST_BODY)):
            error = _error(text, longest, (*NAME,) if name == "subject" else ())
            if error:
                found.append((f"{name}_{language}", error))
    return found


def _error(text: str, longest: int, known: tuple[str, ...]) -> str:
    if not text.strip():
        return say("不能空着。", "It cannot be empty.")
    if len(text) > longest:
        return say(
            f"太长：{len(text):,} 字，最多 {longest:,}。", f"Too long: {len(text):,} characters, at most {longest:,}."
        )
    unknown = next(unknown_marks(text, known) if known else unknown_marks(text), "")
    if unknown:
        return say(f"{unknown} 在这里不能自动填写；改用文字。", f"{unknown} is not filled in here; write it out.")
    return ""


def _text(text: str) -> str:
    """Return a text of several lines without control characters, which no mail and no database takes."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c for c in lines if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs")).strip("\n")
