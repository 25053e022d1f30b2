"""Each switchable fault strikes as Telegram or the network would."""

import asyncio

import aiohttp
import pytest
from aiogram import Bot
from aiogram.exceptions import (
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
)

from sandbox.client import RefusedError, Sandbox
from tests.sandbox.scenes import drain, friend_of, group_with


async def test_too_many_requests(sandbox: Sandbox, bot: Bot) -> None:
    friend = await friend_of(sandbox, bot)
    await sandbox.set_faults({"kind": "too_many_requests", "retry_after": 7, "times": 1})
    with pytest.raises(TelegramRetryAfter) as refusal:
        await bot.send_message(friend.id, "一")
    assert refusal.value.retry_after == 7
    await bot.send_message(friend.id, "二")
    await friend.sees_no("一")


async def test_server_error(sandbox: Sandbox, bot: Bot) -> None:
    friend = await friend_of(sandbox, bot)
    await sandbox.set_faults({"kind": "server_error", "method": "sendMessage"})
    with pytest.raises(TelegramServerError, match="Bad Gateway"):
        await bot.send_message(friend.id, "一")
    await bot.get_me()
    await friend.sees_no("一")


async def test_time_out_after_delivery(sandbox: Sandbox, bot: Bot) -> None:
    friend = await friend_of(sandbox, bot)
    await sandbox.set_faults({"kind": "time_out_after_delivery", "chat_id": friend.id, "times": 1})
    with pytest.raises(TelegramNetworkError):
        await bot.send_message(friend.id, "到了吗", request_timeout=1)
    await friend.sees("到了吗")
    (call,) = await sandbox.calls(method="sendMessage", bot=bot.id)
    assert (call["outcome"], call["fault"]) == ("no_reply", "time_out_after_delivery")
    assert call["message_id"] is not None


async def test_connection_reset_before_the_work(sandbox: Sandbox, bot: Bot) -> None:
    friend = await friend_of(sandbox, bot)
    await sandbox.set_faults({"kind": "connection_reset", "method": "sendMessage", "times": 1})
    with pytest.raises((TelegramNetworkError, aiohttp.ClientError, ConnectionResetError)):
        await bot.send_message(friend.id, "一")
    await friend.sees_no("一")
    (call,) = await sandbox.calls(method="sendMessage", bot=bot.id)
    assert call["outcome"] == "no_reply"


async def test_reset_after_delivery(sandbox: Sandbox, bot: Bot) -> None:
    friend = await friend_of(sandbox, bot)
    await sandbox.set_faults({"kind": "reset_after_delivery", "method": "sendMessage", "times": 1})
    with pytest.raises((TelegramNetworkError, aiohttp.ClientError, ConnectionResetError)):
        await bot.send_message(friend.id, "一")
    await friend.sees("一")


async def test_blocked(sandbox: Sandbox, bot: Bot) -> None:
    friend = await friend_of(sandbox, bot)
    await sandbox.set_faults({"kind": "blocked", "chat_id": friend.id})
    with pytest.raises(TelegramForbiddenError, match="bot was blocked by the user"):
        await bot.send_message(friend.id, "一")


async def test_migrated_really_makes_a_supergroup(sandbox: Sandbox, bot: Bot) -> None:
    group = await group_with(sandbox, bot, kind="group")
    await sandbox.set_faults({"kind": "migrated", "chat_id": group.id, "times": 1})
    with pytest.raises(TelegramMigrateToChat) as refusal:
        await bot.send_message(group.id, "一")
    await bot.send_message(refusal.value.migrate_to_chat_id, "二")


async def test_slow_answers_late_but_answers(sandbox: Sandbox, bot: Bot) -> None:
    friend = await friend_of(sandbox, bot)
    await sandbox.set_faults({"kind": "slow", "method": "sendMessage", "seconds": 3600})
    sending = asyncio.create_task(bot.send_message(friend.id, "慢", request_timeout=2))
    await bot.send_chat_action(friend.id, "typing")
    assert not sending.done()
    with pytest.raises(TelegramNetworkError):
        await sending


async def test_repeated_updates(sandbox: Sandbox, bot: Bot) -> None:
    await friend_of(sandbox, bot)
    await sandbox.set_faults({"kind": "repeat_updates", "times": 1})
    (first,) = await bot.get_updates()
    (again,) = await bot.get_updates(offset=first.update_id + 1)
    assert again.update_id == first.update_id
    assert await bot.get_updates(offset=first.update_id + 1) == []


async def test_a_fault_may_strike_by_chance_with_a_seed(sandbox: Sandbox, bot: Bot) -> None:
    friend = await friend_of(sandbox, bot)
    await sandbox.set_faults({"kind": "server_error", "method": "sendMessage", "probability": 0.5})
    outcomes = []
    for _ in range(30):
        try:
            await bot.send_message(friend.id, "一")
            outcomes.append("ok")
        except TelegramServerError:
            outcomes.append("error")
    assert set(outcomes) == {"ok", "error"}
    assert [call["outcome"] for call in await sandbox.calls(method="sendMessage", bot=bot.id)] == outcomes


async def test_an_unknown_fault_is_refused(sandbox: Sandbox) -> None:
    with pytest.raises(RefusedError):
        await sandbox.set_faults({"kind": "meteor"})


async def test_faults_can_be_looked_at(sandbox: Sandbox, bot: Bot) -> None:
    await sandbox.set_faults({"kind": "blocked", "chat_id": 5})
    shown = (await sandbox.world())["faults"]
    assert shown["rules"][0]["kind"] == "blocked"
    await drain(bot)
