"""Promotions on a wired product: from a file to the ledger, through a second person's hands."""

import asyncio
import csv
import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event, select
from sqlalchemy.exc import DBAPIError

from bot.app import App
from bot.operations.promotion_archives import archive
from campaigns.audiences.model import Fault
from campaigns.compliance.rules import Pass, Suppress
from campaigns.deliveries.model import Reason
from campaigns.experiments.model import GlobalControl, Place
from campaigns.experiments.rules import assign
from campaigns.members.model import Language, Member
from campaigns.promotions.dry_runs import Check, DryRun
from campaigns.promotions.faults import CheckCode
from campaigns.promotions.model import PromotionRefusal, PromotionState
from campaigns.promotions.recipients import Exclusion
from handlers.wording.promotion_reasons import why as why_words
from storage.compliance import SqlGate
from storage.database import Database
from storage.deliveries import DeliveryRow, SqlDeliveryStore, value
from storage.rows import one_of
from tests.bot.promotion_stage import CODE, DUE, ENDED, NOW, PEOPLE, TOLD, Stage, staged
from tests.promotion_people import AUTHOR, OUTSIDER, REVIEWER

ABC = PEOPLE * 3 // 4


@contextmanager
def listening(database: Database, said: list[str]) -> Iterator[None]:
    """Notes every statement that the database is sent."""
    engine = database.engine.sync_engine

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        said.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield
    event.remove(engine, "before_cursor_execute", note)


@pytest.fixture
async def stage(app: App, database_url: str, tmp_path: Path) -> Stage:
    return await staged(app, database_url, tmp_path)


async def test_what_a_dry_run_tells_is_what_planning_does_each_customer_where_the_hash_says(stage: Stage) -> None:
    approved = await stage.reviewed()
    for code, rest in (("money_now", 3), ("salary", 4)):  # Some need it at once, of some nobody knows it.
        needs = "UPDATE customer_tags SET code = :code WHERE id % 13 = :rest RETURNING 1"
        await stage.asks(needs, code=code, rest=rest)
    dry = await stage.does("dry_run", CODE)
    assert isinstance(dry, DryRun)
    assert min(dry.excluded[each] for each in (Exclusion.NEEDED_EARLIER, Exclusion.NEED_UNKNOWN)) > 0
    await stage.does("schedule", CODE, AUTHOR)
    stage.at(DUE)
    await stage.ticks()
    await stage.app.jobs.run_waiting()
    version = await stage.now()
    assert (version.state, version.progress.is_whole, version.digest) == ("running", True, approved.digest)
    rows = await stage.asks("SELECT customer_id, letter, place, arm, channel, excluded FROM promotion_recipients")
    assert len(rows) == dry.audience == ABC
    assert Counter(row[5] for row in rows if row[5]) == {str(why): heads for why, heads in dry.excluded.items()}
    for row in dry.rows:
        mine = [each for each in rows if (each[1], each[4]) == (row.standing, row.channel) and each[2]]
        assert Counter(each[3] for each in mine if each[3]) == row.arms
        assert sum(each[2] == Place.HELD_OUT for each in mine) == row.held_out
    control = await stage.does("control")
    for customer, _, place, arm, _, excluded in rows:
        found = assign(version.experiment, str(customer), control)
        assert excluded or (place, arm) == (found.place, found.arm)
    assert await stage.asks("SELECT count(*) FROM promotion_audience") == [(0,)]


async def test_the_ledgers_hold_everybody_who_is_no_exception_and_the_equation_closes(stage: Stage) -> None:
    version = await stage.is_planned()
    placed = await stage.asks("SELECT channel, count(*) FROM promotion_recipients WHERE place IS NOT NULL GROUP BY 1")
    kept = await stage.asks(
        "SELECT 'private', count(*) FROM deliveries UNION ALL SELECT 'sms', count(*) FROM channel_messages"
    )
    assert Counter(dict(placed)) == Counter(dict(kept))
    [(words, kind, product, risk)] = await stage.asks(
        """SELECT min(payload ->> 'text'), min(kind), min(product), min(risk) FROM deliveries
        JOIN members m ON m.id = recipient WHERE step = 'v1:lecture' AND m.language = 'zh'"""
    )
    assert (kind, product, risk) == ("marketing", "steady-wealth", 2)
    assert all(part in words for part in ("秋日稳健理财季", "讲座", "R2", "投资须谨慎", "财富管理部", "退订"))
    assert await stage.does("close", CODE, AUTHOR) is PromotionRefusal.STILL_OPEN
    await stage.sends_everything()
    closing = await stage.does("closing", version)
    assert closing.can_close
    assert closing.by_state["held_out"] > 0
    stage.at(ENDED + timedelta(minutes=1))
    await stage.ticks()
    assert (await stage.now()).state is PromotionState.CLOSED


