"""All groups of a manager on one screen, and a post for several of them: words, approval, groups, preview, grace."""

from enum import StrEnum
from zoneinfo import ZoneInfo

from aiogram import F, Router
from aiogram.filters import Command, StateFilter
from aiogram.filters.callback_data import CallbackData
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.methods import AnswerCallbackQuery, EditMessageText, SendMessage
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message

from campaigns.broadcasts.model import Broadcast, BroadcastRefusal
from campaigns.broadcasts.service import BroadcastService
from campaigns.groups.model import Group
from campaigns.members.model import Member
from campaigns.staff.model import Action
from handlers.chat.filters import InGroup, InPrivate, NoCommand, Words
from handlers.chat.numbers import RowId
from handlers.wording import broadcasts as words
from handlers.wording import members as member_words

router = Router(name="broadcasts")

POSTS = {"action": Action.BROADCAST}
APPROVES = {"action": Action.APPROVE_POSTS}
SHOWN = 40


class Posting(StatesGroup):
    """The words of a post come next."""

    words = State()


class PostVerb(StrEnum):
    """What is done with a post."""

    APPROVE = "approve"
    REFUSE = "refuse"
    CHOOSE = "choose"
    ALL = "all"
    PREVIEW = "preview"
    SEND = "send"
    TAKE_BACK = "take_back"


DECISIONS = (PostVerb.APPROVE, PostVerb.REFUSE)
Reply = SendMessage | EditMessageText | AnswerCallbackQuery


class PostTap(CallbackData, prefix=words.POST_DATA):
    """A post and what is done with it."""

    post: RowId
    verb: PostVerb


class GroupTap(CallbackData, prefix=words.CHOOSE_DATA):
    """A group that is chosen or left out."""

    post: RowId
    group: RowId


@router.message(Command("groups"), InPrivate(), flags=POSTS)
@router.message(Words(*words.GROUP_WORDS), InPrivate(), flags=POSTS)
async def show_groups(message: Message, member: Member, broadcasts: BroadcastService, zone: ZoneInfo) -> SendMessage:
    """Joined, left, unanswered, chains, to-dos and the next message of every own group."""
    found = await broadcasts.screen(member)
    button = InlineKeyboardButton(text=words.WRITE_BUTTON.say(member.language), callback_data=words.POST_DATA)
    markup = InlineKeyboardMarkup(inline_keyboard=[[button]]) if found else None
    return message.answer(words.screen(found, zone, member.language)[:4096], reply_markup=markup)


@router.message(Command("broadcast"), InPrivate(), flags=POSTS)
@router.message(Words(*words.POST_WORDS), InPrivate(), flags=POSTS)
async def begin_post(message: Message, member: Member, state: FSMContext) -> SendMessage:
    """Ask for the words."""
    await state.set_state(Posting.words)
    return message.answer(words.ask_words(member.language))


@router.callback_query(F.data == words.POST_DATA, InPrivate(), flags=POSTS)
async def tap_begin(query: CallbackQuery, member: Member, state: FSMContext) -> SendMessage | AnswerCallbackQuery:
    """The same by button."""
    if not isinstance(query.message, Message):
        return query.answer(member_words.STALE_BUTTON.say(member.language), show_alert=True)
    await state.set_state(Posting.words)
    return query.message.answer(words.ask_words(member.language))


@router.message(StateFilter(Posting.words), InPrivate(), Words("取消", "cancel", "/cancel"))
async def stop_post(message: Message, member: Member, state: FSMContext) -> SendMessage:
    """Post nothing."""
    await state.clear()
    return message.answer(words.STOPPED.say(member.language))


@router.message(StateFilter(Posting.words), InPrivate(), NoCommand(), flags=POSTS)
async def write_post(message: Message, member: Member, broadcasts: BroadcastService, state: FSMContext) -> SendMessage:
    """Keep the words, once they pass the gate, and ask a colleague."""
    outcome = await broadcasts.write(message.text or "", member)
    if isinstance(outcome, BroadcastRefusal):
        return message.answer(words.refused(outcome, message.text or "", member.language))
    await state.clear()
    return message.answer(words.WAITS.say(member.language))


@router.callback_query(PostTap.filter(F.verb.in_(DECISIONS)), InPrivate(), flags=APPROVES)
async def decide_post(
    query: CallbackQuery, callback_data: PostTap, member: Member, broadcasts: BroadcastService
) -> EditMessageText | AnswerCallbackQuery:
    """A second person's word."""
    approved = callback_data.verb is PostVerb.APPROVE
    outcome = await broadcasts.decide(callback_data.post, member, approved=approved)
    if isinstance(outcome, BroadcastRefusal) or not isinstance(query.message, Message):
        return _refused(query, outcome, member)
    said = words.DECIDED[outcome.state].say(member.language)
    return query.message.edit_text(f"{query.message.text}\n\n{said}")


