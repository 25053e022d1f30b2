"""Members in the chat: consent, binding a number of one's own, letting go of it, and what is kept of it."""

import asyncio
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql

from campaigns.customers.intake import IntakeReport, IntakeService
from sandbox.client import Phone
from segmentation.synthetic import AS_OF, invent_name, invent_people, invent_phone, write_contacts, write_delivery
from storage.intakes import open_intakes
from storage.vault import Vault
from tests.driver import Stage

SHARE = "分享我的手机号"
UNKNOWN_NUMBER = "+8610099990001"


class Watcher:
    """Looks away."""

    def expect(self, steps: int) -> None: ...

    def begin(self, step: str) -> None: ...


@pytest.fixture
def numbers(stage: Stage, database_url: str, vault: Vault, tmp_path: Path) -> list[str]:
    """The phone numbers of customers whom the bank delivered."""
    people = invent_people(6)
    write_delivery(tmp_path / "delivery", people, orphans=1)
    write_contacts(tmp_path / "delivery", [person.number for person in people])
    with open_intakes(database_url, vault) as store:
        report = IntakeService(store, Watcher(), stage.app.clock.now()).import_delivery(
            tmp_path / "delivery", "cn-bank", AS_OF, 0.0
        )
    assert isinstance(report, IntakeReport), report
    return [invent_phone(at).replace(" ", "") for at, _ in enumerate(people)]


async def agreed(stage: Stage, phone: Phone) -> None:
    """Opened the bot by the group's link and agreed to the purpose."""
    mark = await phone.mark(stage.bot) if phone.chat else 0
    await phone.starts(stage.bot, "bind")
    question = await phone.sees("您同意", since=mark)
    await phone.taps("同意", message_id=question["message_id"])
    await phone.sees(SHARE, since=mark)


async def test_the_purpose_is_stated_and_agreed_to_before_the_share_button_appears(stage: Stage) -> None:
    wang = await stage.person("王芳", phone=UNKNOWN_NUMBER)
    await wang.starts(stage.bot)
    await wang.taps("绑定手机号")
    question = await wang.sees("您同意A银行为此处理您的手机号吗")
    assert "用途" in question["text"]
    assert "加密保存" in question["text"]
    assert await wang.keyboard() is None
    assert await stage.rows("SELECT purpose FROM consents") == []
    await wang.taps("同意")
    await wang.sees(f"请点下方「{SHARE}」")
    assert (await wang.keyboard() or {})["keyboard"] == [[{"text": SHARE, "request_contact": True}]]
    consents = "SELECT purpose, wording, withdrawn_at FROM consents WHERE member_id = :wang"
    await stage.comes_to(consents, ("binding", "binding-1", None), wang=wang.id)


async def test_a_no_stores_nothing_and_takes_an_earlier_yes_back(stage: Stage) -> None:
    wang = await stage.person("王芳", phone=UNKNOWN_NUMBER)
    await agreed(stage, wang)
    await wang.taps("不同意")
    await wang.sees("没有保存任何信息")
    assert await wang.keyboard() is None
    await wang.shares_contact()
    await wang.sees("请先发 /bind，看过用途并同意")
    await stage.comes_to("SELECT phone FROM members WHERE id = :wang", (None,), wang=wang.id)


async def test_the_own_number_of_a_customer_binds_and_anybody_elses_does_not(stage: Stage, numbers: list[str]) -> None:
    wang, zhang = await stage.person("王芳", phone=numbers[0]), await stage.person("张三", phone=numbers[1].lstrip("+"))
    await wang.starts(stage.bot)
    await wang.shares_contact()
    await wang.sees("请先发 /bind，看过用途并同意")
    await agreed(stage, wang)
    await wang.shares_contact(of=zhang)
    await wang.sees("只能绑定您本人的号码")
    await wang.sends(contact={"phone_number": numbers[1], "first_name": "张三"})
    await wang.sees("只能绑定您本人的号码")
    assert await wang.keyboard() is not None
    assert await stage.rows("SELECT id FROM members WHERE phone IS NOT NULL") == []
    await wang.shares_contact()
    await wang.sees("绑定成功")
    assert await wang.keyboard() is None
    await agreed(stage, zhang)
    await zhang.shares_contact()
    await zhang.sees("绑定成功")
    bound = (
        "SELECT m.id FROM members m JOIN customer_contacts c USING (customer_id)"
        " WHERE m.phone_index = c.phone_index ORDER BY m.id"
    )
    await stage.comes_to(bound, (wang.id,), (zhang.id,))
    assert "手机号已绑定" in await stage.asks(wang, "/start")