async def test_the_gate_asks_again_when_the_money_is_needed_and_who_asks_why_hears_it(stage: Stage) -> None:
    await stage.is_planned()
    planned = "SELECT id, recipient FROM deliveries WHERE state = 'planned' AND step = 'v1:lecture' ORDER BY id LIMIT 2"
    (first, one), (second, _) = await stage.asks(planned)
    needs = """UPDATE customer_tags SET code = 'money_now' WHERE customer_id = (
        SELECT m.customer_id FROM members m JOIN deliveries d ON d.recipient = m.id WHERE d.id = :id) RETURNING 1"""
    await stage.asks(needs, id=second)
    async with stage.app.database.unit_of_work() as uow:
        rows = await uow.session.scalars(select(DeliveryRow).where(one_of(DeliveryRow.id, [first, second])))
        offers = sorted((value(row) for row in rows), key=lambda each: each.id)
        gate = SqlGate(uow)
        assert await gate.judge_many(offers, DUE) == [Pass(), Suppress(Reason.NEEDED_EARLIER)]
        await SqlDeliveryStore(uow).dispatch([first], "sender", gate.said)
        why = await stage.app.services(uow).promotion_reasons.why(
            replace(Member(one, "", Language.ZH), customer_id=UUID(gate.said[first]["customer"]))
        )
    assert why is not None
    assert (why.received.locked_days, why.received.is_need_told) == (180, True)
    assert "这款产品 180 天内取不出：您告诉过我们" in why_words(why, Language.ZH)
    by_flows = replace(why, received=replace(why.received, is_need_told=False))
    assert "by your recent flows you do not need it before" in why_words(by_flows, Language.EN)


async def test_what_was_submitted_never_changes_and_nobody_reviews_the_own_work(stage: Stage) -> None:
    await stage.does("load", TOLD, AUTHOR)
    assert await stage.does("load", TOLD, OUTSIDER) is PromotionRefusal.NOT_STAFF
    await stage.does("check", CODE)
    submitted = await stage.does("submit", CODE, AUTHOR)
    assert [each.code for each in await stage.does("waiting")] == [CODE]
    assert await stage.does("load", TOLD, AUTHOR) is PromotionRefusal.UNDER_WAY
    assert await stage.does("approve", CODE, submitted.digest, AUTHOR) is PromotionRefusal.OWN_WORK
    assert await stage.does("approve", CODE, "0" * 64, REVIEWER) is PromotionRefusal.CHANGED
    assert await stage.does("approve", CODE, submitted.digest, OUTSIDER) is PromotionRefusal.NOT_STAFF
    with pytest.raises(DBAPIError, match="never changed"):
        await stage.asks('UPDATE promotion_versions SET body = body || \'{"salt": "other"}\' RETURNING 1')
    with pytest.raises(DBAPIError, match="promotion_reviews"):
        await stage.asks(
            """INSERT INTO promotion_reviews (promotion_id, version, digest, author_id, reviewer_id, decision, at)
            SELECT promotion_id, version, digest, author_id, author_id, 'approved', now() FROM promotion_versions
            RETURNING 1"""
        )


