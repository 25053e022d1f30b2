"""The duties of every second: each names tables that exist, and is left out only while they are empty."""

from sqlalchemy import text

from bot.duties import DUTIES, worth_a_look
from storage.database import Database


async def test_a_feature_that_nobody_uses_is_left_out_until_its_first_row(database: Database) -> None:
    async with database.unit_of_work() as uow:
        assert await worth_a_look(uow) == []
        await uow.session.execute(
            text(
                """WITH manager AS (
                    INSERT INTO members (id, name, language, private_chat, first_seen_at)
                    VALUES (1, '\\x00', 'zh', 'never', now()) RETURNING id
                ) INSERT INTO staff_roles SELECT id, 'wealth_manager', now() FROM manager"""
            )
        )
        assert [duty.feature for duty in await worth_a_look(uow)] == ["briefs"]


def test_no_feature_has_two_duties_of_one_name() -> None:
    assert len({duty.feature for duty in DUTIES}) == len(DUTIES)
