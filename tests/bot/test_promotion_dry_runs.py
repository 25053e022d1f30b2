"""What a dry run foretells is what happens: quiet hours held in the ledgers, and what is handed out runs out."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.app import App
from bot.channels import Gatekeeper
from campaigns.compliance.rules import Defer, Suppress
from campaigns.deliveries.model import State
from campaigns.deliveries.rules import Verdict
from campaigns.promotions.dry_runs import DryRun
from campaigns.promotions.faults import CheckCode
from campaigns.promotions.supplies import Bound, RateSource, Room, RunOut
from campaigns.vouchers.files import read_book
from handlers.wording.audiences import LEXICON
from storage.channels import SqlChannelStore
from storage.compliance import SqlGate
from storage.deliveries import Resting, SqlDeliveryStore
from tests.bot.promotion_stage import CODE, DUE, TOLD, Stage, staged
from tests.promotion_people import AUTHOR

NIGHT = datetime(2030, 11, 1, 14, tzinfo=UTC)  # Ten at night in Shanghai, in the morning in New York.
VOUCHERS = Path(__file__).parents[2] / "campaigns" / "vouchers" / "example.yaml"
ZONES = ("America/New_York", "Europe/London", "Pacific/Auckland", "Nowhere/Known")
HELD = """SELECT due_at FROM deliveries WHERE state = 'retry' AND reason = 'quiet_hours'
    UNION ALL SELECT due_at FROM channel_messages WHERE state = 'retry' AND reason = 'quiet_hours'"""


@pytest.fixture
async def stage(app: App, database_url: str, tmp_path: Path) -> Stage:
    return await staged(app, database_url, tmp_path)


async def asks_the_gate(stage: Stage, now: datetime) -> None:
    """What senders do with everything that is due: the gate's word is kept, and nothing leaves."""
    async with stage.app.database.unit_of_work() as uow:
        store, gate = SqlDeliveryStore(uow), SqlGate(uow)
        due = await store.due(now, Resting(), limit=1_000)
        for each, said in zip(due, await gate.judge_many(due, now), strict=True):
            if isinstance(said, Defer):
                await store.settle(each, Verdict(State.RETRY, said.reason, said.until), now)
            elif isinstance(said, Suppress):
                await store.settle(each, Verdict(State.SUPPRESSED, said.reason), now)
        waiting = await SqlChannelStore(uow).due(now, 1_000)
        await Gatekeeper(uow, stage.app.world.vault).let(waiting, now)


async def test_the_ledgers_hold_whom_the_dry_run_said_that_quiet_hours_would_hold(stage: Stage) -> None:
    for at, zone in enumerate(ZONES):
        await stage.asks(
            "UPDATE members SET zone = :zone WHERE id % 5 = :at AND id > 1000 RETURNING 1", zone=zone, at=at
        )
    await stage.asks(
        """INSERT INTO channel_consents (customer_id, channel, wording, recorded_by, given_at)
        SELECT id, 'sms', '1', 'tests', '2030-10-30' FROM customers RETURNING 1"""
    )
    told = TOLD.replace("send_at: 2030-11-01 10:00", "send_at: 2030-11-01 22:00").replace("product:", "# product:")
    told = told.replace("理财", "账户").replace("wealth", "account")
    await stage.reviewed(told)
    foretold = await stage.does("dry_run", CODE)
    await stage.does("schedule", CODE, AUTHOR)
    stage.at(NIGHT)
    await stage.ticks()
    await stage.app.jobs.run_waiting()
    await asks_the_gate(stage, NIGHT)
    held = [row[0] for row in await stage.asks(HELD)]
    assert len(held) == foretold.sending.held > 0
    assert len(set(held)) == 2  # Whose zone is unknown waits for the bank's own morning, Auckland for an earlier one.
    assert timedelta(0) <= foretold.sending.last_at - max(held) < timedelta(seconds=10)
    passed = await stage.asks("SELECT count(*) FROM deliveries WHERE state = 'planned'")
    assert passed[0][0] > 0
    assert foretold.sending.starts_at == NIGHT


