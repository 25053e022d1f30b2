"""The buttons that lead to a customer's card; of their own, since lists and cards point at each other."""

from uuid import UUID

from aiogram.filters.callback_data import CallbackData

from campaigns.customers.class_lists import ListKind
from handlers.chat.numbers import PageNumber


class CardTap(CallbackData, prefix="customer"):
    """One customer, and the page of the list to return to."""

    customer: UUID
    kind: ListKind | None = None
    page: PageNumber | None = None


class ClassWhyTap(CallbackData, prefix="class_why"):
    """Why one customer is in a class."""

    customer: UUID
