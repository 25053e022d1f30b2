"""An event from its rehearsal to its settlement with real processes: file, rules, stamps, board, gift, sheet."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import httpx
import pytest

from bot.clock import Clock
from bot.operations import rallies, rally_settlements
from bot.operations.invitations import invite
from bot.operations.rallies import RallyOffice
from bot.operations.rally_settlements import SettlementOffice
from bot.rehearsals.staging import Order, rehearse_in
from bot.settings import Settings
from campaigns.rallies.reading import read_rally
from campaigns.rehearsals.model import Verb
from campaigns.rehearsals.report import Rehearsed, Way
from campaigns.staff.model import Role
from campaigns.stamps.codes import mint
from sandbox.client import Phone, Sandbox
from storage.database import Database
from storage.private_postgres import PrivatePostgres
from storage.rallies import SqlRallyStore
from storage.vault import Keyring, Vault
from tests.bot_process import BotProcess
from tests.databases import fresh_database
from tests.driver import GROUP, RIGHTS
from tests.e2e.conftest import TOKEN, USERNAME
from tests.rally_plans import ZONE

pytestmark = pytest.mark.e2e
Found = TypeVar("Found")
START = datetime(2026, 12, 5, 9, tzinfo=ZONE)
FILE = """
code: fair
title: 冬日集章 | Winter stamps
place: 幸福里广场 | Happy Lane
starts: 2026-12-05 10:00
ends: 2026-12-05 12:00
booths:
  - {code: B1, name: 桂花糕 | Cakes, zone: 红区, at: [10, 10], game: scan, seconds: 20}
  - {code: B2, name: 茶艺 | Tea, zone: 红区, at: [50, 10], game: scan, seconds: 20}
  - {code: B3, name: 转盘 | Wheel, zone: 蓝区, at: [90, 10], game: {kind: spin, within: 2}, seconds: 30}
targets:
  - {code: T1, title: 达人 | Collector, needs: any 2 of B1..B3}
gifts:
  - target: T1
    name: 帆布袋 | Bag
    stock: 5
    worth_yuan: 12
    substitute: {name: 钥匙扣 | Key ring, stock: 90, worth_yuan: 3}
gifts_budget_yuan: 600
rules: {conditions: 到场即可 | Whoever is there, organiser: A银行 | Bank A, complaints: 95500 | 95500}
"""
CODE = re.compile(r"领奖码 (\w{3}) (\w{3})")


class Office:
    """The operator at the command line, and the secret that a booth's screen shows codes of."""

    def __init__(self, folder: Path, url: str, clock: Path, sandbox: str) -> None:
        self.settings = Settings(_env_file=None, var_dir=folder, clock_file=clock, bot_token=TOKEN, bot_api_url=sandbox)
        self.url = url
        self.now = Clock(clock).now

    async def runs(self, do: Callable[[RallyOffice], Awaitable[Found]]) -> Found:
        return await asyncio.to_thread(rallies.in_office, self.settings, self.url, self.now, do)

    async def settles(self, do: Callable[[SettlementOffice], Awaitable[Found]]) -> Found:
        return await asyncio.to_thread(rally_settlements.in_office, self.settings, self.url, self.now, do)

    async def code(self, booth: str, ago: float = 0) -> str:
        """What a booth's screen showed so many seconds ago."""
        database, vault = Database(self.url, pool_size=1), Vault(Keyring.open(self.settings.keyring_file))
        try:
            async with database.unit_of_work() as uow:
                store = SqlRallyStore(uow, vault)
                rally = await store.by_code("fair")
                assert rally is not None
                found = rally.booth(booth)
                assert found is not None
                return (
                    f"k_{mint(await store.secret(rally), found.id, self.now() - timedelta(seconds=ago), b'12345678')}"
                )
        finally:
            await database.close()


class BoardPage:
    """What the board's page does, without a browser."""

    def __init__(self, address: str) -> None:
        self.client = httpx.AsyncClient(base_url=address, headers={"X-Board": "1"}, trust_env=False)

    async def asks(self, verb: str, path: str, body: dict[str, Any] | None = None) -> Any:
        answer = await self.client.request(verb, f"/boards/api/{path}", json=body)
        assert answer.is_success, answer.text
        return answer.json()


