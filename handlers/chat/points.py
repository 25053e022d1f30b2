"""A member's points and check-in; a manager's budgets, settlement sheets and closing."""

from datetime import datetime
from zoneinfo import ZoneInfo

from aiogram import Router
from aiogram.filters import Command, CommandObject
from aiogram.filters.callback_data import CallbackData
from aiogram.methods import AnswerCallbackQuery, SendMessage
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message

from campaigns.earnings.model import EarnEvent
from campaigns.earnings.service import EarnService
from campaigns.members.model import Member
from campaigns.points.model import CampaignState, CloseRefusal, Settlement
from campaigns.points.service import PointsService
from campaigns.staff.model import Action, Role
from handlers.chat.app_buttons import app_row
from handlers.chat.filters import InGroup, InPrivate, Words
from handlers.chat.numbers import LARGEST, RowId
from handlers.chat.points_buttons import EarnTap, PointsTap, ShelfTap, ToFetchTap
from handlers.wording import members as member_words
from handlers.wording import points as words

router = Router(name="points")


class SettlementTap(CallbackData, prefix="settlement"):
    """The manager's button that shows a settlement sheet."""

    campaign: RowId


class RulePageTap(CallbackData, prefix="earn_rule"):
    """The button that shows a rule's page."""

    rule: RowId


class CloseBudgetTap(CallbackData, prefix="budget_close"):
    """The manager's button that asks to close a campaign."""

    campaign: RowId


class SureToCloseTap(CallbackData, prefix="budget_sure"):
    """The manager's second word: a closed campaign is never opened again."""

    campaign: RowId


@router.message(Command("points"), InPrivate())
@router.message(Words(*words.POINTS_WORDS), InPrivate())
async def show_points(
    message: Message, member: Member, points: PointsService, zone: ZoneInfo, mini_app: str | None
) -> SendMessage:
    """Balance, what is set aside, what ends next, the last movements."""
    return await _statement(message, member, points, zone, mini_app)


@router.callback_query(PointsTap.filter(), InPrivate())
async def tap_points(
    query: CallbackQuery, member: Member, points: PointsService, zone: ZoneInfo, mini_app: str | None
) -> SendMessage | AnswerCallbackQuery:
    """The same by button."""
    if not isinstance(query.message, Message):
        return query.answer(member_words.STALE_BUTTON.say(member.language), show_alert=True)
    return await _statement(query.message, member, points, zone, mini_app)


async def _statement(
    message: Message, member: Member, points: PointsService, zone: ZoneInfo, mini_app: str | None
) -> SendMessage:
    found = await points.statement(member.id)
    row = [
        _button(words.SHELF_BUTTON.say(member.language), ShelfTap()),
        _button(words.FETCH_BUTTON.say(member.language), ToFetchTap()),
        _button(words.EARN_BUTTON.say(member.language), EarnTap()),
    ]
    markup = InlineKeyboardMarkup(inline_keyboard=[row, *app_row(mini_app, "points", member.language)])
    return message.answer(words.statement(found, zone, member.language), reply_markup=markup)


@router.message(Command("earn"), InPrivate())
@router.message(Words(*words.EARN_WORDS), InPrivate())
async def show_earning(message: Message, member: Member, earnings: EarnService) -> SendMessage:
    """Everything by which the member can earn now, each with its rule page."""
    return await _earning(message, member, earnings)


@router.callback_query(EarnTap.filter(), InPrivate())
async def tap_earning(query: CallbackQuery, member: Member, earnings: EarnService) -> SendMessage | AnswerCallbackQuery:
    """The same by button."""
    if not isinstance(query.message, Message):
        return query.answer(member_words.STALE_BUTTON.say(member.language), show_alert=True)
    return await _earning(query.message, member, earnings)


@router.callback_query(RulePageTap.filter(), InPrivate())
async def show_rule_page(
    query: CallbackQuery, callback_data: RulePageTap, member: Member, earnings: EarnService
) -> SendMessage | AnswerCallbackQuery:
    """A rule's page as it was published; everybody may read it."""
    page = await earnings.page(callback_data.rule)
    if page is None or not isinstance(query.message, Message):
        return query.answer(words.NO_PAGE.say(member.language), show_alert=True)
    return query.message.answer(words.rule_page(page, member.language))


async def _earning(message: Message, member: Member, earnings: EarnService) -> SendMessage:
    found = await earnings.offered(member)
    had = await earnings.had(member, found)
    buttons = [[_button(words.rule_title(rule, member.language), RulePageTap(rule=rule.id))] for rule in found]
    markup = InlineKeyboardMarkup(inline_keyboard=buttons)
    return message.answer(words.offered(found, had, member.language), reply_markup=markup)


@router.message(Command("points", "shelf", "budget", "settlement", "redeem"), InGroup())
async def points_in_group(message: Message, member: Member) -> SendMessage:
    """Balances are nobody else's business."""
    return message.reply(words.PRIVATE_ONLY.say(member.language))


@router.message(Command("checkin"))
@router.message(Words(*words.CHECK_IN_WORDS), InPrivate())
async def check_in(message: Message, member: Member, earnings: EarnService) -> SendMessage:
    """Pay the daily check-in, in the group by command or in private."""
    earned = await earnings.pay(EarnEvent.CHECK_IN, member)
    return message.reply(words.check_in(earned, member.language))


@router.message(Words(*words.CHECK_IN_WORDS), InGroup())
async def check_in_by_word(message: Message, member: Member, earnings: EarnService) -> SendMessage | None:
    """The plain word in a group: where no check-in runs it is small talk."""
    earned = await earnings.pay(EarnEvent.CHECK_IN, member)
    return message.reply(words.check_in(earned, member.language)) if earned else None


