"""Every button that there is, pressed by who may not: whatever a forged payload names, nobody else's row changes."""

import importlib
import pkgutil
from collections.abc import Iterator
from contextlib import suppress
from enum import Enum
from itertools import islice, product
from typing import Any, Literal, get_args, get_origin
from uuid import UUID

from aiogram.filters.callback_data import CallbackData
from aiogram.types import Update
from pydantic import ValidationError

import handlers.chat
from campaigns.staff.model import Role
from sandbox.client import Phone
from tests.chat import points_bank as bank
from tests.chat.test_quizzes import RIDDLE
from tests.driver import UPDATE_IDS, Stage

SAMPLES: tuple[Any, ...] = (1, "1", "x" * 24, "234567", "zh", "2026-12-01", 0)
MOST_OF_ONE = 3
# What a person may always change is their own, and its rows name them; these tables keep presses and sealing keys.
KEPT = ("inbox", "audit_events", "data_keys")
TABLES = """SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND NOT tablename = ANY(:kept) ORDER BY 1"""


def payload_classes() -> list[type[CallbackData]]:
    """Every kind of button of every feature, those of modules that will be written tomorrow too."""
    for module in pkgutil.iter_modules(handlers.chat.__path__):
        importlib.import_module(f"handlers.chat.{module.name}")
    return sorted(CallbackData.__subclasses__(), key=lambda each: each.__module__ + each.__name__)


def payloads(made: type[CallbackData], chat: int, customer: UUID) -> Iterator[str]:
    """Some payloads of a kind: its choices in all their values as far as that goes, and the first row of anything."""
    named = made.model_fields
    fitting = [
        [value for value in _values(field.annotation, chat, customer) if _fits(made, name, value)]
        for name, field in named.items()
    ]
    chosen = [
        values if _is_choice(field.annotation) else values[:1]
        for field, values in zip(named.values(), fitting, strict=True)
    ]
    for values in islice(product(*chosen), MOST_OF_ONE):
        with suppress(ValidationError, ValueError):
            yield made(**dict(zip(named, values, strict=True))).pack()


def _values(annotation: Any, chat: int, customer: UUID) -> list[Any]:
    """Values of a field's type."""
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return list(annotation)
    if annotation is bool:
        return [True, False]
    if get_origin(annotation) is Literal:
        return list(get_args(annotation))
    if get_args(annotation):
        return [value for each in get_args(annotation) for value in _values(each, chat, customer)]
    return [customer, chat, *SAMPLES]


def _is_choice(annotation: Any) -> bool:
    return annotation is bool or any(
        isinstance(each, type) and issubclass(each, Enum) for each in (annotation, *get_args(annotation))
    )


def _fits(made: type[CallbackData], name: str, sample: Any) -> bool:
    """Whether a sample is one of a field's, as far as that field alone is concerned."""
    try:
        made.__pydantic_validator__.validate_assignment(made.model_construct(), name, sample)
    except ValidationError as fault:
        return all(error["loc"] != (name,) for error in fault.errors())
    return True


async def scene(stage: Stage) -> tuple[int, UUID]:
    """Something of everything, and a customer who redeemed; returns the group's chat and the customer."""
    manager = await stage.staff("李敏")
    group = await stage.group(manager)
    await stage.chain(manager, group)
    campaign = await bank.campaign(stage, group)
    await bank.item(stage)
    wang = await bank.customer(stage, "王芳", 50, campaign)
    await wang.joins(group)
    await wang.taps_and_sees("我要接龙", "第 1 位", group)
    await manager.says("/todo 看公告 3天", group)
    assert "已发布" in await stage.asks(manager, f"/quiz {campaign}\n{RIDDLE}", stage.bot)
    for words, question in (("/event", "活动叫什么"), ("开卡节", "得到什么"), ("送券", "什么时候"), ("3天", "投诉")):
        await manager.says(words, stage.bot)
        await manager.sees(question, stage.bot)
    await manager.says("95500", stage.bot)
    await manager.taps("确认发布", stage.bot)
    await manager.sees("已计划", stage.bot)
    await manager.says("/offer", stage.bot)
    await wang.says("兑换", stage.bot)
    await wang.taps("洗车券 · 20 波豆", stage.bot)
    await wang.taps("确认兑换", stage.bot)
    await wang.sees("已为您留好", stage.bot)
    [(customer,)] = await stage.rows("SELECT customer_id FROM members WHERE id = :id", id=wang.id)
    return group, customer


async def rows_of_others(stage: Stage, phone: Phone) -> dict[str, Any]:
    """What every table holds that does not name this person."""
    found = {}
    async with stage.app.database.unit_of_work() as uow:
        connection = await uow.session.connection()
        tables = (await connection.exec_driver_sql(TABLES.replace(":kept", "%s"), (list(KEPT),))).scalars().all()
        for table in tables:
            query = f'SELECT count(*), md5(string_agg(t::text, chr(10) ORDER BY t::text)) FROM "{table}" t'  # noqa: S608
            mine = (f"%{phone.id}%",)
            result = await connection.exec_driver_sql(f"{query} WHERE t::text NOT LIKE %s", mine)
            found[table] = tuple(result.one())
    return found


async def settled(stage: Stage) -> None:
    """Everything has been worked on and sent."""
    await stage.comes_to("SELECT count(*) FROM inbox WHERE state = 'new'", (0,))
    await stage.comes_to("SELECT count(*) FROM deliveries WHERE state IN ('planned', 'retry', 'dispatching')", (0,))


async def presses(stage: Stage, phone: Phone, datas: list[str]) -> None:
    """Press buttons that were never there, as a changed client can; what is answered is not sent."""
    person = {"id": phone.id, "is_bot": False, "first_name": phone.name}
    chat = {"id": phone.id, "type": "private", "first_name": phone.name}
    message = {"message_id": 1, "date": 1_800_000_000, "chat": chat, "text": "…"}
    for data in datas:
        query = {"id": "1", "from": person, "chat_instance": "1", "data": data, "message": message}
        raw = {"update_id": next(UPDATE_IDS), "callback_query": query}
        await stage.app.work(Update.model_validate(raw, context={"bot": stage.app.bot}))


async def test_no_button_of_any_feature_changes_what_is_somebody_elses(stage: Stage) -> None:
    group, customer = await scene(stage)
    stranger = await stage.person("陌生人")
    await stranger.starts(stage.bot)
    await stranger.sees("您好")
    other = await stage.staff("陈刚", Role.WEALTH_MANAGER)
    kinds = payload_classes()
    datas = [list(payloads(kind, group, customer)) for kind in kinds]
    assert [kind.__name__ for kind, made in zip(kinds, datas, strict=True) if not made] == []
    await settled(stage)
    await stage.sandbox.turn_clock(rate=1)  # Nothing comes due meanwhile that the ticks would do.
    for phone, most in ((stranger, 1), (other, MOST_OF_ONE)):
        before = await rows_of_others(stage, phone)
        await presses(stage, phone, [data for made in datas for data in made[:most]])
        after = await rows_of_others(stage, phone)
        assert {table: after[table] for table in after if after[table] != before[table]} == {}
