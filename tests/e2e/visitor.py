"""A browser's window on the real server, and everything that goes wrong in it."""

import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from django.urls import Resolver404, resolve

from tests.e2e.demonstration import PASSWORD

axe: Any = pytest.importorskip("axe_playwright_python.sync_playwright", reason="needs axe: uv sync --group dev")

SHOTS = Path(__file__).parents[2] / "var" / "shots"
AA = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], "resultTypes": ["violations"]}
FILES = ("json", "xlsx", "txt", "csv", "pdf")

WIDER_THAN_THE_PAGE = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
CUT_OFF = """() => [...document.querySelectorAll('main *, header *, footer *')].filter(e => {
  const style = getComputedStyle(e);
  return e.children.length === 0 && e.textContent.trim() && !e.closest('.sr') && !e.closest('select') && e.tagName !== 'OPTION'
    && style.overflow === 'hidden' && style.textOverflow !== 'ellipsis'
    && (e.scrollWidth > e.clientWidth + 1 || e.scrollHeight > e.clientHeight + 2);
}).map(e => e.outerHTML.slice(0, 120))"""
BEYOND_THE_EDGE = """() => [...document.querySelectorAll('main *, header *, footer *')].filter(e => {
  const box = e.getBoundingClientRect();
  return box.width && box.right > innerWidth + 1 && !e.closest('.tw') && !e.closest('.sr') && !e.closest('pre');
}).map(e => e.outerHTML.slice(0, 120))"""
# a box is hit by its label too
SMALL_TARGETS = """() => [...document.querySelectorAll('main button, main .btn, main input:not([type=hidden], [type=checkbox], [type=radio]), main select')]
  .filter(e => { const box = e.getBoundingClientRect(); return box.height && box.height < 24 && !e.closest('.sr') }).map(e => e.outerHTML.slice(0, 100))"""


LOOKS = 2
"""How many roles' pages of a kind are looked at closely in one view: the others' differ by a button at most."""
LOOKED: Counter[tuple[str, "View"]] = Counter()


@dataclass(frozen=True)
class View:
    """How a browser looks at a page."""

    width: int
    language: str
    theme: str

    def __str__(self) -> str:
        return f"{self.width}-{self.language}-{self.theme}"


class Visitor:
    """A browser's window, and everything that went wrong in it."""

    def __init__(self, browser: Any, address: str, view: View) -> None:
        self.address, self.view, self.wrong = address, view, list[str]()
        self.context = browser.new_context(viewport={"width": view.width, "height": 900}, locale="zh-CN")
        host = urlsplit(address).hostname
        for name, value in (("kaohe-language", view.language), ("kaohe-theme", view.theme)):
            self.context.add_cookies([{"name": name, "value": value, "url": address}])
        self.page = self.context.new_page()
        self.page.on(
            "console",
            lambda said: self._note(f"console {said.type}: {said.text}") if said.type in ("error", "warning") else None,
        )
        self.page.on("pageerror", lambda error: self._note(f"script: {error}"))
        self.page.on(
            "request", lambda asked: self._note(f"asks {asked.url}") if urlsplit(asked.url).hostname != host else None
        )

    def _note(self, what: str) -> None:
        self.wrong.append(f"{urlsplit(self.page.url).path}: {what}")

    def sign_in(self, username: str) -> None:
        """Sign in through the form, as a person does."""
        self.page.goto(self.address + "sign-in/")
        self.look("sign-in", username)
        self.page.get_by_label(re.compile("用户名|User name")).fill(username)
        self.page.get_by_label(re.compile("^密码|^Password")).fill(PASSWORD)
        self.page.keyboard.press("Enter")
        self.page.wait_for_url(self.address)

    def look(self, name: str, who: str) -> None:
        """Take a picture, and look for whatever a page must not have."""
        folder = SHOTS / who
        folder.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=folder / f"{name}-{self.view}.png", full_page=True)
        for found in axe.Axe().run(self.page, options=AA).response["violations"]:
            self._note(
                f"axe {found['id']}: {found['nodes'][0]['html'][:160]} {found['nodes'][0].get('failureSummary', '')[:200]}"
            )
        if (wider := self.page.evaluate(WIDER_THAN_THE_PAGE)) > 0:
            self._note(f"scrolls sideways by {wider}: {self.page.evaluate(BEYOND_THE_EDGE)[:3]}")
        for question, what in ((CUT_OFF, "cut off"), (SMALL_TARGETS, "too small to hit")):
            for found in self.page.evaluate(question)[:3]:
                self._note(f"{what}: {found}")
        language = self.page.evaluate("document.documentElement.lang")
        if language != {"zh": "zh-CN", "en": "en"}[self.view.language]:
            self._note(f"speaks {language}")

    def walk(self, who: str) -> set[str]:
        """Visit one page of every kind that links lead to from where it stands; return the kinds."""
        queue, seen = [urlsplit(self.page.url).path or "/"], set[str]()
        while queue:
            path = queue.pop(0)
            kind = kind_of(path)
            if kind is None or kind in seen or (kind.startswith("help-of-") and kind != f"help-of-{who}"):
                continue
            seen.add(kind)
            answer = self.page.goto(urljoin(self.address, path))
            if answer.status != 200:
                self._note(f"{path} answers {answer.status}")
            LOOKED[kind, self.view] += 1
            if LOOKED[kind, self.view] <= LOOKS:
                self.look(kind, who)
            if kind.startswith("help-of-"):
                continue  # it speaks to its own role, and leads to that role's pages
            queue += self.page.eval_on_selector_all(
                "a[href]:not([download])", "links => links.map(link => link.getAttribute('href'))"
            )
        return seen


def kind_of(link: str) -> str | None:
    """Return the name of the page to which a link of ours leads; None for files and for what is no page."""
    parts = urlsplit(link)
    if parts.scheme or parts.netloc or not parts.path or parts.path.rsplit(".", 1)[-1] in FILES:
        return None
    try:
        found = resolve(parts.path)
    except Resolver404:
        return None
    return f"{found.url_name}-{found.kwargs['role']}" if "role" in found.kwargs else found.url_name