@router.callback_query(PostTap.filter(F.verb.not_in(DECISIONS)), InPrivate(), flags=POSTS)
async def work_post(
    query: CallbackQuery, callback_data: PostTap, member: Member, broadcasts: BroadcastService, zone: ZoneInfo
) -> Reply:
    """Choose groups, preview, send with a minute of grace, take back."""
    if not isinstance(query.message, Message):
        return _refused(query, BroadcastRefusal.UNKNOWN, member)
    post = callback_data.post
    match callback_data.verb:
        case PostVerb.PREVIEW:
            previewed = await broadcasts.preview(post, member)
            if isinstance(previewed, BroadcastRefusal):
                return _refused(query, previewed, member)
            shown, reach = previewed
            label = words.CONFIRM.say(member.language, heads=reach.heads)
            rows = [
                [_button(label, post, PostVerb.SEND)],
                [_button(words.BACK.say(member.language), post, PostVerb.CHOOSE)],
            ]
            text = words.preview(shown, reach, member.language)
            return query.message.edit_text(text, reply_markup=InlineKeyboardMarkup(inline_keyboard=rows))
        case PostVerb.SEND:
            placed = await broadcasts.place(post, member)
            if isinstance(placed, BroadcastRefusal):
                return _refused(query, placed, member)
            row = [_button(words.TAKE_BACK.say(member.language), post, PostVerb.TAKE_BACK)]
            markup = InlineKeyboardMarkup(inline_keyboard=[row])
            return query.message.edit_text(words.placed(placed, zone, member.language), reply_markup=markup)
        case PostVerb.TAKE_BACK:
            outcome = await broadcasts.take_back(post, member)
            if isinstance(outcome, BroadcastRefusal):
                return _refused(query, outcome, member)
            return query.message.edit_text(words.TAKEN_BACK.say(member.language, count=outcome))
        case PostVerb.ALL:
            return _chosen(query, query.message, await broadcasts.toggle(post, None, member), member)
        case _:
            return _chosen(query, query.message, await broadcasts.groups(post, member), member)


@router.callback_query(GroupTap.filter(), InPrivate(), flags=POSTS)
async def toggle_group(
    query: CallbackQuery, callback_data: GroupTap, member: Member, broadcasts: BroadcastService
) -> Reply:
    """Choose a group, or leave it out."""
    if not isinstance(query.message, Message):
        return _refused(query, BroadcastRefusal.UNKNOWN, member)
    found = await broadcasts.toggle(callback_data.post, callback_data.group, member)
    return _chosen(query, query.message, found, member)


@router.message(Command("groups", "broadcast"), InGroup())
async def groups_in_group(message: Message, member: Member) -> SendMessage:
    """All groups together are a matter for private."""
    return message.reply(member_words.PRIVATE_ONLY.say(member.language))


def _chosen(
    query: CallbackQuery, message: Message, found: tuple[Broadcast, list[Group]] | BroadcastRefusal, member: Member
) -> Reply:
    """The groups with a tick on those chosen."""
    if isinstance(found, BroadcastRefusal):
        return _refused(query, found, member)
    post, own = found
    rows = [
        [
            InlineKeyboardButton(
                text=f"{'✓ ' if group.id in post.groups else ''}{group.title}",
                callback_data=GroupTap(post=post.id, group=group.id).pack(),
            )
        ]
        for group in own[:SHOWN]
    ]
    rows.append(
        [
            _button(words.ALL.say(member.language), post.id, PostVerb.ALL),
            _button(words.PREVIEW_BUTTON.say(member.language), post.id, PostVerb.PREVIEW),
        ]
    )
    markup = InlineKeyboardMarkup(inline_keyboard=rows)
    return message.edit_text(words.choice(post, own, member.language), reply_markup=markup)


def _refused(query: CallbackQuery, found: Broadcast | BroadcastRefusal, member: Member) -> AnswerCallbackQuery:
    refusal = found if isinstance(found, BroadcastRefusal) else BroadcastRefusal.UNKNOWN
    return query.answer(words.refusal(refusal, member.language), show_alert=True)


def _button(label: str, post: int, verb: PostVerb) -> InlineKeyboardButton:
    return InlineKeyboardButton(text=label, callback_data=PostTap(post=post, verb=verb).pack())
