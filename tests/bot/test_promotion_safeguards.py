"""What must hold at three in the morning: the bank's later word wins, no fault is silent, books are true."""

import asyncio
import csv
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from bot.app import App
from bot.operations.promotion_archives import archive
from campaigns.experiments.model import GlobalControl
from campaigns.experiments.rules import assign
from campaigns.promotions.dry_runs import Check
from campaigns.promotions.faults import CheckCode
from campaigns.promotions.model import PromotionRefusal, PromotionState
from tests.bot.promotion_stage import CATALOGUE, CODE, DUE, NOW, TOLD, Stage, staged
from tests.promotion_people import AUTHOR, REVIEWER


@pytest.fixture
async def stage(app: App, database_url: str, tmp_path: Path) -> Stage:
    return await staged(app, database_url, tmp_path)


async def starts(stage: Stage) -> None:
    """Its time has come: the audience is found and everybody is planned."""
    stage.at(DUE)
    while await stage.ticks():
        pass


async def takes_off(stage: Stage) -> None:
    """The catalogue has the product under another name, and none of the old one."""
    told = CATALOGUE.read_text("utf-8").replace("steady-wealth", "steadier-wealth")
    async with stage.app.database.unit_of_work() as uow:
        await stage.app.services(uow).catalogue.load(told, "tests", "taken off")


async def test_a_class_that_is_barred_after_the_approval_is_left_out_at_the_start(stage: Stage) -> None:
    await stage.reviewed()
    await stage.does("schedule", CODE, AUTHOR)
    async with stage.app.database.unit_of_work() as uow:
        await stage.app.services(uow).catalogue.set("A", "steady-wealth", "never", "compliance", "not for them")
    await starts(stage)
    found = await stage.asks("SELECT letter, count(*), count(place) FROM promotion_recipients GROUP BY 1 ORDER BY 1")
    assert [row[2] > 0 for row in found] == [False, True, True]


async def test_a_product_that_was_taken_off_is_offered_to_nobody_and_nothing_of_it_is_scheduled(stage: Stage) -> None:
    await stage.reviewed()
    await takes_off(stage)
    found = await stage.does("schedule", CODE, AUTHOR)
    assert isinstance(found, Check)
    assert {fault.code for fault in found.faults} >= {CheckCode.BARRED}
    assert (await stage.now()).state is PromotionState.REVIEWED
    again = await stage.does("reject", CODE, (await stage.now()).digest, REVIEWER, "产品已下架")
    assert again.number == 2


async def test_what_was_scheduled_before_the_product_was_taken_off_writes_to_nobody(stage: Stage) -> None:
    await stage.reviewed()
    await stage.does("schedule", CODE, AUTHOR)
    await takes_off(stage)
    await starts(stage)
    assert await stage.asks("SELECT count(place) FROM promotion_recipients") == [(0,)]


async def test_another_global_control_is_for_what_starts_after_it_and_never_for_half_of_one(stage: Stage) -> None:
    version = await stage.runs()
    before = await stage.does("control")
    await stage.plans(version)
    await stage.plans(version, 60)
    stage.at(NOW.replace(year=2031))
    await stage.does("set_control", GlobalControl("2031", 5_000), "tests")
    stage.at(DUE)
    while await stage.plans(version, 60):
        pass
    rows = await stage.asks("SELECT customer_id, place FROM promotion_recipients WHERE place IS NOT NULL")
    assert all(assign(version.experiment, str(customer), before).place == place for customer, place in rows)


async def test_what_proves_a_promotion_is_never_changed_or_removed(stage: Stage) -> None:
    await stage.is_planned()
    for change in (
        "UPDATE promotion_reviews SET reviewer_id = 3 RETURNING 1",
        "DELETE FROM promotion_reviews RETURNING 1",
        "DELETE FROM promotion_recipients WHERE excluded IS NOT NULL RETURNING 1",
        "UPDATE global_controls SET parts = 0 RETURNING 1",
        "DELETE FROM promotion_results RETURNING 1",
    ):
        with pytest.raises(DBAPIError, match="never changed or removed"):
            await stage.asks(change)


async def test_two_who_set_the_global_control_at_once_make_two_versions_of_it(stage: Stage) -> None:
    async with stage.app.database.unit_of_work() as uow:
        assert await stage.app.services(uow).promotions.set_control(GlobalControl("one", 10), "tests") == 2
        second = asyncio.create_task(stage.does("set_control", GlobalControl("two", 20), "tests"))
        await stage.waits_for_a_lock()
    assert await second == 3
    assert await stage.does("control") == GlobalControl("two", 20)


async def test_an_audience_that_is_no_longer_understood_stops_the_promotion_and_is_told(stage: Stage) -> None:
    await stage.runs()
    async with stage.app.database.unit_of_work() as uow:
        await uow.session.execute(text("ALTER TABLE promotion_versions DISABLE TRIGGER promotion_versions_kept"))
        await uow.session.execute(text('UPDATE promotion_versions SET body = body || \'{"audience": "asets > 1"}\''))
    await stage.ticks()
    assert (await stage.now()).state is PromotionState.PAUSED
    assert "cannot be planned" in (await stage.asks("SELECT reason FROM halts"))[0][0]
    told = await stage.asks("SELECT payload ->> 'text' FROM deliveries WHERE campaign LIKE 'halt:%'")
    assert any("排不下去" in row[0] for row in told)