async def test_a_rejected_version_stays_and_its_successor_is_a_draft(stage: Stage) -> None:
    await stage.does("load", TOLD, AUTHOR)
    await stage.does("check", CODE)
    submitted = await stage.does("submit", CODE, AUTHOR)
    draft = await stage.does("reject", CODE, submitted.digest, REVIEWER, "标题太泛")
    assert (draft.number, draft.state, draft.plan) == (2, PromotionState.DRAFT, submitted.plan)
    assert (await stage.does("find", CODE, 1)).state is PromotionState.REJECTED
    changed = await stage.does("load", TOLD.replace("秋日稳健理财季", "秋日理财讲座季"), AUTHOR)
    assert (changed.number, changed.state) == (2, PromotionState.DRAFT)
    assert [each.place for each in await stage.does("diff", CODE)] == ["title.zh"]


async def test_planners_that_meet_or_die_plan_everybody_once(stage: Stage) -> None:
    version = await stage.runs()
    assert await stage.plans(version)
    assert await stage.plans(version, 50)
    assert (await stage.now()).progress.after == 50
    while await stage.plans(version, 50):
        await stage.ticks()
    await stage.app.jobs.run_waiting()
    [(rows, customers)] = await stage.asks("SELECT count(*), count(DISTINCT customer_id) FROM promotion_recipients")
    assert rows == customers == ABC


async def test_a_chunk_of_many_takes_as_many_statements_as_one_of_few(stage: Stage) -> None:
    version = await stage.runs()
    await stage.plans(version)
    counts = []
    for size in (30, ABC - 30):
        said: list[str] = []
        with listening(stage.app.database, said):
            await stage.plans(version, size)
        counts.append(len(said))
    assert (await stage.now()).progress.is_whole
    assert counts[1] <= counts[0] + 1  # The last chunk also clears the line.


async def test_a_pause_holds_what_waits_and_a_cancellation_always_wins(stage: Stage) -> None:
    version = await stage.runs()
    await stage.plans(version)
    await stage.plans(version, 50)
    await stage.does("pause", CODE, AUTHOR)
    assert not await stage.plans(version, 50)
    assert await stage.asks("SELECT scope, target, state FROM halts") == [("campaign", version.campaign, "standing")]
    await stage.does("resume", CODE, AUTHOR)
    assert await stage.asks("SELECT state FROM halts") == [("lifted",)]
    assert await stage.plans(version, 50)
    cancelled = await stage.does("cancel", CODE, AUTHOR)
    assert cancelled.state is PromotionState.PAUSED
    assert await stage.does("resume", CODE, AUTHOR) is PromotionRefusal.CANCELLED
    assert not await stage.plans(version, 50)
    states = await stage.asks("SELECT DISTINCT state FROM deliveries WHERE campaign = :name", name=version.campaign)
    assert set(states) == {("cancelled",), ("held_out",)}
    await stage.ticks()
    assert (await stage.now()).state is PromotionState.CLOSED


async def test_a_stop_that_meets_a_planner_takes_what_the_planner_leaves_behind(stage: Stage) -> None:
    version = await stage.runs()
    await stage.plans(version)
    async with stage.app.database.unit_of_work() as uow:
        course = stage.app.services(uow).promotion_course
        assert await course.plan_chunk(version.promotion_id, version.number, 50)
        paused = asyncio.create_task(stage.does("pause", CODE, AUTHOR))
        await stage.waits_for_a_lock()
    assert (await paused).progress.after == 50
    await stage.does("resume", CODE, AUTHOR)
    async with stage.app.database.unit_of_work() as uow:
        course = stage.app.services(uow).promotion_course
        assert await course.plan_chunk(version.promotion_id, version.number, 50)
        cancelled = asyncio.create_task(stage.does("cancel", CODE, AUTHOR))
        await stage.waits_for_a_lock()
    assert (await cancelled).progress.after == 100
    states = await stage.asks("SELECT DISTINCT state FROM deliveries WHERE campaign = :name", name=version.campaign)
    assert set(states) == {("cancelled",), ("held_out",)}


