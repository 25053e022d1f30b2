"""A campaign to people who opened the bot: who they are, what is planned, and a process that only sends it."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from multiprocessing.synchronize import Event

import psycopg
from aiogram import Bot
from aiogram.client.telegram import TelegramAPIServer

from bot.clock import Clock
from bot.leadership import Leadership
from bot.logs import configure
from bot.pacing import Pacer
from bot.sender import Sender
from bot.session import Session
from campaigns.deliveries.model import Delivery, Draft, Kind, Message, Picture, Reason
from sandbox.client import Sandbox
from storage.database import Database, UnitOfWork
from storage.deliveries import SqlDeliveryStore
from storage.members import key_owner, name_place
from storage.vault import Vault

AT_ONCE = 50
WORDS = "生活缴费立减 5 元，本周有效。"
HASTY = 0.05  # Real seconds between two tries for the lead.


async def readers(sandbox: Sandbox, bot: str, heads: int) -> list[int]:
    """People who have opened the bot, by their ids."""
    phones = await sandbox.new_people(f"客户{at}" for at in range(heads))
    for first in range(0, heads, AT_ONCE):
        await asyncio.gather(*(phone.starts(bot) for phone in phones[first : first + AT_ONCE]))
    return [phone.id for phone in phones]


def agree(url: str, people: Sequence[int], now: datetime, vault: Vault) -> None:
    """Let the product know these people, who agreed to offers, and keep no hours and no caps."""
    with psycopg.connect(url) as connection:
        keys = [vault.new_key(key_owner(who)) for who in people]
        with connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO data_keys (owner, key_name, wrapped) VALUES (%s, %s, %s)",
                [(key.owner, key.key_name, key.wrapped) for key in keys],
            )
            cursor.executemany(
                """INSERT INTO members (id, name, language, private_chat, first_seen_at, language_chosen)
                VALUES (%s, %s, 'zh', 'open', %s, false)""",
                [(who, vault.seal(key_owner(who), name_place(who), "客户"), now) for who in people],
            )
        connection.execute(
            """INSERT INTO consents (member_id, purpose, wording, given_at)
            SELECT id, 'marketing', 'marketing-1', %(now)s FROM unnest(%(people)s::bigint[]) id""",
            {"people": list(people), "now": now},
        )
        connection.execute(
            """INSERT INTO gate_policies (version, quiet_from, quiet_until, per_day, per_week, per_month,
                pressure_per_week, zone, made_by, made_at)
            SELECT max(version) + 1, '00:00', '00:00', 1000, 1000, 1000, 1000, 'Asia/Shanghai', 'trial', %s
            FROM gate_policies""",
            [now],
        )


async def plan(url: str, campaign: str, people: Sequence[int], now: datetime, words: str = WORDS) -> None:
    """Plan one offer to each."""
    database = Database(url, pool_size=2)
    async with database.unit_of_work() as uow:
        drafts = [Draft(campaign, "x", who, Message(words), Kind.MARKETING, now) for who in people]
        await SqlDeliveryStore(uow).plan(drafts, now)
    await database.close()


def bot_at(token: str, api: str) -> Bot:
    """A bot that talks to this server."""
    return Bot(token, session=Session(api=TelegramAPIServer.from_base(api), timeout=20))


def sender_of(database: Database, bot: Bot, per_second: int, clock: Clock) -> Sender:
    """The product's sender, with nothing to draw and nobody to tell."""
    return Sender(database, bot, clock, Pacer(clock.now, per_second), _tell_nobody, _draw_nothing)


async def lead_and_send(url: str, api: str, token: str, per_second: int, leads: Event) -> None:
    """Wait for the lead, then send, as `serve` does without the rest of the product."""
    bot, leadership = bot_at(token, api), Leadership(url, int(token.partition(":")[0]), ask_again=HASTY)
    database = Database(url, pool_size=4)
    await leadership.win()
    leads.set()
    await sender_of(database, bot, per_second, Clock()).run()


def sender_process(url: str, api: str, token: str, per_second: int, leads: Event) -> None:
    """The same until it is killed, as a process of its own."""
    configure(json=False, level="CRITICAL")
    asyncio.run(lead_and_send(url, api, token, per_second, leads))


async def _tell_nobody(_uow: UnitOfWork, _delivery: Delivery, _reason: Reason) -> None:
    return None


async def _draw_nothing(_picture: Picture) -> None:
    return None