async def test_each_versions_books_are_its_own_on_every_channel_and_close_only_when_they_balance(stage: Stage) -> None:
    first = await stage.is_planned()
    await stage.sends_everything()
    await stage.does("close", CODE, AUTHOR)
    stage.at(NOW)
    second = await stage.is_planned(TOLD.replace("(A, B, C)", "(A, B, C, D)").replace("C: sms }", "C: sms, D: sms }"))
    closing = await stage.does("closing", second)
    [(mine,)] = await stage.asks("SELECT count(*) FROM promotion_recipients WHERE version = 2 AND place IS NOT NULL")
    assert (closing.planned, closing.balances) == (mine, True)
    assert (await stage.does("closing", first)).can_close
    await stage.sends_everything()
    await stage.asks("DELETE FROM channel_messages WHERE step LIKE 'v2%' AND state = 'sent' RETURNING 1")
    assert not (await stage.does("closing", second)).balances
    assert await stage.does("close", CODE, AUTHOR) is PromotionRefusal.STILL_OPEN


async def test_a_file_that_is_looked_over_while_its_promotion_runs_is_the_next_version(stage: Stage) -> None:
    await stage.is_planned()
    examined, found = await stage.does("examine", TOLD)
    assert examined.number == 2
    [(had,)] = await stage.asks("SELECT count(*) FROM promotion_recipients WHERE place IS NOT NULL")
    assert found.dry_run.excluded["once"] == had
    await stage.does("cancel", CODE, AUTHOR)
    await stage.ticks()
    assert (await stage.does("load", TOLD.replace("10%", "20%"), AUTHOR)).number == 2


async def test_an_archive_says_who_did_what_and_why_it_started_in_spite_of_what_was_open(
    stage: Stage, tmp_path: Path
) -> None:
    await stage.runs()
    await stage.does("pause", CODE, AUTHOR)
    world, out = stage.app.world, tmp_path / "archive"
    await asyncio.to_thread(archive, world.settings, stage.app.database.url, world.clock.now, CODE, out)
    acts = list(csv.DictReader((out / "v1" / "acts.csv").read_text("utf-8").splitlines()))
    assert [(each["action"], each["actor"]) for each in acts] == [
        ("promotion_draft", str(AUTHOR)),
        ("promotion_submit", str(AUTHOR)),
        ("promotion_approve", str(REVIEWER)),
        ("checklist_override", str(REVIEWER)),
        ("promotion_schedule", str(AUTHOR)),
        ("promotion_start", ""),
        ("promotion_pause", str(AUTHOR)),
    ]
    assert "only a test" in acts[3]["subject"]


async def test_a_dry_run_of_what_is_scheduled_goes_by_its_own_run_whatever_came_since(stage: Stage) -> None:
    await stage.reviewed()
    await stage.does("schedule", CODE, AUTHOR)
    before = await stage.does("dry_run", CODE)
    await stage.asks(
        """INSERT INTO segmentation_runs (id, as_of, classifier, policy_version, data_digest, made_at, summary)
        VALUES (md5('later')::uuid, '2030-10-31', 'lines-1', 1, repeat('0', 64), '2030-10-31', '[]') RETURNING 1"""
    )
    assert (await stage.does("dry_run", CODE)).rows == before.rows
    await starts(stage)
    placed = await stage.asks("SELECT count(*) FROM promotion_recipients WHERE place = 'arm'")
    assert placed == [(before.treated,)]


async def test_what_managers_were_asked_is_asked_no_more_once_it_is_called_off(stage: Stage) -> None:
    told = TOLD.replace("C: sms }", "C: call }").replace("budget_yuan: 5000", "budget_yuan: 50000")
    version = await stage.is_planned(told)
    await stage.asks(
        """INSERT INTO followups (mark, customer_id, owner_id, source, ref, why, opened_at, due_at, state, closed_at,
            closed_by)
        SELECT gen_random_uuid(), md5('customer ' || n)::uuid, 1, 'campaign', ref, '', now(), now(), state,
            CASE state WHEN 'done' THEN now() END, CASE state WHEN 'done' THEN 2 END
        FROM (VALUES (1, 'promotion:1/v1:review', 'open'), (2, 'promotion:1/v1:lecture', 'done'),
            (3, 'promotion:11/v1', 'open')) asked (n, ref, state) RETURNING 1"""
    )
    await stage.does("cancel", CODE, AUTHOR)
    assert version.campaign == "promotion:1"
    found = await stage.asks("SELECT ref, state, closed_by FROM followups ORDER BY 1")
    assert found == [
        ("promotion:1/v1:lecture", "done", REVIEWER),
        ("promotion:1/v1:review", "dropped", AUTHOR),
        ("promotion:11/v1", "open", None),
    ]