async def test_a_number_that_is_bound_goes_to_staff_once_and_the_person_hears_politely(
    stage: Stage, numbers: list[str]
) -> None:
    manager = await stage.staff("李敏")
    group = await stage.group(manager)
    wang, other = await stage.person("王芳", phone=numbers[0]), await stage.person("孙小美", phone=numbers[0])
    await other.joins(group)
    for phone in (wang, other):
        await agreed(stage, phone)
    await wang.shares_contact()
    await wang.sees("绑定成功")
    for _ in range(2):
        shared = await other.shares_contact()
        await other.sees("已请工作人员核实", since=shared["seq"])
    await manager.sees("孙*美", stage.bot)
    told = await stage.sandbox.calls(method="sendMessage", chat_id=manager.id, bot=stage.app.bot.id)
    assert [call["outcome"] for call in told if "请核实" in call["params"]["text"]] == ["ok"]
    await manager.sees_no("请核实", group)
    await other.leaves(group)
    await wang.joins(group)
    here = "SELECT member_id FROM group_members WHERE left_at IS NULL AND member_id <> :manager"
    await stage.comes_to(here, (wang.id,), manager=manager.id)
    await stage.passes(timedelta(days=1))
    await other.shares_contact(stage.bot)
    await stage.comes_to("SELECT count(*) FROM deliveries WHERE step LIKE 'taken:%' AND state = 'sent'", (2,))
    await wang.sees_no("核实", stage.bot)


async def test_two_people_who_share_one_customers_number_at_once_are_not_both_bound(
    stage: Stage, numbers: list[str]
) -> None:
    pair = [await stage.person(name, phone=numbers[2]) for name in ("王芳", "孙小美")]
    await asyncio.gather(*(agreed(stage, phone) for phone in pair))
    await asyncio.gather(*(phone.shares_contact() for phone in pair))
    await stage.comes_to("SELECT count(*) FROM members WHERE customer_id IS NOT NULL", (1,))
    [(holder,)] = await stage.rows("SELECT id FROM members WHERE customer_id IS NOT NULL")
    for phone in pair:
        await phone.sees("绑定成功" if phone.id == holder else "已绑定另一个账号")


async def test_an_unknown_number_stays_a_prospect(stage: Stage, numbers: list[str]) -> None:
    stranger = await stage.person("周周", phone=UNKNOWN_NUMBER)
    await agreed(stage, stranger)
    await stranger.shares_contact()
    await stranger.sees("理财经理会联系您")
    query = "SELECT customer_id, phone_index IS NOT NULL FROM members WHERE id = :id"
    await stage.comes_to(query, (None, True), id=stranger.id)
    assert numbers


async def test_who_unbinds_can_bind_again(stage: Stage, numbers: list[str]) -> None:
    wang = await stage.person("王芳", phone=numbers[0])
    await agreed(stage, wang)
    await wang.shares_contact()
    await wang.sees("绑定成功")
    await wang.sees("要不要接收A银行的福利")
    assert "号码已删除" in await stage.asks(wang, "/unbind")
    kept = "SELECT customer_id, phone, phone_index, bound_at FROM members WHERE id = :id"
    await stage.comes_to(kept, (None, None, None, None), id=wang.id)
    assert "还没有绑定号码" in await stage.asks(wang, "解绑")
    await wang.shares_contact()
    await wang.sees("请先发 /bind")
    again = await wang.mark()
    await agreed(stage, wang)
    await wang.shares_contact()
    await wang.sees("绑定成功", since=again)
    history = "SELECT count(*), count(withdrawn_at) FROM consents WHERE member_id = :id AND purpose = 'binding'"
    await stage.comes_to(history, (2, 1), id=wang.id)


async def test_names_and_numbers_rest_sealed_in_every_column_of_the_database(
    stage: Stage, numbers: list[str], database_url: str
) -> None:
    manager = await stage.staff("李敏")
    group = await stage.group(manager)
    wang = await stage.person("若兰", last_name="欧阳", phone=numbers[0])
    twin = await stage.person("若竹", last_name="欧阳", phone=numbers[0])
    for phone in (wang, twin):
        await phone.joins(group)
        await agreed(stage, phone)
        await phone.shares_contact()
    await wang.sees("绑定成功")
    await twin.sees("工作人员核实")
    await manager.sees("请核实", stage.bot)
    await stage.chain(manager, group)
    await wang.opens(group).taps_and_sees("我要接龙", "第 1 位")
    await wang.says("我是若兰，号码 13812345678", stage.bot)
    await wang.sees("已转给您的理财经理", stage.bot)
    assert "第 1 位" in await stage.asks(wang, "+1", group)
    await stage.comes_to("SELECT count(*) FROM inbox WHERE state <> 'done'", (0,))
    everything = await asyncio.to_thread(contents, database_url)
    secrets = ["若兰", "若竹", "欧阳", numbers[0].removeprefix("+86"), "13812345678", invent_name(0)]
    leaks = {secret: [place for place, kept in everything if secret in kept] for secret in secrets}
    assert leaks == {secret: [] for secret in secrets}


def contents(url: str) -> list[tuple[str, str]]:
    """Every value of every table, as text, with the table it stands in."""
    found = []
    with psycopg.connect(url) as connection:
        query = (
            "SELECT schemaname, tablename FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
        )
        for schema, table in connection.execute(query).fetchall():
            rows = connection.execute(sql.SQL("SELECT * FROM {}").format(sql.Identifier(schema, table))).fetchall()
            found += [(table, readable(value)) for row in rows for value in row]
    return found


def readable(value: Any) -> str:
    """A stored value as somebody with the disk in hand would read it."""
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return json.dumps(value, ensure_ascii=False, default=str)