@router.message(Command("budget"), InPrivate(), flags={"action": Action.SEE_BUDGET})
@router.message(Words(*words.BUDGET_WORDS), InPrivate(), flags={"action": Action.SEE_BUDGET})
async def show_budgets(
    message: Message, member: Member, points: PointsService, now: datetime, zone: ZoneInfo
) -> SendMessage:
    """Where the points of the own groups' campaigns lie, the newest first."""
    campaigns = await points.campaigns(_own(member))
    found = [await points.settlement(campaign.id) for campaign in campaigns]
    sheets = [sheet for sheet in found if sheet is not None]
    if not sheets:
        return message.answer(words.NO_CAMPAIGNS.say(member.language))
    texts = [words.budget(sheet, now, zone, member.language) for sheet in sheets]
    return message.answer("\n\n".join(texts), reply_markup=_budget_buttons(sheets, member))


@router.message(Command("settlement"), InPrivate(), flags={"action": Action.SEE_BUDGET})
@router.message(Command("结算单", "結算單"), InPrivate(), flags={"action": Action.SEE_BUDGET})
async def show_settlement(
    message: Message, command: CommandObject, member: Member, points: PointsService, now: datetime, zone: ZoneInfo
) -> SendMessage:
    """One campaign's settlement sheet."""
    asked = (command.args or "").strip().lstrip("#")
    if not (asked.isascii() and asked.isdigit() and 1 <= int(asked) <= LARGEST):
        return message.answer(words.SETTLEMENT_USAGE.say(member.language))
    return message.answer(await _settlement(int(asked), member, points, now, zone))


@router.callback_query(SettlementTap.filter(), InPrivate(), flags={"action": Action.SEE_BUDGET})
async def tap_settlement(
    query: CallbackQuery,
    callback_data: SettlementTap,
    member: Member,
    points: PointsService,
    now: datetime,
    zone: ZoneInfo,
) -> SendMessage | AnswerCallbackQuery:
    """The same by button."""
    if not isinstance(query.message, Message):
        return query.answer(member_words.STALE_BUTTON.say(member.language), show_alert=True)
    return query.message.answer(await _settlement(callback_data.campaign, member, points, now, zone))


@router.callback_query(CloseBudgetTap.filter(), InPrivate(), flags={"action": Action.SEE_BUDGET})
async def ask_to_close(
    query: CallbackQuery, callback_data: CloseBudgetTap, member: Member, points: PointsService
) -> SendMessage | AnswerCallbackQuery:
    """Say what a closing would do and ask once more, or why it cannot be now."""
    number = callback_data.campaign
    if not await points.is_run_by(number, _own(member)):
        return query.answer(words.NO_CAMPAIGN.say(member.language), show_alert=True)
    found = await points.closing(number)
    if isinstance(found, CloseRefusal):
        return query.answer(words.closed(found, member.language), show_alert=True)
    if not isinstance(query.message, Message):
        return query.answer(member_words.STALE_BUTTON.say(member.language), show_alert=True)
    campaign, budget = found
    text = words.SURE_TO_CLOSE.say(member.language, id=number, title=campaign.title, left=f"{budget.points:,}")
    button = _button(words.SURE_BUTTON.say(member.language, id=number), SureToCloseTap(campaign=number))
    return query.message.answer(text, reply_markup=InlineKeyboardMarkup(inline_keyboard=[[button]]))


@router.callback_query(SureToCloseTap.filter(), InPrivate(), flags={"action": Action.SEE_BUDGET})
async def close_campaign(
    query: CallbackQuery, callback_data: SureToCloseTap, member: Member, points: PointsService
) -> AnswerCallbackQuery:
    """Close a campaign that balances and whose every point has come to its end; otherwise say what is missing."""
    if not await points.is_run_by(callback_data.campaign, _own(member)):
        return query.answer(words.NO_CAMPAIGN.say(member.language), show_alert=True)
    outcome = await points.close(callback_data.campaign)
    return query.answer(words.closed(outcome, member.language), show_alert=True)


async def _settlement(campaign: int, member: Member, points: PointsService, now: datetime, zone: ZoneInfo) -> str:
    """The sheet's words; another manager's campaign is answered like one that does not exist."""
    sheet = await points.settlement(campaign) if await points.is_run_by(campaign, _own(member)) else None
    if sheet is None:
        return words.NO_CAMPAIGN.say(member.language)
    return words.settlement(sheet, now, zone, member.language)


def _own(member: Member) -> int | None:
    """Whose campaigns a member of staff sees: a team lead everybody's, a wealth manager the own."""
    return None if Role.TEAM_LEAD in member.roles else member.id


def _budget_buttons(sheets: list[Settlement], member: Member) -> InlineKeyboardMarkup:
    rows = []
    for sheet in sheets:
        number = sheet.campaign.id
        row = [_button(words.SETTLEMENT_BUTTON.say(member.language, id=number), SettlementTap(campaign=number))]
        if sheet.campaign.state is CampaignState.OPEN:
            row.append(_button(words.CLOSE_BUTTON.say(member.language, id=number), CloseBudgetTap(campaign=number)))
        rows.append(row)
    return InlineKeyboardMarkup(inline_keyboard=rows)


def _button(text: str, data: CallbackData) -> InlineKeyboardButton:
    return InlineKeyboardButton(text=text, callback_data=data.pack())