async def test_a_promotion_that_cannot_be_planned_is_paused_and_holds_up_no_other(stage: Stage) -> None:
    first = await stage.reviewed()
    second = await stage.reviewed(TOLD.replace("code: autumn-steady", "code: second"))
    for each in (first, second):
        await stage.does("schedule", each.code, AUTHOR)
    stage.at(DUE)
    assert await stage.ticks() == 2
    await stage.plans(first)
    [(customer,)] = await stage.asks("SELECT customer_id FROM promotion_audience ORDER BY position DESC LIMIT 1")
    await stage.asks(
        """INSERT INTO promotion_recipients (promotion_id, version, customer_id, excluded, assigned_at)
        VALUES (:id, 1, :customer, 'tests', now()) RETURNING 1""",
        id=first.promotion_id,
        customer=customer,
    )
    while await stage.ticks():
        pass
    broken, healthy = await stage.now(), await stage.now("second")
    assert (broken.state, broken.progress.after) == (PromotionState.PAUSED, 0)
    assert (healthy.state, healthy.progress.is_whole) == (PromotionState.RUNNING, True)
    assert await stage.asks("SELECT count(*) FROM audit_events WHERE action = 'promotion_stuck'") == [(1,)]


async def test_who_stands_in_line_of_a_paused_promotion_is_left_to_it(stage: Stage) -> None:
    first = await stage.runs()
    await stage.plans(first)
    await stage.plans(first, 50)
    await stage.does("pause", CODE, AUTHOR)
    stage.at(NOW)
    await stage.is_planned(TOLD.replace("code: autumn-steady", "code: second").replace("(A, B, C)", "(A, B, C, D)"))
    stage.at(DUE)
    await stage.does("resume", CODE, AUTHOR)
    while await stage.ticks():
        pass
    assert (await stage.now()).progress.is_whole
    rows = await stage.asks("SELECT customer_id FROM promotion_recipients WHERE place = 'arm'")
    assert len(rows) == len(set(rows)) > 0


async def test_the_next_version_writes_to_nobody_twice_and_to_nobody_who_was_held_out(stage: Stage) -> None:
    await stage.is_planned()
    first = {row[0] for row in await stage.asks("SELECT customer_id FROM promotion_recipients WHERE place <> ''")}
    await stage.sends_everything()
    await stage.does("close", CODE, AUTHOR)
    assert await stage.does("load", TOLD, AUTHOR) is PromotionRefusal.SAME_ALREADY
    stage.at(NOW)
    await stage.is_planned(TOLD.replace("(A, B, C)", "(A, B, C, D)").replace("C: sms }", "C: sms, D: private }"))
    rows = await stage.asks("SELECT customer_id, place, excluded FROM promotion_recipients WHERE version = 2")
    again = {customer for customer, place, _ in rows if place == "arm"}
    assert again
    assert not first & again
    assert {customer for customer, _, excluded in rows if excluded == "once"} == first


async def test_another_promotion_leaves_alone_whom_a_running_one_has(stage: Stage) -> None:
    await stage.is_planned()
    stage.at(NOW)
    other = TOLD.replace("code: autumn-steady", "code: second").replace("salt", "# salt")
    await stage.does("load", other, AUTHOR)
    dry = await stage.does("dry_run", "second")
    [(reached,)] = await stage.asks("SELECT count(*) FROM promotion_recipients WHERE place = 'arm'")
    assert dry.excluded["overlap"] == reached
    await stage.does("load", f"{other}\noverlap: true\n", AUTHOR)
    assert "overlap" not in (await stage.does("dry_run", "second")).excluded


async def test_two_that_start_together_never_write_to_one_customer_both(stage: Stage) -> None:
    first = await stage.reviewed()
    second = await stage.reviewed(TOLD.replace("code: autumn-steady", "code: second"))
    for each in (first, second):
        await stage.does("schedule", each.code, AUTHOR)
    stage.at(DUE)
    assert await stage.ticks() == 2
    assert not await stage.plans(second)
    while await stage.ticks():
        pass
    await stage.app.jobs.run_waiting()
    assert (await stage.now("second")).progress.is_whole
    rows = await stage.asks("SELECT customer_id FROM promotion_recipients WHERE place = 'arm'")
    assert len(rows) == len(set(rows)) > 0
    reached = "SELECT count(*) FROM promotion_recipients WHERE promotion_id = :id AND place = 'arm'"
    overlaps = await stage.asks("SELECT count(*) FROM promotion_recipients WHERE excluded = 'overlap'")
    assert overlaps == await stage.asks(reached, id=first.promotion_id)


