"""Scenes that many tests begin with: a manager with the role, a registered group, members in it."""

from datetime import timedelta

from bot.app import App
from campaigns.staff.model import Role
from sandbox.client import Phone, Sandbox

RIGHTS = ("can_pin_messages", "can_delete_messages", "can_invite_users")
GROUP = "A银行&幸福里商户福利群"


class Stage:
    """A running bot, the sandbox it talks to, and the people who meet there."""

    def __init__(self, sandbox: Sandbox, app: App) -> None:
        self.sandbox = sandbox
        self.app = app
        self.bot = app.world.username

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
