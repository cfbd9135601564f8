"""The report in a real browser: every width, both themes, from a file, with nothing asked and nothing amiss."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unicodedata import normalize

import pytest
from pypdf import PdfReader

from kaohe.documents.report import report_html
from kaohe.standard.model import Language
from tests.builders import city

sync_api: Any = pytest.importorskip("playwright.sync_api", reason="needs playwright: uv sync --group dev")

PLACES = [Path("/usr/bin") / name for name in ("chromium", "chromium-browser", "google-chrome")]
CHROMIUM = next((place for place in PLACES if place.exists()), None)
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium: apt-get install chromium fonts-noto-cjk")

ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
LANGUAGES: tuple[Language, ...] = ("zh", "en")
SIZES = [(360, "light"), (390, "dark"), (820, "light"), (820, "dark"), (1440, "light"), (1440, "dark")]

# Each visible text against the ground behind it: its own ancestors', or the shape of the same chart under its middle.
FAINT_TEXTS = """() => {
  const part = c => { c /= 255; return c <= .04045 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4 };
  const rgb = s => (s.match(/[\\d.]+/g) || []).map(Number);
  const light = ([r, g, b]) => .2126 * part(r) + .7152 * part(g) + .0722 * part(b);
  const ground = e => { for (; e; e = e.parentElement) {
    const c = rgb(getComputedStyle(e).backgroundColor); if (c.length === 3 || c[3] > 0) return c }
    return [255, 255, 255] };
  const under = (text, box) => [...text.ownerSVGElement.querySelectorAll('rect')].filter(r => {
    const b = r.getBoundingClientRect(), x = box.left + box.width / 2, y = box.top + box.height / 2;
    return b.left <= x && x <= b.right && b.top <= y && y <= b.bottom }).pop();
  const faint = [], walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT); let seen = 0;
  while (walk.nextNode()) {
    const node = walk.currentNode, e = node.parentElement, range = document.createRange();
    if (!node.data.trim() || e.closest('.sr')) continue;
    range.selectNodeContents(node); const box = range.getBoundingClientRect(); if (!box.width) continue;
    const svg = e.ownerSVGElement, shape = svg && under(e, box), style = getComputedStyle(e); seen++;
    const fore = light(rgb(svg ? style.fill : style.color));
    const back = light(shape ? rgb(getComputedStyle(shape).fill) : ground(svg || e));
    const ratio = (Math.max(fore, back) + .05) / (Math.min(fore, back) + .05);
    if (ratio < 4.5) faint.push([node.data.trim().slice(0, 20), e.className, ratio.toFixed(2)]);
  }
  return { seen, faint };
}"""
SMALL_CHART_TEXTS = """() => [...document.querySelectorAll('svg.ch text')].map(t => [t.textContent,
  parseFloat(getComputedStyle(t).fontSize) * t.getScreenCTM().a]).filter(([text, size]) => size < 10.9)"""
SMALL_TARGETS = """() => [...document.querySelectorAll('.tabset > label, .large, .mast-menu > summary')]
  .map(e => [e.textContent, e.getBoundingClientRect().height]).filter(([text, height]) => height && height < 44)"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("report")
    some = city(counties=3, departments=12, unscored=1)
    for language in LANGUAGES:
        (folder / f"{language}.html").write_text(report_html(some, language, "ab" * 32), encoding="utf-8")
    return {language: folder / f"{language}.html" for language in LANGUAGES}


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    yield page
    page.close()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("width", "theme"), SIZES)
def test_every_width_and_theme(browser: Any, files: dict[str, Path], width: int, theme: str, language: str) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=theme)
    said: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(files[language].as_uri())

    assert page.evaluate("document.documentElement.scrollWidth") == width
    texts = page.evaluate(FAINT_TEXTS)
    assert texts["faint"] == []
    assert texts["seen"] > 2000
    assert page.evaluate(SMALL_CHART_TEXTS) == []
    if width < 700:
        assert page.evaluate(SMALL_TARGETS) == []
    page.check("#large")
    assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "19px"
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert said == []
    assert asked == [files[language].as_uri()]
    page.close()


def test_the_contrast_check_would_notice_a_faint_text(page: Any) -> None:
    page.set_content('<p style="color: #999; background: #fff">faint</p>')

    assert page.evaluate(FAINT_TEXTS)["faint"] == [["faint", "", "2.85"]]


def test_the_keyboard_reaches_the_text_and_switches_the_panel(page: Any, files: dict[str, Path]) -> None:
    page.goto(files["zh"].as_uri())

    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.evaluate("document.activeElement.getBoundingClientRect().top") >= 0
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    shown = "[...document.querySelectorAll('.panel')].map(p => getComputedStyle(p).display)"
    assert page.evaluate(shown) == ["block", "none", "none"]
    page.focus("#panel-0")
    page.keyboard.press("ArrowRight")
    assert page.evaluate(shown) == ["none", "block", "none"]


def test_a_link_of_the_ranking_leads_to_the_sheet(page: Any, files: dict[str, Path]) -> None:
    page.goto(files["zh"].as_uri())

    name = page.locator(".panel a").first.inner_text()
    page.locator(".panel a").first.click()

    assert page.locator(".doc:target h3").inner_text() == name
    assert abs(page.locator(".doc:target").bounding_box()["y"]) < 60


def test_the_heads_of_the_heat_table_stay_in_view(page: Any, files: dict[str, Path]) -> None:
    page.set_viewport_size({"width": 820, "height": 500})
    page.goto(files["zh"].as_uri())

    page.evaluate("document.querySelector('.window').scrollTo(400, 300)")
    page.evaluate("document.querySelector('.window').scrollIntoView()")

    top = page.evaluate("""() => { const w = document.querySelector('.window').getBoundingClientRect();
      const head = document.querySelector('.heat thead').getBoundingClientRect();
      const name = document.querySelector('.heat tbody tr:last-child th').getBoundingClientRect();
      return [head.top - w.top, name.left - w.left] }""")
    assert top == [0, 0]


def test_each_sheet_starts_a_printed_page(page: Any, files: dict[str, Path], tmp_path: Path) -> None:
    page.goto(files["zh"].as_uri())
    page.pdf(path=str(tmp_path / "report.pdf"), prefer_css_page_size=True)

    pages = _printed(tmp_path / "report.pdf")

    starting = [text for text in pages if text.startswith("行政机关公务员基本功训练考核评分单")]
    assert len(starting) == 15
    assert sum("行政机关公务员基本功训练考核评分单" in text for text in pages) == 15
    assert "跳到正文" not in "".join(pages)


def test_a_folded_sheet_opens_when_it_is_pointed_at(page: Any, files: dict[str, Path], tmp_path: Path) -> None:
    html = files["zh"].read_text(encoding="utf-8")
    folded = html.replace('<article class="doc"', '<details class="fold"><summary>行</summary><article class="doc"')
    (tmp_path / "folded.html").write_text(folded.replace("</article>", "</article></details>"), encoding="utf-8")
    page.goto((tmp_path / "folded.html").as_uri())

    page.locator(".panel a").first.click()

    assert page.locator(".doc:target").is_visible()
    page.pdf(path=str(tmp_path / "folded.pdf"), prefer_css_page_size=True)
    assert "".join(_printed(tmp_path / "folded.pdf")).count("行政机关公务员基本功训练考核评分单") == 15


def _printed(path: Path) -> list[str]:
    """The text of each page without blanks; a PDF may write a character as its look-alike radical."""
    return [normalize("NFKC", "".join(sheet.extract_text().split())) for sheet in PdfReader(path).pages]
