"""The buttons by which the terms of a chain or group-buy are chosen."""

from collections.abc import Sequence

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton

from campaigns.chains.eligibility import ConditionKind, Holding
from campaigns.chains.stages import LeaderRule
from campaigns.groupbuys.drafting import LETTERS, SIZES, Choice, Terms
from campaigns.groups.model import Group
from campaigns.members.model import Language
from handlers.chat.numbers import ChatId
from handlers.wording import groupbuy_terms as words

REGION_LABEL = 12


class TermTap(CallbackData, prefix="term"):
    """One button of the terms; the number says which size, letter, region or group."""

    choice: Choice
    number: ChatId


class StartTap(CallbackData, prefix="terms_start"):
    """Open what the screen shows, or drop it."""

    yes: bool


def terms_keyboard(terms: Terms, groups: Sequence[Group], language: Language) -> list[list[InlineKeyboardButton]]:
    """Every choice as a button, those made with a tick."""
    sizes = sorted({*SIZES, *(each.size for each in terms.stages)})
    other = _button(words.OTHER_SIZE_BUTTON.say(language), TermTap(choice=Choice.SIZE, number=0))
    rows = [[_size(terms, size, language) for size in sizes], [other], _conditions(terms, language)]
    rows.append([_letter(terms, at, language) for at in range(len(LETTERS))])
    rows += [
        [_chosen(name[:REGION_LABEL], Choice.REGION, at, on=terms.has(ConditionKind.REGION, name))]
        for at, name in enumerate(terms.regions)
    ]
    if len(groups) > 1:
        rows += [
            [_chosen(group.title, Choice.GROUP, group.chat_id, on=group.chat_id in terms.chats)] for group in groups
        ]
    if terms.stages:
        rows.append(_rules(terms, language))
    start, drop = words.START_BUTTON.say(language), words.DROP_BUTTON.say(language)
    return [*rows, [_button(start, StartTap(yes=True)), _button(drop, StartTap(yes=False))]]


def _size(terms: Terms, size: int, language: Language) -> InlineKeyboardButton:
    there = any(each.size == size for each in terms.stages)
    return _chosen(words.SIZE_BUTTON.say(language, size=size), Choice.SIZE, size, on=there)


def _letter(terms: Terms, at: int, language: Language) -> InlineKeyboardButton:
    label = words.LETTER_BUTTON.say(language, letter=LETTERS[at])
    return _chosen(label, Choice.LETTER, at, on=terms.has(ConditionKind.CLASS, LETTERS[at]))


def _conditions(terms: Terms, language: Language) -> list[InlineKeyboardButton]:
    no_card = terms.has(ConditionKind.NOT_HOLDING, Holding.CARDS)
    return [
        _chosen(words.BOUND_BUTTON.say(language), Choice.BOUND, 0, on=terms.has(ConditionKind.BOUND)),
        _chosen(words.NEW_TO_CARDS_BUTTON.say(language), Choice.NEW_TO_CARDS, 0, on=no_card),
    ]


def _rules(terms: Terms, language: Language) -> list[InlineKeyboardButton]:
    ends = terms.leader_rule is LeaderRule.ENDS
    return [
        _chosen(words.AT_TOP_BUTTON.say(language), Choice.AT_TOP, 0, on=terms.ends_at_top),
        _chosen(words.LEADER_BUTTON.say(language), Choice.LEADER, 0, on=ends),
    ]


def _chosen(label: str, choice: Choice, number: int, *, on: bool) -> InlineKeyboardButton:
    return _button(words.CHOSEN * on + label, TermTap(choice=choice, number=number))


def _button(text: str, data: CallbackData) -> InlineKeyboardButton:
    return InlineKeyboardButton(text=text, callback_data=data.pack())
