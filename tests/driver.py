"""Scenes that many tests begin with: a manager with the role, a registered group, members in it."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from itertools import count
from typing import Any

import httpx
from aiogram import Bot
from aiogram.methods import TelegramMethod
from aiogram.types import Message
from sqlalchemy import text

from bot.app import App
from bot.turns import current
from bot.web import build_web
from campaigns.staff.model import Role
from handlers.http.telegram import SECRET_HEADER
from sandbox.client import PATIENCE, NotSeenError, Phone, Sandbox
from sandbox.model import JsonObject

UPDATE_IDS = count(2_000_000_001)  # Beyond those of the sandbox, which begin below a milliard.
RIGHTS = ("can_pin_messages", "can_delete_messages", "can_invite_users")
GROUP = "A银行&幸福里商户福利群"


class Stage:
    """A running bot, the sandbox it talks to, and the people who meet there."""

    def __init__(self, sandbox: Sandbox, app: App) -> None:
        self.sandbox = sandbox
        self.app = app
        self.bot = app.world.username
        self._answers: set[tuple[int, int]] = set()
        self._answered = asyncio.Condition()
        app.bot.session.middleware(self._note_answer)

    async def person(self, name: str, **fields: str) -> Phone:
        """Somebody new, who has not opened the bot yet."""
        return await self.sandbox.new_person(name, **fields)

    async def staff(self, name: str, role: Role = Role.WEALTH_MANAGER, **fields: str) -> Phone:
        """Somebody who opened an invitation link."""
        phone = await self.person(name, **fields)
        async with self.app.database.unit_of_work() as uow:
            token = await self.app.services(uow).staff.invite(role, None)
        await phone.starts(self.bot, f"staff_{token}")
        await phone.sees("/help")
        return phone

    async def group(self, manager: Phone, title: str = GROUP) -> int:
        """A group that the manager made and registered; everybody who joins later is welcomed."""
        group = await self.sandbox.new_group(title, manager)
        await manager.adds_bot(self.bot, group, parameter="register", rights=RIGHTS)
        await manager.sees("已登记", group)
        return group

    async def members(self, group: int, *names: str) -> list[Phone]:
        """New people who joined the group."""
        phones = [await self.person(name) for name in names]
        for phone in phones:
            await phone.joins(group)
        return phones

    async def chain(self, manager: Phone, group: int, product: str = "联名信用卡", places: int = 3) -> None:
        """An open chain in the group, until the evening of tomorrow."""
        await manager.says(f"/chain {product} {places} 明天20:00", group)
        await manager.sees(f"【接龙】{product}", group)

    async def passes(self, time: timedelta) -> None:
        """Turn the clock."""
        await self.sandbox.turn_clock(time.total_seconds())

    async def asks(self, phone: Phone, words: str, chat: int | str | None = None) -> str:
        """Say something and return the bot's answer: in a group its reply, in private its next words.

        A reminder that happens to arrive first is none: only what was sent while an update was worked on counts.
        """
        said = await phone.says(words, chat)
        try:
            async with asyncio.timeout(PATIENCE), self._answered:
                while (answer := self._answer(phone, said, await phone.reads(chat))) is None:
                    await self._answered.wait()
        except TimeoutError:
            raise NotSeenError(f"Nobody answered {phone.name}'s {words!r}.") from None
        return answer

    def _answer(self, phone: Phone, said: JsonObject, screen: list[JsonObject]) -> str | None:
        for message in screen:
            is_reply = message.get("reply_to_message", {}).get("message_id") == said["message_id"]
            is_answer = is_reply or (phone.id, message["message_id"]) in self._answers
            if message["seq"] > said["seq"] and is_answer and "text" in message:  # A picture card may come between.
                return str(message["text"])
        return None

    async def _note_answer(self, make_request: Any, bot: Bot, method: TelegramMethod[Any]) -> Any:
        """Remember what the worker of an update sends; the sender of the ledger works on none."""
        sent = await make_request(bot, method)
        if current.get(None) and isinstance(sent, Message):
            async with self._answered:
                self._answers.add((sent.chat.id, sent.message_id))
                self._answered.notify_all()
        return sent

    async def forges(self, phone: Phone, data: str, chat: int | str | None = None) -> str:
        """Press a button that was never there, as a changed client can; returns the answer."""
        seen = 0
        while not (screen := [said for said in await phone.reads(chat) if said["from"]["is_bot"]]):
            seen = (await phone.sees("", chat, since=seen))["seq"]
        tap = await phone.taps(chat=chat, message_id=screen[-1]["message_id"], data=data)
        return str((await tap.answer())["text"])

    # Behind the scenes

    async def rows(self, query: str, **facts: Any) -> list[tuple[Any, ...]]:
        """What the database says, now."""
        async with self.app.database.unit_of_work() as uow:
            return [tuple(row) for row in await uow.session.execute(text(query), facts)]

    async def comes_to(self, query: str, *expected: tuple[Any, ...], **facts: Any) -> None:
        """Wait until the database says exactly this."""
        found: list[tuple[Any, ...]] = []
        try:
            async with asyncio.timeout(PATIENCE):
                while (found := await self.rows(query, **facts)) != list(expected):
                    await asyncio.sleep(0.02)  # The database tells nobody when a row changes.
        except TimeoutError:
            raise NotSeenError(f"{expected} was awaited, {found} came of: {query}") from None

    async def parked(self) -> int:
        """How many updates nobody could work on."""
        return len(await self.rows("SELECT update_id FROM inbox WHERE state = 'parked'"))

    async def receives(self, kind: str, body: Mapping[str, Any], update_id: int | None = None) -> int:
        """Hand the bot a raw update through its webhook's door; returns the answer's status."""
        secret = self.app.world.settings.webhook_secret
        headers = {SECRET_HEADER: secret.get_secret_value()} if secret else {}
        door = httpx.ASGITransport(app=build_web(self.app))
        update = {"update_id": update_id or next(UPDATE_IDS), kind: body}
        async with httpx.AsyncClient(transport=door, base_url="http://bot") as client:
            answer = await client.post(f"/telegram/{self.app.bot.id}", json=update, headers=headers)
        return answer.status_code
