"""What one version leaves to the next: whom nothing left to, never who may have got something or was held out."""

import asyncio
from collections import Counter
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy.exc import DBAPIError

from bot.app import App
from campaigns.deliveries.model import State
from campaigns.deliveries.rules import Verdict
from campaigns.experiments.rules import assign
from campaigns.members.model import Language
from campaigns.promotions.model import PromotionRefusal, PromotionState, Version
from campaigns.promotions.recipients import Exclusion
from handlers.wording.promotions import refusal
from storage.deliveries import Resting, SqlDeliveryStore
from storage.results import SqlResultStore
from tests.bot.promotion_stage import CODE, DUE, ENDED, NOW, TOLD, Stage, staged
from tests.promotion_people import AUTHOR, OUTSIDER

NEXT = TOLD.replace("秋日稳健理财季", "秋日理财讲座季")
OF_VERSION = "SELECT customer_id, place, excluded FROM promotion_recipients WHERE version = :number"


@pytest.fixture
async def stage(app: App, database_url: str, tmp_path: Path) -> Stage:
    return await staged(app, database_url, tmp_path)


async def places(stage: Stage, number: int) -> dict[UUID, str]:
    """Where a version put its customers, or why not."""
    return {row[0]: row[1] or row[2] for row in await stage.asks(OF_VERSION, number=number)}


def at(found: dict[UUID, str], *wanted: str) -> set[UUID]:
    """The customers at one of these places."""
    return {customer for customer, place in found.items() if place in wanted}


async def calls_off(stage: Stage) -> Version:
    """Staff stop it, and the clock closes it once nothing is under way."""
    await stage.does("cancel", CODE, AUTHOR)
    await stage.ticks()
    return await stage.now()


async def test_whom_a_cancelled_version_wrote_nothing_to_the_next_one_draws_anew(stage: Stage) -> None:
    await stage.is_planned()
    first = await places(stage, 1)
    assert (await calls_off(stage)).state is PromotionState.CLOSED
    stage.at(NOW)
    version = await stage.is_planned(NEXT)
    second = await places(stage, 2)
    control = await stage.does("control")
    assert at(second, "once") == at(first, "held_out", "global_control")
    placed = at(second, "arm", "held_out")
    assert placed == at(first, "arm")
    assert at(second, "held_out")  # Else there would be nobody to compare with.
    assert all(assign(version.experiment, str(each), control).place == second[each] for each in placed)


async def test_who_may_have_got_something_when_it_was_stopped_is_left_out_for_good(stage: Stage) -> None:
    await stage.is_planned()
    async with stage.app.database.unit_of_work() as uow:
        store = SqlDeliveryStore(uow)
        taken = await store.due(DUE, Resting(), limit=20)
        await store.dispatch([each.id for each in taken], "a sender")
        stopping = asyncio.create_task(stage.does("cancel", CODE, AUTHOR))
        await stage.waits_for_a_lock()
    await stopping
    await stage.ticks()
    assert (await stage.now()).state is PromotionState.PAUSED  # Calls are in flight.
    assert await stage.does("load", NEXT, AUTHOR) is PromotionRefusal.UNDER_WAY
    ends = [Verdict(State.SENT), Verdict(State.RETRY, "rate_limited", DUE), Verdict(State.UNKNOWN, "timed_out")]
    async with stage.app.database.unit_of_work() as uow:
        settled = [(each, ends[number % 3]) for number, each in enumerate(taken)]
        await SqlDeliveryStore(uow).settle_all(settled, DUE)
    await stage.ticks()
    assert (await stage.now()).state is PromotionState.PAUSED  # Some are in doubt.
    await stage.asks(
        """UPDATE deliveries SET state = 'failed', detail = 'resolved by 王' WHERE state = 'unknown' RETURNING 1"""
    )
    await stage.ticks()
    assert (await stage.now()).state is PromotionState.CLOSED
    bound = dict(await stage.asks("SELECT id, customer_id FROM members WHERE customer_id IS NOT NULL"))
    got = {bound[each.recipient] for number, each in enumerate(taken) if number % 3 != 1}
    first = await places(stage, 1)
    stage.at(NOW)
    await stage.is_planned(NEXT)
    second = await places(stage, 2)
    assert at(second, "once") == got | at(first, "held_out", "global_control")
    assert at(second, "arm", "held_out") == at(first, "arm") - got
    with pytest.raises(DBAPIError, match="promotion_recipients_once"):
        await stage.asks(
            """UPDATE promotion_recipients SET place = 'arm', arm = 'lecture', excluded = NULL
            WHERE version = 2 AND customer_id = :who RETURNING 1""",
            who=next(iter(got)),
        )


