"""`{% t "中文" "English" %}` for a phrase, `{% zh %}…{% en %}…{% endzh %}` for a paragraph or for markup.

A phrase may name values of the context in braces: `{% t "共 {count} 人" "{count} people" %}`. Phrases are escaped
with their values; a block is markup, in which values escape themselves as everywhere.
"""

import re
from collections.abc import Iterator

from django import template
from django.template.base import FilterExpression, NodeList, Parser, Token
from django.template.context import Context
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from kaohe.web.lang.choice import spoken

register = template.Library()
_VALUE = re.compile(r"\{([a-zA-Z_][a-zA-Z0-9_.|:\"]*)\}")


class PhraseNode(template.Node):
    """A phrase in both languages; each is cut once into literal pieces and values."""

    def __init__(self, zh: list[str | FilterExpression], en: list[str | FilterExpression]) -> None:
        self._zh, self._en = zh, en

    def render(self, context: Context) -> SafeString:
        pieces = self._en if spoken() == "en" else self._zh
        return mark_safe("".join(p if isinstance(p, str) else _shown(p, context) for p in pieces))  # noqa: S308 - escaped piece by piece


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
    """Parse a phrase: two literals, Chinese then English."""
    bits = token.split_contents()[1:]
    if len(bits) != 2 or any(len(bit) < 2 or bit[0] not in "\"'" or bit[-1] != bit[0] for bit in bits):
        raise template.TemplateSyntaxError('`t` takes two quoted texts: {% t "中文" "English" %}')
    zh, en = (list(_pieces(bit[1:-1], parser)) for bit in bits)
    return PhraseNode(zh, en)


def _pieces(text: str, parser: Parser) -> Iterator[str | FilterExpression]:
    for index, piece in enumerate(_VALUE.split(text)):
        yield parser.compile_filter(piece) if index % 2 else escape(piece)


@register.tag("zh")
def block(parser: Parser, token: Token) -> BlockNode:
    """Parse `{% zh %}…{% en %}…{% endzh %}`."""
    zh = parser.parse(("en",))
    parser.delete_first_token()
    en = parser.parse(("endzh",))
    parser.delete_first_token()
    return BlockNode(zh, en)
