"""The buttons that turn the pages of a list."""

from collections.abc import Callable
from typing import Any

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton

from handlers.wording.paging import Leaf


def turns(shown: Leaf[Any], to: Callable[[int], CallbackData]) -> list[list[InlineKeyboardButton]]:
    """A row with the ways to the pages beside this one; none where it is the only one."""
    beside = [number for number in (shown.number - 1, shown.number + 1) if 1 <= number <= shown.pages]
    row = [
        InlineKeyboardButton(text="◀" if number < shown.number else "▶", callback_data=to(number).pack())
        for number in beside
    ]
    return [row] if row else []
