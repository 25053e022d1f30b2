"""Telegram's published limits, on a clock that a test turns."""

import httpx
import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramRetryAfter

from sandbox.client import RefusedError, Sandbox
from tests.sandbox.scenes import Group, friend_of, group_with


@pytest.fixture
async def group(sandbox: Sandbox, bot: Bot) -> Group:
    """A group under the published limits, with a clock that stands still until it is turned."""
    made = await group_with(sandbox, bot)
    await sandbox.turn_clock(rate=0)
    await sandbox.set_faults(limits=True)
    return made


async def send_until_refused(bot: Bot, sandbox: Sandbox, chat: int, pause: int) -> tuple[int, int]:
    """Send with this pause until Telegram refuses; returns how many passed and what retry_after was."""
    for count in range(100):
        try:
            await bot.send_message(chat, f"{count}")
        except TelegramRetryAfter as refusal:
            return count, refusal.retry_after
        await sandbox.turn_clock(pause)
    return 100, 0


async def test_a_chat_takes_a_short_burst_and_then_one_a_second(sandbox: Sandbox, bot: Bot, group: Group) -> None:
    assert await send_until_refused(bot, sandbox, group.id, 0) == (3, 1)
    await sandbox.turn_clock(1)
    assert await send_until_refused(bot, sandbox, group.id, 0) == (1, 1)


async def test_a_group_takes_twenty_messages_a_minute(sandbox: Sandbox, bot: Bot, group: Group) -> None:
    passed, retry_after = await send_until_refused(bot, sandbox, group.id, 1)
    assert 28 <= passed <= 31
    assert 1 <= retry_after <= 3
    await sandbox.turn_clock(60)
    assert (await send_until_refused(bot, sandbox, group.id, 1))[0] >= 20


async def test_a_group_takes_twenty_edits_a_minute(sandbox: Sandbox, bot: Bot, group: Group) -> None:
    card = await bot.send_message(group.id, "0")
    for number in range(1, 21):
        await card.edit_text(f"{number}")
    with pytest.raises(TelegramRetryAfter) as refusal:
        await card.edit_text("21")
    assert refusal.value.retry_after == 3
    await sandbox.turn_clock(3)
    await card.edit_text("21")


async def test_one_bot_sends_thirty_a_second_to_all(sandbox: Sandbox, bot: Bot, group: Group) -> None:
    friends = [await friend_of(sandbox, bot) for _ in range(31)]
    for friend in friends[:30]:
        await bot.send_message(friend.id, "提醒")
    with pytest.raises(TelegramRetryAfter):
        await bot.send_message(friends[30].id, "提醒")
    await sandbox.turn_clock(1)
    await bot.send_message(friends[30].id, "提醒")


async def test_refusals_cost_nothing_and_answers_to_taps_are_free(sandbox: Sandbox, bot: Bot, group: Group) -> None:
    await send_until_refused(bot, sandbox, group.id, 0)
    for _ in range(40):
        await bot.send_chat_action(group.id, "typing")
    await sandbox.turn_clock(3)
    assert (await send_until_refused(bot, sandbox, group.id, 0))[0] == 3


async def test_a_refusal_carries_the_header_too(url: str, token: str, group: Group, http: httpx.AsyncClient) -> None:
    address, body = f"{url}/bot{token}/sendMessage", {"chat_id": group.id, "text": "x"}
    answers = [await http.post(address, json=body) for _ in range(4)]
    assert answers[3].status_code == 429
    assert answers[3].headers["Retry-After"] == "1"
    assert answers[3].json() == {
        "ok": False,
        "error_code": 429,
        "description": "Too Many Requests: retry after 1",
        "parameters": {"retry_after": 1},
    }


async def test_the_numbers_can_be_changed(sandbox: Sandbox, bot: Bot, group: Group) -> None:
    await sandbox.set_faults(limits={"burst": 5})
    assert (await send_until_refused(bot, sandbox, group.id, 0))[0] == 5
    with pytest.raises(RefusedError, match="Unknown limit speed"):
        await sandbox.set_faults(limits={"speed": 5})
