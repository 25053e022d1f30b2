"""The button that opens the Mini App beside what the chat shows."""

from aiogram.types import InlineKeyboardButton, WebAppInfo

from campaigns.members.model import Language
from handlers.wording.miniapp import OPEN_BUTTON


def app_row(mini_app: str | None, view: str, language: Language) -> list[list[InlineKeyboardButton]]:
    """One row with the button, for private chats alone; none where no address is set that Telegram would open."""
    if mini_app is None:
        return []
    opened = WebAppInfo(url=f"{mini_app}?view={view}")
    return [[InlineKeyboardButton(text=OPEN_BUTTON.say(language), web_app=opened)]]