async def test_an_event_is_played_from_its_rehearsal_to_its_settlement(
    bot_process: BotProcess,
    sandbox: Sandbox,
    manager: Phone,
    database_url: str,
    postgres: PrivatePostgres,
    clock_file: Path,
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    found = await rehearsed(postgres, tmp_path_factory.mktemp("rehearsal"))
    tricks = {each.verb: each for each in found.tricks}
    assert (found.visitors, found.honest, found.honest_refused, found.honest_held) == (60, 46, 0, 0)
    assert found.stamps > 100
    assert found.gifts == sum(each.given + each.substitutes for each in found.prizes) > 20
    assert found.prizes[0].gone_at is not None
    assert [tricks[verb].let_through for verb in (Verb.PICTURE, Verb.REPLAY, Verb.FORGE)] == [0, 0, 0]
    assert min(each.tried for each in found.tricks) > 0
    assert found.messages is not None
    assert 0 < found.messages.peak < found.messages.limit

    await sandbox.turn_clock(now=START.isoformat())
    with bot_process:
        office = Office(tmp_path, database_url, clock_file, sandbox.url)
        await the_day(sandbox, manager, office, bot_process.port)


async def rehearsed(postgres: PrivatePostgres, folder: Path) -> Rehearsed:
    """Sixty visitors through the whole bot."""
    order = Order(read_rally(FILE, START, ZONE), members=60, seed=1, way=Way.CHAT)
    with fresh_database(postgres) as url:
        return await rehearse_in(Settings(_env_file=None, var_dir=folder), order, lambda *_: None, folder, url)


async def the_day(sandbox: Sandbox, manager: Phone, office: Office, port: int) -> None:
    """Everything by hand: two visitors, one organiser, one operator."""
    wang, li = [await sandbox.new_person(name) for name in ("王芳", "李雷")]
    invitation = await asyncio.to_thread(invite, office.settings, office.url, Role.WEALTH_MANAGER, office.now)
    await manager.starts(USERNAME, invitation.rpartition("start=")[2])
    await manager.sees("/help")
    group = await sandbox.new_group(GROUP, manager, [wang, li])
    await manager.adds_bot(USERNAME, group, parameter="register", rights=RIGHTS)
    await manager.sees("已登记", group)
    await office.runs(lambda desk: desk.load(FILE, None, manager.id))
    await office.runs(lambda desk: desk.announce("fair", []))
    rules = await wang.sees("《冬日集章》活动规则", group)
    await wang.starts(USERNAME, rules["reply_markup"]["inline_keyboard"][0][0]["url"].partition("start=")[2])
    await wang.sees("您已参加「冬日集章」")

    await sandbox.turn_clock(now=(START + timedelta(hours=1, minutes=1)).isoformat())
    await wang.sees("「冬日集章」开始了", group)
    await li.starts(USERNAME, await office.code("B1", ago=60))
    await li.sees("码过期了")
    await li.starts(USERNAME, forged(await office.code("B1")))
    await li.sees("这个码无效")
    await wang.starts(USERNAME, await office.code("B1"))
    await wang.sees("「桂花糕」盖章成功！")
    await wang.starts(USERNAME, await office.code("B2"))
    await wang.sees("🏅 恭喜获得勋章「达人」")

    page = await board(manager, f"http://127.0.0.1:{port}")
    figures = await page.asks("GET", "figures")
    assert [figures["totals"][name] for name in ("visitors", "stamps", "medals", "refused")] == [1, 2, 1, 2]
    await page.asks("POST", "booths/B3", {"state": "paused", "reason": "设备故障"})
    preview = await page.asks("POST", "notices/preview", {"kind": "paused", "booth": "B3"})
    assert preview["heads"] == 1
    await page.asks("POST", "notices", {"kind": "paused", "booth": "B3"})
    await sandbox.turn_clock(advance=61)
    await wang.sees("B3「转盘」暂停盖章（设备故障）", USERNAME)
    assert (await page.asks("GET", "figures"))["booths"][2]["paused"]
    await page.client.aclose()

    await wang.taps("出示领奖码", USERNAME)
    shown = CODE.search((await wang.sees("「达人」伴手礼：帆布袋", USERNAME))["caption"])
    assert shown is not None
    await manager.says("".join(shown.groups()), USERNAME)
    await manager.sees("发放：帆布袋（含这份还剩 5 份）", USERNAME)
    for tap in [await manager.taps("确认发放", USERNAME), await manager.taps("确认发放", USERNAME)]:
        await tap.answer()
    await wang.sees("您已领取伴手礼「帆布袋」", USERNAME)

    await sandbox.turn_clock(now=(START + timedelta(hours=3, minutes=1)).isoformat())
    await wang.sees("「冬日集章」已结束", group)
    sheet = await office.settles(lambda desk: desk.settle("fair"))
    assert (sheet.spent_fen, sheet.faults) == (1_200, ())


def forged(code: str) -> str:
    """The code with another last letter but three: the very last one carries fewer bits than it shows."""
    return f"{code[:-4]}{'B' if code[-4] == 'A' else 'A'}{code[-3:]}"


async def board(manager: Phone, address: str) -> BoardPage:
    """The event's screen, its board's link, and the page that the link opens once."""
    await manager.says("/rally", USERNAME)
    await manager.taps("冬日集章", USERNAME)
    await manager.taps("实时看板", USERNAME)
    link = (await manager.sees("请勿转发", USERNAME))["reply_markup"]["inline_keyboard"][0][0]["url"]
    assert link.startswith(f"{address}/boards#")
    page = BoardPage(address)
    await page.asks("POST", "session", {"word": link.partition("#")[2]})
    again = await page.client.post("/boards/api/session", json={"word": link.partition("#")[2]})
    assert again.status_code == 401
    return page
