"""Bookings in a real browser, as narrow as a phone: a free time is booked by two taps and given back."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from bot.app import App
from storage.private_postgres import PrivatePostgres
from tests.browser.sites import OpenApp, Site, beyond_the_edge, opening, running_site, small_targets

pytestmark = [pytest.mark.browser, pytest.mark.e2e]

WANG = 5_000_000_901
EXAMPLE = (Path(__file__).resolve().parents[2] / "campaigns" / "catalogue" / "example.yaml").read_text("utf-8")


async def prepare(app: App) -> None:
    """A bank with zones."""
    async with app.database.unit_of_work() as uow:
        await app.services(uow).catalogue.load(EXAMPLE, "王", "首次")


@pytest.fixture(scope="module")
def site(postgres: PrivatePostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with running_site(postgres, tmp_path_factory.mktemp("zones"), prepare) as found:
        yield found


@pytest.fixture
def open_app(browser: Browser, site: Site) -> Iterator[OpenApp]:
    """Open the page as Telegram does; a complaint, or a request to anywhere else, fails the test."""
    with opening(browser, site) as found:
        yield found


def test_a_hospital_visit_is_booked_by_two_taps_and_given_back(open_app: OpenApp) -> None:
    page = open_app(WANG, "zones")
    clinic = page.locator("section.panel", has_text="医院挂号（内科）")
    expect(clinic).to_contain_text("市第一医院（示例）")
    assert (beyond_the_edge(page), small_targets(page)) == ([], [])
    clinic.get_by_role("button", name="（3）").first.click()
    page.get_by_role("button", name="预约", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("约好了：医院挂号（内科）")
    clinic.get_by_role("button", name="取消").click()
    page.get_by_role("button", name="取消预约").click()
    expect(page.get_by_role("status")).to_contain_text("已取消")
    expect(clinic.get_by_role("button", name="取消")).to_have_count(0)
