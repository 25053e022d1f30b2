"""Announcements in the database: versions in order, only in the customer's favour, and never changed."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from campaigns.announcements.model import Activity, Announcement, Condition, Reward, RulePage, Unfavourable
from campaigns.announcements.rules import digest_of
from campaigns.announcements.service import AnnouncementService
from handlers.wording.announcements import RuleWords
from storage.announcements import SqlAnnouncementStore
from storage.database import Database, UnitOfWork

NOW = datetime(2026, 11, 22, 4, tzinfo=UTC)
PAGE = RulePage(
    Activity.EARNING,
    "签到",
    "Check in",
    (Reward("签到", "Check in", 5),),
    frozenset({Condition.BOUND, Condition.IN_TIME}),
    *("无", "none", "A银行", "Bank A", "95500", "95500"),
    opens_at=NOW,
    closes_at=NOW + timedelta(days=7),
    valid_days=30,
    price=100,
)


def announcements(uow: UnitOfWork) -> AnnouncementService:
    return AnnouncementService(SqlAnnouncementStore(uow), RuleWords(ZoneInfo("Asia/Shanghai")), lambda: NOW)


async def test_a_better_page_is_the_next_version_and_a_worse_one_is_refused(uow: UnitOfWork) -> None:
    service = announcements(uow)
    first = await service.publish("earning:1", PAGE)
    assert isinstance(first, Announcement)
    assert first.digest == digest_of(first.configuration, first.text_zh, first.text_en)
    assert await service.publish("earning:1", PAGE) == first
    worse = replace(PAGE, closes_at=PAGE.closes_at - timedelta(seconds=1))
    assert await service.publish("earning:1", worse) == Unfavourable(first)
    better = await service.publish("earning:1", replace(PAGE, rewards=(replace(PAGE.rewards[0], points=6),)))
    assert isinstance(better, Announcement)
    assert (better.version, await service.standing("earning:1")) == (2, better)
    assert await service.standing("earning:2") is None


async def test_two_who_publish_at_once_make_one_version(database: Database) -> None:
    async def publish() -> Announcement | Unfavourable:
        async with database.unit_of_work() as uow:
            return await announcements(uow).publish("earning:1", PAGE)

    first, second = await asyncio.gather(publish(), publish())
    assert first == second


async def test_what_was_announced_cannot_be_changed_or_removed(uow: UnitOfWork) -> None:
    await announcements(uow).publish("earning:1", PAGE)
    for statement in ("UPDATE announcements SET text_zh = ''", "DELETE FROM announcements"):
        with pytest.raises(DBAPIError, match="never changed"):
            async with uow.session.begin_nested():
                await uow.session.execute(text(statement))
