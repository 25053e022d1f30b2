"""Messages of other channels leave once: a real receiver, real files, and what a person finds when it went wrong."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID

import pytest
from aiohttp import web
from sqlalchemy import text

from bot.carriers import ChannelUrlError, Provider, carriers
from bot.channels import ChannelWorker
from bot.clock import Clock
from campaigns.audiences.model import Fault
from campaigns.audiences.service import AudienceService
from campaigns.channels.model import Channel, ChannelDraft, ChannelMessage, NoWay, Touch
from campaigns.customers.model import Letter
from campaigns.deliveries.model import Reason, State
from campaigns.followups.model import Source
from handlers.wording.audiences import LEXICON
from storage.audiences import SqlAudienceStore
from storage.channels import ChannelMessageRow, SqlChannelStore, value
from storage.database import Database
from storage.vault import Vault
from tests.storage.channel_desk import NOON, ChannelDesk, classed_bank

LIVES_IN = """INSERT INTO customer_snapshots (as_of, customer_id, structured_deposit, time_deposit, demand_deposit,
    wealth_products, funds, asset_plans, large_certificates, loans, has_activity, district)
    VALUES ('2025-09-30', :id, 0, 0, 0, 0, 0, 0, 0, 0, false, :district)"""


class Receiver:
    """A provider on this machine: keeps what arrives and answers as it is told."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, str]] = []
        self.status = 200
        self.port = 0

    async def answer(self, request: web.Request) -> web.Response:
        told = await request.json()
        self.heard.append((request.match_info["to"], told["message"]))
        return web.Response(status=self.status)


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    found = Receiver()
    app = web.Application()
    app.router.add_post("/{to}", found.answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    found.port = runner.addresses[0][1]
    yield found
    await runner.cleanup()


@pytest.fixture
async def desk(database: Database, vault: Vault) -> ChannelDesk:
    return await classed_bank(database, vault)


@pytest.fixture
def worker(desk: ChannelDesk, receiver: Receiver, clock: Clock, tmp_path: Path) -> ChannelWorker:
    noon = {"anchor_real": 0, "anchor_domain": NOON.isoformat(), "rate": 0}
    (tmp_path / "clock.json").write_text(json.dumps(noon))
    ways = carriers({"sms": f"json://127.0.0.1:{receiver.port}/{{to}}"}, tmp_path / "channels", "A银行")
    return ChannelWorker(desk.database, desk.vault, clock, ways, desk.followups)


def draft(customer: UUID, channel: Channel, words: str = "网点新开了周末营业，欢迎您来。") -> ChannelDraft:
    return ChannelDraft("promotion:1", "v1", channel, customer, words, NOON, touch=Touch.VISIT)


async def rows(database: Database) -> list[ChannelMessage]:
    async with database.unit_of_work() as uow:
        found = await uow.session.scalars(text("SELECT id FROM channel_messages ORDER BY id"))
        return [value(row) for each in found if (row := await uow.session.get(ChannelMessageRow, each))]


async def work(worker: ChannelWorker) -> None:
    while await worker.round():
        await worker.settled()


async def test_a_text_message_reaches_its_provider_once(
    desk: ChannelDesk, worker: ChannelWorker, receiver: Receiver
) -> None:
    customer = await desk.customer()
    await desk.agree(customer)
    await desk.plan(draft(customer, Channel.SMS))
    await work(worker)
    await desk.plan(draft(customer, Channel.SMS))
    await work(worker)
    assert receiver.heard == [("+8613800000001", "网点新开了周末营业，欢迎您来。")]
    [row] = await rows(desk.database)
    assert (row.state, row.attempts, row.cost_fen) == (State.SENT, 1, 10)


@pytest.mark.parametrize(
    ("status", "state"), [(400, State.FAILED), (403, State.FAILED), (500, State.UNKNOWN), (503, State.UNKNOWN)]
)
async def test_a_refusal_fails_and_a_fault_is_in_doubt_and_neither_is_sent_again(
    desk: ChannelDesk, worker: ChannelWorker, receiver: Receiver, status: int, state: State
) -> None:
    receiver.status = status
    customer = await desk.customer()
    await desk.agree(customer)
    await desk.plan(draft(customer, Channel.SMS))
    await work(worker)
    await work(worker)
    assert [row.state for row in await rows(desk.database)] == [state]
    assert len(receiver.heard) == 1


async def test_the_gate_ends_what_has_no_consent_or_forbidden_words(
    desk: ChannelDesk, worker: ChannelWorker, receiver: Receiver
) -> None:
    unasked, agreed, objecting = [await desk.customer() for _ in range(3)]
    for each in (agreed, objecting):
        await desk.agree(each)
    await desk.object(objecting)
    await desk.plan(draft(unasked, Channel.SMS), draft(objecting, Channel.SMS))
    await desk.plan(draft(agreed, Channel.SMS, "保本保息，稳赚不赔！"))
    await work(worker)
    assert [row.reason for row in await rows(desk.database)] == [
        Reason.NO_CONSENT,
        Reason.OPTED_OUT,
        Reason.FORBIDDEN_WORDS,
    ]
    assert receiver.heard == []
    async with desk.database.unit_of_work() as uow:
        said = (await uow.session.scalars(text("SELECT gate ->> 'verdict' FROM channel_messages"))).all()
    assert said == ["suppress"] * 3


async def test_two_channels_share_one_day(desk: ChannelDesk, worker: ChannelWorker) -> None:
    customer = await desk.customer()
    await desk.agree(customer)
    await desk.plan(draft(customer, Channel.SMS), draft(customer, Channel.POPUP))
    await work(worker)
    sms, popup = await rows(desk.database)
    assert (sms.state, popup.state, popup.reason) == (State.SENT, State.RETRY, Reason.FREQUENCY_CAP)


async def test_simulated_channels_lie_down_as_pages_that_close_by_one_tap(
    desk: ChannelDesk, worker: ChannelWorker, tmp_path: Path
) -> None:
    one, other = await desk.customer(Letter.D), await desk.customer()
    await desk.agree(other, Channel.ACCOUNT, "openid")
    await desk.plan(draft(one, Channel.POPUP), draft(other, Channel.ACCOUNT))
    await work(worker)
    first, second = await rows(desk.database)
    popup = (tmp_path / "channels" / "popup" / f"{first.id}.html").read_text("utf-8")
    article = (tmp_path / "channels" / "account" / f"{second.id}.html").read_text("utf-8")
    assert "网点新开了周末营业" in popup
    assert "关闭" in popup
    assert "广告" in article


async def test_a_push_for_one_district_lies_down_for_its_customers_alone(
    desk: ChannelDesk, worker: ChannelWorker, tmp_path: Path
) -> None:
    near, reader, far = [await desk.customer(Letter.D) for _ in range(3)]
    for customer in (reader, far):
        await desk.agree(customer, Channel.ACCOUNT, "openid")
    async with desk.database.unit_of_work() as uow:
        for customer, district in ((near, "南山区"), (reader, "南山区"), (far, "福田区")):
            await uow.session.execute(text(LIVES_IN), {"id": customer, "district": district})
        audiences = AudienceService(SqlAudienceStore(uow, "Asia/Shanghai"), LEXICON, lambda: NOON)
        line = await audiences.read('区域 = "南山区"')
        assert not isinstance(line, Fault)
        chosen = await audiences.belonging(line)
    assert chosen == {near, reader}
    ways = {near: Channel.POPUP, reader: Channel.ACCOUNT}
    await desk.plan(*(draft(each, ways[each]) for each in sorted(chosen)))
    await work(worker)
    assert {each.customer_id: each.state for each in await rows(desk.database)} == dict.fromkeys(chosen, State.SENT)
    assert [len(list((tmp_path / "channels" / way).iterdir())) for way in ("popup", "account")] == [1, 1]


async def test_a_task_is_a_follow_up_of_the_owner_with_reason_and_script(
    desk: ChannelDesk, worker: ChannelWorker
) -> None:
    customer, nobodys = await desk.customer(), await desk.customer()
    await desk.own(customer, owner=1)
    await desk.plan(draft(customer, Channel.TASK, "请介绍周末营业。"), draft(nobodys, Channel.TASK))
    await work(worker)
    async with desk.database.unit_of_work() as uow:
        [found] = await desk.followups(uow).of_customer(customer)
    assert (found.source, found.owner_id) == (Source.CAMPAIGN, 1)
    assert "上门拜访：请介绍周末营业。" in found.why
    assert [(row.state, row.reason) for row in await rows(desk.database)] == [
        (State.SENT, None),
        (State.SUPPRESSED, NoWay.NO_OWNER),
    ]


async def test_a_channel_that_nobody_set_up_fails_and_says_so(desk: ChannelDesk, worker: ChannelWorker) -> None:
    customer = await desk.customer()
    await desk.agree(customer, Channel.EMAIL, "wang@example.com")
    await desk.plan(draft(customer, Channel.EMAIL))
    await work(worker)
    assert [(row.state, row.reason) for row in await rows(desk.database)] == [(State.FAILED, NoWay.NOT_CONFIGURED)]


async def test_what_a_killed_worker_left_is_in_doubt_and_never_sent_again(
    desk: ChannelDesk, worker: ChannelWorker, receiver: Receiver
) -> None:
    customer = await desk.customer()
    await desk.agree(customer)
    await desk.plan(draft(customer, Channel.SMS))
    async with desk.database.unit_of_work() as uow:
        store = SqlChannelStore(uow)
        await store.dispatch([row.id for row in await store.due(NOON, 10)], "a former worker")
    assert await worker.recover() == 1
    await work(worker)
    assert [row.state for row in await rows(desk.database)] == [State.UNKNOWN]
    assert receiver.heard == []


def test_an_address_that_leads_nowhere_is_refused_with_a_sentence() -> None:
    with pytest.raises(ChannelUrlError, match="SMS_URL is no address"):
        Provider(Channel.SMS, "nothing like it {to}")
