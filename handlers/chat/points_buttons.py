"""The buttons between the pages of a member's points; of their own, since pages point at each other."""

from aiogram.filters.callback_data import CallbackData


class PointsTap(CallbackData, prefix="points"):
    """Open the member's points."""


class EarnTap(CallbackData, prefix="earn"):
    """Open what earns points."""


class ShelfTap(CallbackData, prefix="shelf"):
    """Open the shelf."""


class ToFetchTap(CallbackData, prefix="to_fetch"):
    """Open what is still to be fetched."""