async def test_a_pause_outlives_a_stop_that_somebody_lifts(stage: Stage) -> None:
    await stage.runs()
    await stage.does("pause", CODE, AUTHOR)
    await stage.asks("UPDATE halts SET state = 'lifted', lifted_at = now(), lifted_by = 'somebody' RETURNING 1")
    await stage.ticks()
    assert await stage.asks("SELECT state FROM halts ORDER BY id") == [("lifted",), ("standing",)]


async def test_whom_the_budget_does_not_reach_is_no_recipient(stage: Stage) -> None:
    version = await stage.runs(TOLD.replace("budget_yuan: 5000", "budget_yuan: 4"))
    await stage.plans(version)
    await stage.asks("UPDATE channel_policies SET costs = '{\"sms\": 30}' RETURNING 1")
    await stage.plans(version)
    [(left_out, written)] = await stage.asks(
        """SELECT count(*) FILTER (WHERE excluded = 'budget'), count(*) FILTER (WHERE place = 'arm')
        FROM promotion_recipients WHERE letter = 'C'"""
    )
    assert left_out > 0
    assert written == 400 // 30
    [(held_out, kept)] = await stage.asks(
        """SELECT (SELECT count(*) FROM promotion_recipients WHERE letter = 'C' AND place = 'held_out'),
        (SELECT count(*) FROM channel_messages WHERE state = 'held_out')"""
    )
    assert held_out == kept < 400 // 30  # Who is held out behind the budget's end is left out like the others.


async def test_a_check_says_everything_that_is_wrong_in_one_sentence_each(stage: Stage) -> None:
    bad = (
        TOLD.replace("到店听一场理财讲座", "本产品稳赚不赔，到店听讲座")
        .replace("channels: { A: private, B: private, C: sms }", "channels: { A: private, D: private, C: visit }")
        .replace("product: steady-wealth", "product: index-fund\nprize_yuan: 500")
    )
    await stage.does("load", bad, AUTHOR)
    async with stage.app.database.unit_of_work() as uow:
        await stage.app.services(uow).catalogue.set("D", "index-fund", "never", "tests", "too risky")
    await stage.does("load", bad, AUTHOR)
    version, check = await stage.does("check", CODE)
    assert version.state is PromotionState.DRAFT
    assert {fault.code for fault in check.faults} >= {CheckCode.WORDS, CheckCode.BARRED, CheckCode.NO_PAGE}
    assert await stage.does("submit", CODE, AUTHOR) is PromotionRefusal.NOT_NOW
    for told, code in (
        (TOLD.replace("assets >= 1万", "asets >= 1万"), CheckCode.AUDIENCE),
        (TOLD.replace("assets >= 1万", "assets >= 100亿"), CheckCode.NOBODY),
        (TOLD.replace("budget_yuan: 5000", "budget_yuan: 0"), CheckCode.OVER_BUDGET),
        (TOLD.replace("# rule_page: draw:7 ", "rule_page: draw:7 #"), CheckCode.PAGE_MISSING),
        (TOLD.replace("2030-11", "2020-11"), CheckCode.TOO_LATE),
    ):
        _, found = await stage.does("examine", told)
        assert isinstance(found, Check)
        assert code in {fault.code for fault in found.faults}, told


