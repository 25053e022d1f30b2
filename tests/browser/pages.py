"""What the tests of the web chat do and look for on an open page."""

from playwright.sync_api import Locator, Page

JOIN = {"inline_keyboard": [[{"text": "我要接龙", "callback_data": "join"}]]}
CONTACT = {"keyboard": [[{"text": "分享手机号", "request_contact": True}]], "resize_keyboard": True}


def bubbles(page: Page | Locator, text: str) -> Locator:
    """The bubbles of the open chat that show this text."""
    return page.locator(".bubble").filter(has_text=text)


def send(page: Page | Locator, text: str) -> None:
    """Type a message and press Enter."""
    field = page.get_by_label("输入消息")
    field.fill(text)
    field.press("Enter")


def choose(page: Page, message: str, deed: str) -> None:
    """Open the menu of a message and choose from it."""
    bubbles(page, message).first.click(button="right")
    page.get_by_role("dialog").get_by_role("button", name=deed).click()