async def test_two_planners_of_the_next_version_place_each_freed_customer_once(stage: Stage) -> None:
    await stage.is_planned()
    await calls_off(stage)
    stage.at(NOW)
    version = await stage.runs(NEXT)
    await stage.plans(version)
    await asyncio.gather(*(stage.plans(version, 25) for _ in range(8)))
    rows = await stage.asks(
        "SELECT customer_id FROM promotion_recipients WHERE place IS NOT NULL AND NOT is_free AND version = 2"
    )
    assert len(rows) == len(set(rows)) > 0


async def test_who_stood_in_line_when_the_window_ended_counts_as_not_written_to(stage: Stage) -> None:
    version = await stage.runs()
    await stage.plans(version)
    await stage.plans(version, 60)
    await stage.sends_everything()
    await stage.does("pause", CODE, AUTHOR)
    stage.at(ENDED)
    await stage.does("resume", CODE, AUTHOR)
    while await stage.ticks():
        pass
    assert (await stage.now()).state is PromotionState.CLOSED
    first = await places(stage, 1)
    counts = Counter(first.values())
    assert counts["too_late"] == len(first) - 60
    assert await stage.asks(
        "SELECT count(*) FROM deliveries WHERE kind = 'marketing' AND state NOT IN ('sent', 'held_out')"
    ) == [(0,)]
    await stage.does("load", NEXT.replace("2030-11", "2030-12"), AUTHOR)
    dry = await stage.does("dry_run", CODE)
    assert dry.excluded["once"] == counts["arm"] + counts["held_out"] + counts["global_control"]


async def test_what_the_gate_kept_back_counts_as_not_written_to_on_the_card_and_in_the_next_version(
    stage: Stage,
) -> None:
    await stage.is_planned()
    await stage.asks(
        "UPDATE deliveries SET state = 'suppressed', reason = 'too_late' WHERE state = 'planned' RETURNING 1"
    )
    await stage.sends_everything()
    await stage.does("close", CODE, AUTHOR)
    async with stage.app.database.unit_of_work() as uow:
        card = await stage.app.services(uow).promotion_desk.card(CODE)
    assert card is not None
    [(kept_back,)] = await stage.asks("SELECT count(*) FROM deliveries WHERE state = 'suppressed'")
    assert card.excluded[Exclusion.UNSENT] == kept_back > 0
    assert {channel for _, channel in card.heads} == {"sms"}
    await stage.does("load", NEXT, AUTHOR)
    dry = await stage.does("dry_run", CODE)
    assert dry.excluded["once"] == sum(card.heads.values()) + card.held_out + card.global_control


async def test_a_stopped_versions_results_end_with_it_since_the_next_one_writes_to_whom_it_left(stage: Stage) -> None:
    await stage.is_planned()
    stopped = await calls_off(stage)
    async with stage.app.database.unit_of_work() as uow:
        window = await SqlResultStore(uow).window(stopped, ENDED)
    assert window is not None
    assert window.until == stopped.ended_at == DUE


async def test_of_two_who_load_a_new_promotion_at_once_the_second_hears_it_in_one_sentence(stage: Stage) -> None:
    await stage.asks("INSERT INTO staff_roles (member_id, role, granted_at) VALUES (3, 'team_lead', now()) RETURNING 1")
    async with stage.app.database.unit_of_work() as uow:
        first = await stage.app.services(uow).promotions.load(TOLD, AUTHOR)
        second = asyncio.create_task(stage.does("load", NEXT, OUTSIDER))
        await stage.waits_for_a_lock()
    assert await second is PromotionRefusal.LOADED_AT_ONCE
    assert refusal(PromotionRefusal.LOADED_AT_ONCE, Language.EN).count(".") == 1
    assert [await stage.now()] == [first] == await stage.does("versions", CODE)
    replaced = await stage.does("load", NEXT, OUTSIDER)
    assert (replaced.number, replaced.author_id) == (1, OUTSIDER)
