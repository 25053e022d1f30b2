"""Recalls on a wired product: what was in flight or in doubt when its campaign was taken back."""

from datetime import timedelta
from typing import Any

from sqlalchemy import text

from bot.app import App
from campaigns.deliveries.model import Draft, Kind, Message
from campaigns.recalls.model import Recall
from campaigns.recalls.service import CHUNK
from storage.recalls import SqlRecallStore

WAYS = "SELECT step, method FROM deliveries WHERE campaign LIKE 'recall:%' ORDER BY step"


async def asks(app: App, query: str, **facts: Any) -> list[tuple[Any, ...]]:
    """Rows of the database."""
    async with app.database.unit_of_work() as uow:
        return [tuple(row) for row in await uow.session.execute(text(query), facts)]


async def does(app: App, name: str, *given: Any) -> Any:
    """One use case of recalls."""
    async with app.database.unit_of_work() as uow:
        services = app.services(uow)
        return await getattr(services.recalls, name)(*(given or ([services.setbacks] if name == "tick" else [])))


async def stands(app: App, *states: str) -> list[int]:
    """The campaign `test` with one message in each state; their numbers."""
    async with app.database.unit_of_work() as uow:
        now = app.clock.now()
        drafts = (
            Draft("test", step, 100, Message("写错了"), Kind.MARKETING, now) for step in map(str, range(len(states)))
        )
        await app.services(uow).outbox.add(*drafts)
    for step, state in enumerate(states):
        ended = None if state == "dispatching" else app.clock.now()
        query = "UPDATE deliveries SET state = :state, ended_at = :ended WHERE step = :step RETURNING id"
        await asks(app, query, state=state, ended=ended, step=str(step))
    return [row[0] for row in await asks(app, "SELECT id FROM deliveries ORDER BY step")]


async def test_what_was_in_flight_when_it_was_recalled_is_taken_back_once_it_has_arrived(app: App) -> None:
    arrives, fails = await stands(app, "dispatching", "dispatching")
    assert isinstance(await does(app, "recall", "test", "利率写错了", "王"), Recall)
    assert await does(app, "tick") == 0
    end = "UPDATE deliveries SET state = :state, message_id = :message, ended_at = now() WHERE id = :id RETURNING 1"
    await asks(app, end, id=arrives, state="sent", message=7)
    await asks(app, end, id=fails, state="failed", message=None)
    await does(app, "tick")
    assert await asks(app, WAYS) == [(f"delete:{arrives}", "deleteMessage")]
    assert await asks(app, "SELECT delivery_id, state FROM recalled_deliveries") == [(arrives, "pending")]


async def test_what_a_person_says_arrived_is_followed_by_the_correction(app: App) -> None:
    doubt, flies = await stands(app, "unknown", "dispatching")
    await does(app, "recall", "test", "利率写错了", "王")
    await asks(app, "UPDATE deliveries SET state = 'unknown' WHERE id = :id RETURNING 1", id=flies)
    await does(app, "tick")
    await asks(app, "UPDATE deliveries SET state = 'sent', ended_at = :at RETURNING 1", at=app.clock.now())
    assert isinstance(await does(app, "recall", "test", "利率写错了", "王"), Recall)
    await does(app, "tick")
    assert await asks(app, WAYS) == [(f"correct:{each}", "sendMessage") for each in (doubt, flies)]
    await asks(app, "UPDATE deliveries SET state = 'sent' WHERE campaign LIKE 'recall:%' RETURNING 1")
    await does(app, "tick")
    assert await asks(app, "SELECT DISTINCT way, state FROM recalled_deliveries") == [("correct", "corrected")]


async def test_what_can_be_recalled_is_looked_for_by_the_clock_of_the_product(app: App) -> None:
    await stands(app, "sent")
    moved = "UPDATE deliveries SET message_id = 7, ended_at = :at RETURNING 1"
    await asks(app, moved, at=app.clock.now() - timedelta(days=29))
    assert [each.campaign for each in await does(app, "sent_lately")] == ["test"]
    await asks(app, moved, at=app.clock.now() - timedelta(days=31))
    assert await does(app, "sent_lately") == []


async def test_a_large_recall_is_taken_in_by_portions_and_each_message_once(app: App) -> None:
    messages = await stands(app, *["sent"] * 5)
    async with app.database.unit_of_work() as uow:
        store = SqlRecallStore(uow)
        await store.add("test", "利率写错了", "王", app.clock.now())
        since, found = app.clock.now() - timedelta(days=1), []
        while await store.take(since, "更正", "corrected", 2):
            found.append(await uow.session.scalar(text("SELECT count(*) FROM recalled_deliveries")))
    assert found == [2, 4, 5]
    await asks(app, "UPDATE deliveries SET message_id = id RETURNING 1")
    assert await does(app, "tick") == 5
    assert await does(app, "tick") == 0
    assert [step for step, _ in await asks(app, WAYS)] == [f"delete:{each}" for each in messages]


async def test_messages_that_rest_from_a_fault_keep_no_page_from_the_others(app: App) -> None:
    messages = sorted(await stands(app, *["sent"] * (CHUNK + 1)))
    await asks(app, "UPDATE deliveries SET message_id = id RETURNING 1")
    assert isinstance(await does(app, "recall", "test", "利率写错了", "王"), Recall)
    rests = """INSERT INTO setbacks SELECT 'recalls', unnest(CAST(:resting AS text[])), 1, :now, :until, 'KeyError'
        RETURNING 1"""
    now = app.clock.now()
    resting = list(map(str, messages[:CHUNK]))
    await asks(app, rests, resting=resting, now=now, until=now + timedelta(hours=1))
    assert await does(app, "tick") == 1
    assert [step for step, _ in await asks(app, WAYS)] == [f"delete:{messages[-1]}"]