async def test_an_archive_proves_itself_and_names_customers_by_number_alone(stage: Stage, tmp_path: Path) -> None:
    version = await stage.is_planned()
    await stage.sends_everything()
    world, out = stage.app.world, tmp_path / "archive"
    manifest = await asyncio.to_thread(archive, world.settings, stage.app.database.url, world.clock.now, CODE, out)
    told = json.loads((out / "v1" / "version.json").read_text("utf-8"))
    content = json.dumps(told["content"], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert sha256(content.encode()).hexdigest() == told["digest"] == manifest["versions"]["1"] == version.digest
    assert {name: sha256((out / name).read_bytes()).hexdigest() for name in manifest["files"]} == manifest["files"]
    assert (manifest["keep_until"], told["basis"]["classifier"]) == ("2033-11-20", "lines-1")
    [review] = json.loads((out / "v1" / "reviews.json").read_text("utf-8"))
    assert (review["reviewer_id"], review["decision"], review["digest"]) == (REVIEWER, "approved", version.digest)
    tables = {name: (out / "v1" / f"{name}.csv").read_text("utf-8") for name in ("recipients", "deliveries")}
    rows = {name: list(csv.DictReader(table.splitlines())) for name, table in tables.items()}
    assert len(rows["recipients"]) == ABC
    assert {row["state"] for row in rows["deliveries"]} == {"sent", "held_out"}
    assert len(rows["deliveries"]) == sum(bool(row["place"]) for row in rows["recipients"])
    assert all(row["customer"].startswith("K") for each in rows.values() for row in each)
    members = {str(row[0]) for row in await stage.asks("SELECT id FROM members WHERE customer_id IS NOT NULL")}
    assert not members & {cell for each in rows.values() for row in each for cell in row.values()}


async def test_the_global_control_hears_of_no_promotion(stage: Stage) -> None:
    await stage.does("set_control", GlobalControl("2031", 5_000), "tests")
    await stage.is_planned()
    rows = await stage.asks("SELECT customer_id, place FROM promotion_recipients WHERE place IS NOT NULL")
    kept_back: set[UUID] = {customer for customer, place in rows if place == Place.GLOBAL_CONTROL}
    assert 0.3 < len(kept_back) / len(rows) < 0.7
    told = await stage.asks("SELECT recipient FROM deliveries WHERE state = 'planned'")
    bound = await stage.asks("SELECT id FROM members WHERE customer_id = ANY(:them)", them=list(kept_back))
    assert not set(told) & set(bound)


async def test_a_saved_audience_is_kept_as_its_line_whatever_is_saved_later(stage: Stage) -> None:
    async def saves(name: str, line: str) -> None:
        async with stage.app.database.unit_of_work() as uow:
            audiences = stage.app.services(uow).audiences
            expression = audiences.understand(line)
            assert not isinstance(expression, Fault)
            await audiences.save(name, expression, "tests", replace=True)

    await saves("秋季客群", "class = A")
    told = TOLD.replace("audience: class in (A, B, C) and assets >= 1万", "audience: 秋季客群")
    loaded = await stage.does("load", told, AUTHOR)
    await saves("秋季客群", "everybody")
    await saves(loaded.plan.audience, "everybody")
    assert (await stage.does("dry_run", CODE)).audience == PEOPLE // 4


async def test_a_tier_of_enterprises_is_addressed_as_a_whole_on_its_own_channel(stage: Stage) -> None:
    await stage.asks(
        """WITH firms AS (INSERT INTO customers SELECT md5('firm ' || n)::uuid, 'F' || n, '2030-10-30'
            FROM generate_series(1, 9) n RETURNING id, number)
        INSERT INTO enterprise_tiers SELECT (SELECT id FROM segmentation_runs), id, '2030-10-30',
            (ARRAY['strategic', 'key', 'general'])[1 + right(number, 1)::int % 3], 50, 1, '[]', '[]', '[]' FROM firms
        RETURNING 1"""
    )
    told = TOLD.replace("C: sms }", "C: sms, strategic: visit, key: call }").replace("product:", "# product:")
    told = told.replace("理财", "账户").replace("wealth", "account")
    await stage.is_planned(f"{told}\nenterprises: [strategic, key]\n")
    rows = await stage.asks(
        "SELECT letter, channel, count(*) FROM promotion_recipients WHERE length(letter) > 1 GROUP BY 1, 2 ORDER BY 1"
    )
    assert rows == [("key", "task", 3), ("strategic", "task", 3)]
    touches = await stage.asks("SELECT DISTINCT touch FROM channel_messages WHERE channel = 'task' ORDER BY 1")
    assert touches == [("call",), ("visit",)]


async def test_a_version_that_nobody_started_in_its_window_never_starts(stage: Stage) -> None:
    await stage.reviewed()
    await stage.does("schedule", CODE, AUTHOR)
    stage.at(ENDED + timedelta(days=1))
    await stage.ticks()
    assert (await stage.now()).state is PromotionState.CLOSED
    assert await stage.asks("SELECT count(*) FROM promotion_recipients") == [(0,)]
