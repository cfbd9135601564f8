"""Every template speaks both languages, and asks for nothing that the content policy forbids."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.conf import settings

TEMPLATES = Path(settings.TEMPLATES[0]["DIRS"][0])
FILES = sorted(path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.html"))

COMMENT = re.compile(
    r"\{% comment %\}.*?\{% endcomment %\}|\{#.*?#\}|\{% block width %\}.*?\{% endblock %\}", re.DOTALL
)
BLOCK = re.compile(r"\{% zh %\}(.*?)\{% en %\}(.*?)\{% endzh %\}", re.DOTALL)
TAG = re.compile(r"\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
PHRASE = re.compile(r"""\{% t ("[^"]*"|'[^']*') ("[^"]*"|'[^']*')(?: as \w+)? %\}""")
GIVEN = re.compile(r"""(\w+)=(?:"([^"]*)"|'([^']*)')""")
CJK = re.compile(r"[\u3400-\u9fff]")
WORD = re.compile(r"[^\W\d_]")
SPOKEN = ("alt", "aria-label", "aria-roledescription", "placeholder", "title")
"""Attributes that a person reads or hears."""
SAME = frozenset({"MB", "GB", "KB", "CSV", "XLSX", "TXT", "JSON", "SHA", "RFC", "UTC", "TOTP", "ID", "IP", "Ed"})
"""Words that are the same in both languages."""


class Read(HTMLParser):
    """Collects what a person reads outside of the language tags, and what the policy forbids."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self.forbidden: list[str] = []
        self._apart: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        self.said += [value for name, value in attrs if name in SPOKEN and value]
        self.forbidden += [name for name, _ in attrs if name == "style" or name.startswith("on")]
        self.forbidden += [value for _, value in attrs if value and re.search(r"https?:|//|javascript:|data:", value)]
        if tag == "style" or (tag == "script" and "src" not in named):
            self.forbidden.append(tag)
        if self._apart or tag in ("code", "script") or ("lang" in named and tag != "html"):
            self._apart.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self._apart:
            del self._apart[len(self._apart) - 1 - self._apart[::-1].index(tag) :]

    def handle_data(self, data: str) -> None:
        if not self._apart:
            self.said.append(data)


def source(name: str) -> str:
    return COMMENT.sub("", (TEMPLATES / name).read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", FILES)
def test_no_word_stands_in_one_language_only(name: str) -> None:
    reader = Read()

    reader.feed(TAG.sub("", BLOCK.sub("", source(name))))

    words = {word for text in reader.said for word in re.findall(r"\w+", text) if WORD.search(word)}
    assert words - SAME == set()


@pytest.mark.parametrize("name", FILES)
def test_nothing_is_asked_for_that_the_policy_forbids(name: str) -> None:
    reader = Read()

    reader.feed(TAG.sub("", source(name)))

    assert reader.forbidden == []


@pytest.mark.parametrize("name", FILES)
def test_a_phrase_has_a_chinese_and_an_english_side(name: str) -> None:
    wrong = []
    for chinese, english in (found.groups() for found in PHRASE.finditer(source(name))):
        if not english[1:-1].strip() or CJK.search(english) or (WORD.search(english) and not WORD.search(chinese)):
            wrong.append((chinese, english))
    wrong += [(zh, en) for zh, en in BLOCK.findall(source(name)) if not zh.strip() or not en.strip()]

    assert wrong == []


@pytest.mark.parametrize("name", [name for name in FILES if "styleguide" not in name])
def test_what_a_component_is_given_has_both_sides(name: str) -> None:
    wrong = []
    for tag in re.findall(r"\{% include .*? %\}", source(name)):
        given = {key: double or single for key, double, single in GIVEN.findall(tag)}
        for key, value in given.items():
            other = key[: -len("zh")] + "en"
            if CJK.search(value) and (not key.endswith("zh") or (not given.get(other) and f"{other}=" not in tag)):
                wrong.append(f"{key}={value}")

    assert wrong == []


def test_a_word_outside_of_the_language_tags_is_found() -> None:
    reader = Read()

    reader.feed(
        TAG.sub("", '<b onclick="x()" title="Name">{% t "姓名" "Name" %}</b>名<code>id</code><i lang="en">English</i>')
    )

    assert (reader.said, reader.forbidden) == (["Name", "名"], ["onclick"])


COUNTED = re.compile(r"\{[\w.]+\|commas\} (?:\w+s|people|are|have|more are)\b")
"""A count before a plural; what can be one takes `{…|pluralize}`, or its number stands behind: Units: 1."""


@pytest.mark.parametrize("name", FILES)
def test_one_of_a_thing_is_not_told_in_the_plural(name: str) -> None:
    spoken = [english for _, english in PHRASE.findall(source(name))]
    spoken += [
        TAG.sub(lambda tag: "{" + tag[0].strip("{} ") + "}", english) for _, english in BLOCK.findall(source(name))
    ]

    assert [found for text in spoken for found in COUNTED.findall(text)] == []
