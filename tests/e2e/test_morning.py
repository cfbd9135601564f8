"""A unit's morning: the province's hours come in with three faults, are mended, bars move, four people are reminded.

One officer in a real browser, the real server and its worker, a real SMTP server; at the end the import is taken back
and everything is as it was.
"""

import csv
import io
import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.e2e.demonstration import demonstration, shared_by
from tests.e2e.test_report_page import ARGUMENTS, CHROMIUM
from tests.e2e.visitor import View, Visitor
from tests.web.post.mailserver import MailServer, serving

sync_api: Any = pytest.importorskip("playwright.sync_api", reason="needs playwright: uv sync --group dev")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium: apt-get install chromium fonts-noto-cjk")

PATIENCE = 120_000
ONLINE, ENOUGH = "B4", "45"
LACKING = """
SELECT p.code, (SELECT MAX(t.activity) FROM training_attendance t JOIN training_activity a ON a.code = t.activity
                WHERE a.form = 'online' AND t.person LIKE 'D01%')
FROM organisation_person p JOIN organisation_unit u ON u.id = p.unit_id
JOIN organisation_posting s ON s.person_id = p.id AND s.departed IS NULL
LEFT JOIN (training_attendance t JOIN training_activity a ON a.code = t.activity AND a.form = 'online') ON t.person = p.code
WHERE u.code = 'D01' GROUP BY p.code
HAVING COALESCE(SUM(CASE WHEN t.status = 'present' THEN COALESCE(t.minutes, a.minutes) END), 0) < 2400 ORDER BY p.code"""
"""Who on the staff of D01 has fewer than 40 hours of online study, and an online course of the unit."""
ADDRESSES = "SELECT code, email FROM organisation_person"


@dataclass(frozen=True)
class Morning:
    """Where the server is, its database, the post office, and an officer's window."""

    address: str
    database: Path
    post: MailServer
    officer: Visitor

    @property
    def page(self) -> Any:
        return self.officer.page

    def ask(self, question: str) -> list[tuple[Any, ...]]:
        """Ask the database beside the server, for what an export of the province would hold."""
        connection = sqlite3.connect(f"file:{self.database}?mode=ro", uri=True)
        try:
            return connection.execute(question).fetchall()
        finally:
            connection.close()

    def points(self) -> float:
        """Return the points of online study as the unit's page shows them."""
        self.page.goto(self.address + "standing/")
        shown = self.page.locator(f"#{ONLINE} .pts").first.inner_text()
        return float(re.search(r"\d+\.\d\d", shown)[0])  # type: ignore[index]

    def upload(self, file: Path) -> None:
        """Send attendance of the open round through the form."""
        self.page.goto(self.address + "imports/new/")
        self.page.get_by_label("表", exact=True).select_option(label="出勤")
        self.page.get_by_label(re.compile("^考核轮次")).select_option(index=0)
        self.page.locator("input[type=file]").set_input_files(file)
        self.page.get_by_role("button", name="上传并对照").click()

    def look(self, name: str) -> None:
        """Take a picture, and look for what a page must not have."""
        self.officer.look(f"morning-{name}", "officer")


@pytest.fixture
def morning(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Morning]:
    server = MailServer()
    with serving(server) as port:
        settings = {
            "KAOHE_SMTP_HOST": "127.0.0.1", "KAOHE_SMTP_PORT": str(port), "KAOHE_SMTP_TLS": "none",
            "KAOHE_MAIL_FROM": "kaohe@office.example",
        }  # fmt: skip
        with (
            demonstration(shared_by(tmp_path_factory.getbasetemp()), tmp_path, settings) as address,
            sync_api.sync_playwright() as playwright,
        ):
            browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
            officer = Visitor(browser, address, View(1440, "zh", "light"))
            officer.sign_in("officer")
            yield Morning(address, tmp_path / "home" / "kaohe.sqlite3", server, officer)
            browser.close()


def test_a_units_morning(morning: Morning, tmp_path: Path) -> None:
    page, before = morning.page, morning.points()
    lacking = morning.ask(LACKING)
    mended = lacking[:-4]  # all but four reach the hours
    assert len(mended) > 3

    # --- the province's file, with three faults
    rows = [[activity, person, "出勤", ENOUGH] for person, activity in mended]
    rows[0][1], rows[1][2], rows[2][3] = "没有此人", "来了", "四十五"
    text = io.StringIO()
    csv.writer(text).writerows([["活动编号", "人员编号", "出勤", "实到学时"], *rows])
    (tmp_path / "省在线学习.csv").write_text(text.getvalue(), encoding="utf-8-sig")
    morning.upload(tmp_path / "省在线学习.csv")
    page.get_by_text("有 3 处错误，没有导入任何内容").wait_for(timeout=PATIENCE)
    assert page.locator("table.faults tbody tr").count() == 3
    morning.look("faults")

    # --- the marked workbook, mended and sent again
    with page.expect_download() as begun:
        page.get_by_role("link", name="下载标出错误的工作簿").click()
    begun.value.save_as(tmp_path / "marked.xlsx")
    book = load_workbook(tmp_path / "marked.xlsx")
    sheet = book.worksheets[0]
    header = {str(cell.value): cell.column for cell in sheet[1]}
    for n, ((person, _), column, value) in enumerate(
        zip(mended[:3], ("人员编号", "出勤", "实到学时"), (mended[0][0], "出勤", ENOUGH), strict=True), 2
    ):
        cell = sheet.cell(n, header[column])
        assert cell.comment or cell.fill.fgColor.rgb not in ("00000000", None), f"{column} of {person} is not marked"
        cell.value = value
    book.save(tmp_path / "省在线学习-改.xlsx")
    morning.upload(tmp_path / "省在线学习-改.xlsx")
    confirm = page.get_by_role("button", name=re.compile("^确认导入"))
    confirm.wait_for(timeout=PATIENCE)
    morning.look("preview")
    confirm.click()
    back = page.get_by_role("link", name=re.compile("^撤回"))
    back.wait_for(timeout=PATIENCE)
    the_import = page.url

    # --- the bars move
    after = morning.points()
    assert after > before
    morning.look("standing")

    # --- remind the four who are left
    page.locator(f"#{ONLINE}").get_by_role("button", name="提醒这 4 人").click()
    page.get_by_role("button", name=re.compile("^发出")).wait_for()
    morning.look("letter")
    left = {person for person, _ in lacking[-4:]}
    addresses = {email for code, email in morning.ask(ADDRESSES) if code in left and email}
    page.get_by_role("button", name=f"发出 {len(addresses)} 封").click()
    page.get_by_text(f"{len(addresses)}").first.wait_for()
    for _ in range(600):
        if len(morning.post.got) == len(addresses):
            break
        page.wait_for_timeout(200)
    assert set(morning.post.got) == addresses
    assert all("在线学习" in mail.get_body().get_content() for mail in morning.post.taken)

    # --- one handbook on paper
    morning.page.goto(morning.address + "standing/")
    page.locator(f"#{ONLINE} .names a").first.click()
    morning.look("handbook")
    sheet_url = page.get_by_role("link", name=re.compile("打印记录单")).get_attribute("href")
    printed = page.context.request.get(morning.address.rstrip("/") + sheet_url)
    assert printed.status == 200
    assert printed.body().startswith(b"%PDF")

    # --- take the import back
    page.goto(the_import)
    back.click()
    page.get_by_role("button", name=re.compile("^撤回")).click()
    page.get_by_text(re.compile("已撤回")).first.wait_for(timeout=PATIENCE)
    assert morning.points() == before
    assert "\n".join(morning.officer.wrong) == ""
