"""The colours keep to WCAG 2.2 AA in both themes: text 4.5 to 1, edges and marks 3 to 1."""

import re
from pathlib import Path

import pytest
from django.conf import settings

TOKENS = (Path(settings.STATICFILES_DIRS[0]) / "kaohe" / "tokens.css").read_text(encoding="utf-8")
CSS = (Path(settings.STATICFILES_DIRS[0]) / "kaohe" / "kaohe.css").read_text(encoding="utf-8")
GROUNDS = ("paper", "sheet", "sunk")

TEXT = [
    *((ink, ground) for ink in ("ink", "ink-2", "ink-3", "navy") for ground in GROUNDS),
    *((mark, ground) for mark in ("red", "green", "amber") for ground in ("paper", "sheet")),
    ("ink", "navy-wash"), ("navy", "navy-wash"), ("ink", "green-wash"), ("ink", "amber-wash"), ("amber", "amber-wash"),
    ("ink", "red-wash"), ("red", "red-wash"), ("ink-3", "navy-wash"), ("ink-2", "navy-wash"), ("on-navy", "navy"), ("on-navy", "navy-deep"),
    ("ink", "d1"), ("ink", "d2"), ("ink", "d3"), ("on-data", "d4"), ("on-data", "d5"), ("on-data", "red"), ("ink", "navy-mid"),
]  # fmt: skip
MARKS = [
    ("edge", "paper"),
    ("edge", "sheet"),
    ("focus", "paper"),
    ("focus", "sheet"),
    ("rule", "sheet"),
    ("navy-mid", "paper"),
]


def palette(opening: str) -> dict[str, str]:
    block = TOKENS[TOKENS.index(opening) :]
    return dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{3,6});", block[: block.index("}")]))


LIGHT = palette(":root {")
DARK = LIGHT | palette(':root[data-theme="dark"] {')


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(theme: dict[str, str], mark: str, ground: str) -> float:
    lighter, darker = sorted((luminance(theme[mark]), luminance(theme[ground])), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_text_can_be_read_on_its_ground(theme: dict[str, str]) -> None:
    assert {pair: contrast(theme, *pair) for pair in TEXT if contrast(theme, *pair) < 4.5} == {}


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_edges_and_marks_can_be_seen(theme: dict[str, str]) -> None:
    assert {pair: contrast(theme, *pair) for pair in MARKS if contrast(theme, *pair) < 3.0} == {}


def test_dark_by_choice_and_dark_by_system_are_the_same() -> None:
    assert palette(':root:not([data-theme="light"]) {') == palette(':root[data-theme="dark"] {')


def test_the_style_sheets_ask_for_nothing() -> None:
    assert not re.findall(r"url\(|@import|https?:", TOKENS + CSS)


def test_every_colour_of_the_components_is_a_token() -> None:
    assert re.findall(r"#[0-9a-f]{3,8}\b", re.sub(r"/\*.*?\*/", "", CSS, flags=re.DOTALL)) == []


def test_every_token_that_is_used_is_there() -> None:
    used = set(re.findall(r"var\(--([a-z0-9-]+)\)", CSS + TOKENS))

    assert used - set(re.findall(r"--([a-z0-9-]+):", TOKENS + CSS)) == set()
