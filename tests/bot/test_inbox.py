"""The inbox worker at its edges: what cannot be parsed is parked, alone and without telling what it held."""

import asyncio
from typing import Any

import pytest
import structlog
from sqlalchemy import select
from sqlmodel import col

from bot.app import App
from storage.inbox import PARKED, InboxRow, SqlInbox

PHONE, NAME = "+8613800000000", "欧阳小明"
BROKEN: dict[str, Any] = {
    "update_id": 1,
    "message": {"message_id": "?", "text": NAME, "contact": {"phone_number": PHONE, "first_name": NAME}},
}


async def worked(app: App, *updates: dict[str, Any]) -> None:
    """Store updates and run the worker until none is new."""
    async with app.database.unit_of_work() as uow:
        await SqlInbox(uow, app.bot.id).store(updates, app.clock.now())
    running = asyncio.create_task(app.inbox.run())
    async with asyncio.timeout(30):
        while await _new(app):
            await asyncio.sleep(0.02)
    app.inbox.stop()
    await running


async def _new(app: App) -> int:
    async with app.database.unit_of_work() as uow:
        return (await SqlInbox(uow, app.bot.id).counts()).get("new", 0)


async def test_what_cannot_be_parsed_is_parked_and_the_next_update_is_done(app: App) -> None:
    await worked(app, BROKEN, {"update_id": 2, "holographic_message": {}})
    async with app.database.unit_of_work() as uow:
        assert await SqlInbox(uow, app.bot.id).counts() == {"parked": 1, "done": 1}


async def test_neither_log_nor_fault_tells_what_a_parked_update_held(
    app: App, capsys: pytest.CaptureFixture[str]
) -> None:
    with structlog.testing.capture_logs() as lines:
        await worked(app, BROKEN)
    async with app.database.unit_of_work() as uow:
        row = (await uow.session.scalars(select(InboxRow).where(col(InboxRow.state) == PARKED))).one()
    told = f"{row.fault} {lines} {capsys.readouterr()}"
    assert "message_id" in told
    assert PHONE not in told
    assert NAME not in told
