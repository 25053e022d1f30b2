"""The buttons that lead to a customer's card; of their own, since lists and cards point at each other."""

from enum import StrEnum
from typing import Annotated
from uuid import UUID

from aiogram.filters.callback_data import CallbackData
from pydantic import Field

from campaigns.customers.class_lists import ListKind
from handlers.chat.numbers import PageNumber

Words = Annotated[str | None, Field(max_length=12)]


class CardTap(CallbackData, prefix="customer"):
    """One customer, and the page of the list to return to."""

    customer: UUID
    kind: ListKind | None = None
    page: PageNumber | None = None


class ClassWhyTap(CallbackData, prefix="class_why"):
    """Why one customer is in a class."""

    customer: UUID


class BundleTap(CallbackData, prefix="bundle_of"):
    """What one customer gets of the catalogue."""

    customer: UUID


class MyTap(CallbackData, prefix="my"):
    """A page of the own customers, with the words of the search."""

    page: PageNumber
    words: Words


class MineTap(CallbackData, prefix="mine"):
    """One of the own customers, and the page to return to; long words of a search are left out."""

    customer: UUID
    page: PageNumber
    words: Words


class WorkVerb(StrEnum):
    """What a manager does with a customer at the desk."""

    NOTE = "note"
    NEED = "need"
    TAG = "tag"
    ASK = "ask"
    FOLLOW_UP = "follow_up"


class WorkTap(CallbackData, prefix="work"):
    """A customer, and what is to be done."""

    customer: UUID
    verb: WorkVerb
