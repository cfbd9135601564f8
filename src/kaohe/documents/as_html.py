"""HTML as values: a text is escaped unless it already is markup, and a page is one file that asks for nothing."""

import base64
import hashlib
from collections.abc import Iterable
from html import escape
from importlib import resources
from typing import TypeAlias

from kaohe.standard.model import Language

VOID = frozenset({"meta", "input", "br", "hr"})
SHAPES = frozenset({"rect", "line", "circle", "path"})
LANGUAGE_TAGS: dict[Language, str] = {"zh": "zh-CN", "en": "en"}


class Markup(str):
    """Text that is HTML (or SVG) already. Only `el` and `fragment` make it."""

    __slots__ = ()


Child: TypeAlias = "str | int | Iterable[Child] | None"
Value = str | int | bool | None


def el(tag: str, *children: Child, **attributes: Value) -> Markup:
    """Write one element. Plain text is escaped, None left out, iterables are written in turn.

    `class_` becomes class, `aria_label` becomes aria-label; True is a bare attribute, None and False none.

    >>> el("b", "1 < 2", class_="strong")
    '<b class="strong">1 &lt; 2</b>'
    """
    head = tag + "".join(_attribute(name, value) for name, value in attributes.items())
    if tag in SHAPES:
        return Markup(f"<{head}/>")
    if tag in VOID:
        return Markup(f"<{head}>")
    return Markup(f"<{head}>{_written(children)}</{tag}>")


def fragment(*children: Child) -> Markup:
    """Write several children without an element around them."""
    return Markup(_written(children))


def _attribute(name: str, value: Value) -> str:
    if value is None or value is False:
        return ""
    written = name.rstrip("_").replace("_", "-")
    return f" {written}" if value is True else f' {written}="{escape(str(value))}"'


def _written(child: Child) -> str:
    match child:
        case Markup():
            return child
        case str():
            return escape(child, quote=False)
        case None:
            return ""
        case int():
            return str(child)
        case _:
            return "".join(_written(inner) for inner in child)


def style_sheet(name: str) -> str:
    """Read a style sheet of the package's layout folder."""
    return resources.files("kaohe.documents").joinpath("layout", name).read_text(encoding="utf-8")


def page(title: str, body: Markup, *, style: str, language: Language) -> str:
    """Write a whole page with its style inside. Its policy forbids every request and every script.

    The one style sheet is named by its digest, so that nothing else can be slipped in.
    """
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    head = el(
        "head",
        el("meta", charset="utf-8"),
        el("meta", http_equiv="Content-Security-Policy", content=policy),
        el("meta", name="viewport", content="width=device-width, initial-scale=1"),
        el("meta", name="referrer", content="no-referrer"),
        el("title", title),
        Markup(f"<style>{style}</style>"),
    )
    return "<!doctype html>\n" + el("html", head, "\n", el("body", body), "\n", lang=LANGUAGE_TAGS[language]) + "\n"