async def has_vouchers(stage: Stage, stock: int) -> None:
    """Vouchers on offer in the promotion's season, with so many pieces of one that is for everybody."""
    told = VOUCHERS.read_text("utf-8").replace("2027-", "2031-").replace("2026-", "2030-")
    told = told.replace("stock: 1000\n    budget_yuan: 50000", f"stock: {stock}\n    budget_yuan: 50000")
    async with stage.app.database.unit_of_work() as uow:
        await stage.app.services(uow).vouchers.keep(read_book(told, LEXICON), "tests", "a beginning")


def giving(subject: str, **replaced: str) -> str:
    """The example, handing out something."""
    told = f"{TOLD}\ngives: {subject}\n"
    for old, new in replaced.items():
        told = told.replace(f"{old}:", f"{new}:", 1)
    return told


async def runs_out(stage: Stage) -> tuple[RunOut, Room, datetime]:
    """How far it lasts, what ends first, and when: the window's end where it outlasts it."""
    found = await stage.does("dry_run", CODE)
    assert isinstance(found, DryRun)
    assert found.run_out is not None
    first = found.run_out.supply.first
    assert first is not None
    return found.run_out, first, found.run_out.ends_at or found.version.plan.closes_at


async def test_a_voucher_that_runs_out_is_foretold_with_its_day_and_the_rate_that_says_so(stage: Stage) -> None:
    await has_vouchers(stage, 10)
    loaded = await stage.does("load", giving("voucher:pay-50"), AUTHOR)
    assert loaded.plan.rule_page == "voucher:pay-50"
    found, first, ends = await runs_out(stage)
    assert (first.bound, first.takers) == (Bound.STOCK, 10)
    assert (found.rate.source, found.rate.share) == (RateSource.TARGET, 0.2)
    assert found.is_short
    assert DUE < ends < loaded.plan.closes_at
    await stage.asks(
        "UPDATE voucher_stocks SET issued = 4, open = 4, open_fen = 1995000 WHERE code = 'pay-50' RETURNING 1"
    )
    _, first, earlier = await runs_out(stage)
    assert (first.bound, first.takers) == (Bound.CAP, 1)
    assert earlier < ends


async def test_the_last_versions_results_say_how_many_will_take_it(stage: Stage) -> None:
    await has_vouchers(stage, 10)
    loaded = await stage.does("load", giving("voucher:pay-50"), AUTHOR)
    await stage.asks(
        """INSERT INTO promotion_results VALUES (:id, 1, now(), 'tests', '{"evaluation"\\: null, "aims"\\: [
        {"measure"\\: "participation", "target"\\: 0.2, "value"\\: 0.01, "interval"\\: [0, 0.1]}]}') RETURNING 1""",
        id=loaded.promotion_id,
    )
    found, _, _ = await runs_out(stage)
    assert (found.rate.source, found.rate.version, found.rate.share) == (RateSource.RESULTS, 1, 0.01)
    assert not found.is_short


async def faults(stage: Stage, told: str) -> Mapping[CheckCode, Any]:
    _, check = await stage.does("examine", told)
    return {fault.code: fault.facts for fault in check.faults}


async def test_what_is_handed_out_is_there_the_whole_time_for_everybody_who_reads_of_it(stage: Stage) -> None:
    await has_vouchers(stage, 10)
    assert CheckCode.NOT_ON_OFFER not in await faults(stage, giving("voucher:pay-50"))
    only_b = await faults(stage, giving("voucher:fund-100k"))
    assert only_b[CheckCode.NOT_FOR_THEM] == {"supply": "voucher:fund-100k", "classes": "A, C"}
    late = giving("voucher:pay-50").replace("until: 2030-11-20 20:00", "until: 2031-02-20 20:00")
    assert (await faults(stage, late))[CheckCode.NOT_ON_OFFER]["last"] == "2031-02-01 00:00"


async def test_what_was_taken_off_since_lasts_for_nobody_and_the_check_says_so(stage: Stage) -> None:
    await has_vouchers(stage, 10)
    loaded = await stage.does("load", giving("voucher:pay-50"), AUTHOR)
    await stage.asks(
        """INSERT INTO voucher_versions SELECT version + 1, replace(body::text, 'pay-50', 'pay-60')::jsonb, made_by,
            made_at, reason, override FROM voucher_versions RETURNING 1"""
    )
    found = await stage.does("look_over", loaded)
    assert CheckCode.SUPPLY_GONE in {fault.code for fault in found.faults}
    _, first, _ = await runs_out(stage)
    assert first.takers == 0
