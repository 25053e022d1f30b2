"""The segment report in a real browser: complete, silent, narrow enough for a phone, with Chinese that renders."""

import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page

from campaigns.customers.data_quality import DataQuality
from campaigns.customers.report import SegmentReport
from campaigns.customers.reporting import ReportService
from handlers.pages.reports.page import report_page
from handlers.wording.reports import SECTIONS
from segmentation.synthetic import invent_people, write_delivery
from storage.private_postgres import PrivatePostgres
from storage.reports import open_reports
from storage.vault import Keyring, Vault
from tests.databases import fresh_database
from tests.storage.runs import ZONE, deliver_next, import_folder, segment

pytestmark = [pytest.mark.browser, pytest.mark.e2e]
PEOPLE = invent_people(120)
WIDTHS = (360, 375, 768, 1280)
SENTENCE = """(words) => {
    document.body.replaceChildren();
    const line = document.createElement("p");
    line.textContent = words;
    line.style.cssText = "font: 48px 'Noto Sans CJK SC', 'Adobe Blank'; margin: 0; width: 48px; height: 72px";
    document.body.append(line);
}"""


@pytest.fixture(scope="module")
def file(postgres: PrivatePostgres, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of an invented bank's second quarter, with a bank's longest number in its lists."""
    folder = tmp_path_factory.mktemp("bank")
    vault = Vault(Keyring.open(folder / "keyring.json"))
    with fresh_database(postgres) as url:
        write_delivery(folder / "delivery", PEOPLE)
        import_folder(url, vault, folder / "delivery")
        segment(url)
        deliver_next(url, vault, folder / "next", PEOPLE, {PEOPLE[0].number: 9_000_000})
        segment(url)
        with open_reports(url, ZONE) as store:
            report = ReportService(store).report()
    assert isinstance(report, SegmentReport)
    longest = report.valuable[0]._replace(number="6" * 64)
    page = folder / "report.html"
    page.write_text(report_page(replace(report, valuable=(longest,)), DataQuality({}, (), {})), "utf-8")
    return page


@pytest.fixture
def page(browser: Browser, file: Path) -> Iterator[Page]:
    """The page, opened offline; any complaint or request fails the test."""
    context = browser.new_context(viewport={"width": 360, "height": 740}, locale="zh-CN", offline=True)
    opened = context.new_page()
    complaints: list[str] = []
    opened.on("console", lambda message: complaints.append(message.text))
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on("request", lambda request: complaints.append(request.url) if request.url.startswith("http") else None)
    opened.goto(file.as_uri())
    yield opened
    context.close()
    assert complaints == []


def test_every_section_is_there_and_has_something_to_say(page: Page) -> None:
    for name in SECTIONS:
        assert len(page.locator(f"#{name}").inner_text()) > 20, name
    assert page.locator("nav a").count() == len(SECTIONS)
    assert page.locator("figure svg").count() >= 5


@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_overflows_sideways(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth") == width
    beyond = "[...document.querySelectorAll('body *')].filter((e) => e.getBoundingClientRect().right > innerWidth + 1)"
    assert page.evaluate(f"{beyond}.map((e) => e.outerHTML.slice(0, 80))") == []


def test_no_words_of_a_picture_leave_it(page: Page) -> None:
    outside = """[...document.querySelectorAll("figure svg")].flatMap((svg) => {
        const frame = svg.getBoundingClientRect();
        return [...svg.querySelectorAll("text")].filter((words) => {
            const box = words.getBoundingClientRect();
            return box.right > frame.right + 1 || box.left < frame.left - 1 || box.bottom > frame.bottom + 1;
        }).map((words) => words.textContent);
    })"""
    assert page.evaluate(outside) == []


def test_the_font_comes_with_the_page_and_draws_characters(page: Page) -> None:
    faces = page.evaluate("[...document.fonts].map((face) => [face.family, face.status])")
    assert faces == [["Noto Sans CJK SC", "loaded"]]
    drawn = set()
    for character in "成长培育潜力":
        page.evaluate(SENTENCE, character)
        picture = Image.open(io.BytesIO(page.locator("p").screenshot())).convert("L")
        assert min(picture.tobytes()) < 80, "nothing was drawn"
        drawn.add(picture.tobytes())
    assert len(drawn) == 6


def test_on_paper_the_links_are_gone_and_the_pictures_stay(page: Page) -> None:
    page.emulate_media(media="print")
    assert page.locator("nav").is_hidden()
    assert page.locator("#picture-quadrant svg").is_visible()
