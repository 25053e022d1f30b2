"""The browser, a running sandbox, a bot and a scene for the tests of the web chat."""

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.scene import Scene
from tests.browser.scripted_bot import NAME, TOKEN, USERNAME, ScriptedBot, scripted_bot

ROOT = Path(__file__).parents[2]
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
expect.set_options(timeout=20_000)  # A busy machine's first answer may take longer than the usual five seconds.
PHONE = {"width": 375, "height": 812}

OpenPhone = Callable[..., Page]


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start the sandbox as its own process, without rate limits; its address without a trailing slash."""
    folder = tmp_path_factory.mktemp("sandbox")
    command = [sys.executable, "-m", "sandbox", "--port", "0", "--no-limits"]
    command += ["--clock-file", str(folder / "clock.json"), "--bot", f"{TOKEN}:{USERNAME}:{NAME}"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            first_line = server.stdout.readline()
            assert first_line, "The sandbox ended while starting."
            yield first_line.split()[-1]
        finally:
            server.terminate()
            server.wait()


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """A headless Chromium of this machine; the tests are skipped where there is none.

    It goes with this folder: while it lives, playwright's loop runs in this thread and no asynchronous test can.
    """
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None:
        pytest.skip(f"No browser found: install one of {', '.join(BROWSERS)} to run the web chat's tests.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def bot(address: str) -> Iterator[ScriptedBot]:
    """The bot that the phones talk to."""
    with scripted_bot(address) as scripted:
        yield scripted


@pytest.fixture
def scene(address: str, bot: ScriptedBot) -> Iterator[Scene]:
    """The person side, for setting up people and groups."""
    with httpx.Client(base_url=address) as client:
        yield Scene(client, USERNAME)


@pytest.fixture
def open_phone(address: str, browser: Browser) -> Iterator[OpenPhone]:
    """Open the phone of one person on a screen of a phone's size; a page error fails the test."""
    contexts = []
    errors: list[str] = []

    def open_one(person: int, chat: int | str | None = None, width: int = PHONE["width"]) -> Page:
        context = browser.new_context(viewport={"width": width, "height": PHONE["height"]}, locale="zh-CN")
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(f"{address}/?person={person}" + (f"&chat={chat}" if chat else ""))
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert not errors, f"The page raised: {errors}"
