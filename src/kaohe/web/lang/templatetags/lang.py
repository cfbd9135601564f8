"""`{% t "中文" "English" %}` for a phrase, `{% zh %}…{% en %}…{% endzh %}` for a paragraph or for markup.

A phrase may name values of the context in braces, with filters as elsewhere: `{% t "共 {n} 人" "{n} people" %}`,
`{day|date:'Y-m-d'}`. Phrases are escaped with their values; a block is markup, in which values escape themselves as everywhere. `{% t … as label %}` keeps the
phrase for an include. `{% say zh en %}` chooses between two values of the context: what a component is given.
`{{ 9345|commas }}` writes 9,345.
"""

import re
from collections.abc import Iterator
from decimal import Decimal

from django import template
from django.template.base import FilterExpression, NodeList, Parser, Token
from django.template.context import Context
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from kaohe.web.lang.choice import spoken

register = template.Library()
Pieces = list[str | FilterExpression]
_FILTER = r"""\|\w+(?::(?:"[^"]*"|'[^']*'|[\w.]+))?"""
_VALUE = re.compile(rf"\{{([a-zA-Z_][\w.]*(?:{_FILTER})*)\}}")


class PhraseNode(template.Node):
    """A phrase in both languages; each is cut once into literal pieces and values."""

    def __init__(self, zh: "Pieces", en: "Pieces", keep: str = "") -> None:
        self._zh, self._en, self._keep = _joined(zh), _joined(en), keep

    def render(self, context: Context) -> SafeString:
        pieces = self._en if spoken() == "en" else self._zh
        if isinstance(pieces, SafeString):
            shown = pieces
        else:
            shown = mark_safe("".join(p if isinstance(p, str) else _shown(p, context) for p in pieces))  # noqa: S308 - escaped piece by piece
        if not self._keep:
            return shown
        context[self._keep] = shown
        return mark_safe("")


def _joined(pieces: Pieces) -> Pieces | SafeString:
    """Join a phrase without values once, for it is the same on every page."""
    texts = [piece for piece in pieces if isinstance(piece, str)]
    return mark_safe("".join(texts)) if len(texts) == len(pieces) else pieces  # noqa: S308 - escaped piece by piece


def _shown(value: FilterExpression, context: Context) -> str:
    return template.base.render_value_in_context(value.resolve(context), context)


class BlockNode(template.Node):
    """A piece of a template in both languages."""

    child_nodelists = ("zh", "en")

    def __init__(self, zh: NodeList, en: NodeList) -> None:
        self.zh, self.en = zh, en

    def render(self, context: Context) -> SafeString:
        return (self.en if spoken() == "en" else self.zh).render(context)


@register.tag("t")
def phrase(parser: Parser, token: Token) -> PhraseNode:
    """Parse a phrase: two literals, Chinese then English, and perhaps the name under which to keep it."""
    bits, keep = token.split_contents()[1:], ""
    if len(bits) == 4 and bits[2] == "as":
        bits, keep = bits[:2], bits[3]
    if len(bits) != 2 or any(len(bit) < 2 or bit[0] not in "\"'" or bit[-1] != bit[0] for bit in bits):
        raise template.TemplateSyntaxError('`t` takes two quoted texts: {% t "中文" "English" %}')
    zh, en = (list(_pieces(bit[1:-1], parser)) for bit in bits)
    return PhraseNode(zh, en, keep)


def _pieces(text: str, parser: Parser) -> Iterator[str | FilterExpression]:
    for index, piece in enumerate(_VALUE.split(text.replace('\\"', '"'))):
        if not index % 2 and "{" in piece:
            raise template.TemplateSyntaxError(f"`t` cannot read the value in braces of “{piece}”")
        yield parser.compile_filter(piece) if index % 2 else escape(piece)


@register.simple_tag(name="say")
def chosen(zh: str, en: str = "") -> str:
    """Return one of two values of the context; where there is only one, it is in the right language already."""
    return en if en and spoken() == "en" else zh


@register.filter
def commas(value: object) -> str:
    """Write a number with a comma at every thousand; what is no number as it is."""
    return f"{value:,}" if isinstance(value, int | float | Decimal) else str(value)


@register.tag("zh")
def block(parser: Parser, token: Token) -> BlockNode:
    """Parse `{% zh %}…{% en %}…{% endzh %}`."""
    zh = parser.parse(("en",))
    parser.delete_first_token()
    en = parser.parse(("endzh",))
    parser.delete_first_token()
    return BlockNode(zh, en)
