"""Every role signs in and walks every page that it can reach, in a real browser against the real server.

No request to another host, no console error or CSP violation, no axe-core AA violation, nothing that scrolls
sideways or is cut off. Pictures of all pages land in `var/shots/`.
"""

import itertools
from collections.abc import Iterator
from typing import Any

import pytest

from kaohe.web.accounts.roles import Role
from tests.depth import PROVE
from tests.e2e.demonstration import PASSWORD, demonstration, shared_by
from tests.e2e.test_report_page import ARGUMENTS, CHROMIUM
from tests.e2e.visitor import View, Visitor

sync_api: Any = pytest.importorskip("playwright.sync_api", reason="needs playwright: uv sync --group dev")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium: apt-get install chromium fonts-noto-cjk")

ALL = [View(*values) for values in itertools.product((1440, 820, 390), ("zh", "en"), ("light", "dark"))]
PAIRWISE = [ALL[index] for index in (0, 3, 5, 6, 8, 11)]
"""Every width with every language, every width with every theme, every language with every theme."""
ROLES = [role.value for role in Role]
WALKS = (
    list(itertools.product(ROLES, ALL))
    if PROVE
    else [(role, PAIRWISE[index % len(PAIRWISE)]) for index, role in enumerate(ROLES)]
)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    own = tmp_path_factory.mktemp("demonstration")
    with demonstration(shared_by(tmp_path_factory.getbasetemp()), own) as found:
        yield found


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with sync_api.sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        yield started
        started.close()


@pytest.mark.parametrize(("role", "view"), WALKS, ids=str)
def test_a_role_walks_every_page_it_can_reach(browser: Any, address: str, role: str, view: View) -> None:
    visitor = Visitor(browser, address, view)

    visitor.sign_in(role)
    seen = visitor.walk(role)

    visitor.context.close()
    assert "\n".join(visitor.wrong) == ""
    assert seen >= {"home", "account", f"help-of-{role}"}


@pytest.mark.parametrize("view", ALL if PROVE else PAIRWISE, ids=str)
def test_the_styleguide_shows_every_component(browser: Any, address: str, view: View) -> None:
    visitor = Visitor(browser, address, view)

    visitor.page.goto(address + "styleguide/")
    visitor.look("styleguide", "nobody")

    visitor.context.close()
    assert "\n".join(visitor.wrong) == ""


def test_everything_can_be_done_without_scripts(browser: Any, address: str) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 1440, "height": 900})
    page = context.new_page()

    page.goto(address + "sign-in/")
    page.fill("input[name=login]", "office")
    page.fill("input[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(address)
    page.goto(address + "organisation/people/")
    page.fill("main input[type=search]", "wang")
    with page.expect_navigation():
        page.keyboard.press("Enter")

    assert page.locator("main table tbody tr").count() > 1
    context.close()
