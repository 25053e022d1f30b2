"""The loan form in a real browser, as narrow as a phone: what is wrong is said, nothing is lost, one request is in."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from bot.app import App
from campaigns.members.model import Introduction, Language
from campaigns.staff.model import Role
from storage.private_postgres import PrivatePostgres
from storage.staff import SqlStaffStore
from tests.browser.sites import OpenApp, Site, beyond_the_edge, opening, running_site, small_targets
from tests.miniapp import shelf

pytestmark = [pytest.mark.browser, pytest.mark.e2e]

WANG, STRANGER = 5_000_000_901, 5_000_000_999


async def prepare(app: App) -> None:
    """A customer with a linked number, and a manager who can take requests."""
    await shelf(app, WANG)
    async with app.database.unit_of_work() as uow:
        await app.services(uow).people.meet(Introduction(7, "李敏", Language.ZH, is_private=True), app.clock.now())
        await SqlStaffStore(uow).grant(7, Role.WEALTH_MANAGER, app.clock.now())


@pytest.fixture(scope="module")
def site(postgres: PrivatePostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with running_site(postgres, tmp_path_factory.mktemp("loans"), prepare) as found:
        yield found


@pytest.fixture
def open_app(browser: Browser, site: Site) -> Iterator[OpenApp]:
    """Open the page as Telegram does; a complaint, or a request to anywhere else, fails the test."""
    with opening(browser, site) as found:
        yield found


def test_a_shop_asks_for_a_loan_and_takes_it_back(open_app: OpenApp) -> None:
    page = open_app(WANG, "loans")
    expect(page.get_by_role("heading", name="小微贷款申请")).to_be_visible()
    assert (beyond_the_edge(page), small_targets(page)) == ([], [])
    send = page.get_by_role("button", name="提交申请")
    page.get_by_label("店名").fill("幸福里水果店")
    page.get_by_label("统一社会信用代码").fill("91350100M000100Y44")
    page.get_by_label("申请金额").fill("20")
    page.get_by_label("期限").fill("12")
    page.get_by_label("贷款用来做什么").select_option("进货")
    page.get_by_label("每月营业额").select_option("5–20 万")
    page.get_by_label("什么时候联系").select_option("上午")
    expect(send).to_be_disabled()
    page.get_by_role("radio", name="暂不同意").check()
    expect(page.locator("#view")).to_contain_text("贷款有风险，请量力而行")
    send.click()
    expect(page.get_by_role("status")).to_contain_text("代码不对")
    expect(page.get_by_label("店名")).to_have_value("幸福里水果店")
    page.get_by_label("统一社会信用代码").fill("91350100M000100Y43")
    send.click()
    expect(page.locator(".panel_own")).to_contain_text("已收到，等理财经理联系")
    assert (beyond_the_edge(page), small_targets(page)) == ([], [])
    page.get_by_role("button", name="撤回申请").click()
    page.get_by_role("dialog").get_by_role("button", name="撤回申请").click()
    expect(page.locator(".panel_own")).to_contain_text("已撤回")


def test_who_has_no_linked_number_is_shown_the_way(open_app: OpenApp) -> None:
    page = open_app(STRANGER, "loans", language="en")
    expect(page.get_by_role("button", name="Link my number")).to_be_visible()
    assert (beyond_the_edge(page), small_targets(page)) == ([], [])
