"""Tags and audiences on a real PostgreSQL: set, removed, expired, derived by runs, followed by audiences."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from campaigns.customers.segments import SegmentService
from campaigns.members.model import Language, Member
from campaigns.staff.model import Role
from campaigns.tags.model import Tag, TagRefusal, TagSource
from campaigns.tags.service import TagService
from segmentation.synthetic import AS_OF, invent_people, write_delivery
from storage.audiences import SqlAudienceStore
from storage.database import Database
from storage.segments import open_segments
from storage.tags import SqlTagStore
from storage.vault import Vault
from tests.storage.runs import NOW, ZONE, deliver_next, import_folder, segment

PEOPLE = invent_people(40)
WEALTHY = sum(int(person.aum[3]) >= 1_000 for person in PEOPLE)
FIRST = PEOPLE[1].number  # The second was drawn from class B.
MANAGER = Member(7, "李敏", Language.ZH, frozenset({Role.WEALTH_MANAGER}))


@pytest.fixture
def bank(database_url: str, vault: Vault, tmp_path: Path) -> str:
    """A database with 40 customers of one quarter."""
    write_delivery(tmp_path / "delivery", PEOPLE)
    import_folder(database_url, vault, tmp_path / "delivery")
    return database_url


async def set_tag(
    database: Database, code: str, evidence: str = "asked today", now: datetime = NOW
) -> Tag | TagRefusal:
    async with database.unit_of_work() as uow:
        return await TagService(SqlTagStore(uow), now).set(FIRST, code, evidence, MANAGER, MANAGER.roles)


async def remove(database: Database, code: str) -> TagRefusal | None:
    async with database.unit_of_work() as uow:
        return await TagService(SqlTagStore(uow), NOW).remove(FIRST, code, MANAGER, MANAGER.roles)


async def tags(database: Database, number: str = FIRST, now: datetime = NOW) -> dict[str, Tag]:
    async with database.unit_of_work() as uow:
        found = await TagService(SqlTagStore(uow), now).tags(number)
    assert not isinstance(found, TagRefusal)
    return {tag.code: tag for tag in found}


async def audience(database: Database, line: str) -> None:
    async with database.unit_of_work() as uow:
        await SqlAudienceStore(uow, ZONE).save("B", line, "head of retail", NOW)


async def counts(database: Database) -> tuple[int, int, int]:
    async with database.unit_of_work() as uow:
        [found] = await SqlAudienceStore(uow, ZONE).saved()
    return found.members, found.joined, found.left


async def test_a_tag_is_set_with_its_evidence_and_removed(bank: str, database: Database) -> None:
    assert isinstance(await set_tag(database, "interest_in_loans", " wants a flat "), Tag)
    found = (await tags(database))["interest_in_loans"]
    assert (found.source, found.evidence, found.set_by) == (TagSource.STAFF, "wants a flat", "7")
    assert found.expires_at == NOW + timedelta(days=180)
    assert await remove(database, "interest_in_loans") is None
    assert await tags(database) == {}
    assert await remove(database, "interest_in_loans") is TagRefusal.NOT_SET


async def test_a_tag_set_again_holds_once_and_history_stays(bank: str, database: Database) -> None:
    await set_tag(database, "banks_elsewhere", "said so")
    await set_tag(database, "banks_elsewhere", "said so again", NOW + timedelta(days=1))
    assert (await tags(database, now=NOW + timedelta(days=1)))["banks_elsewhere"].evidence == "said so again"
    with psycopg.connect(bank) as connection:
        kept = connection.execute("SELECT evidence, ended_by FROM customer_tags ORDER BY id").fetchall()
    assert kept == [("said so", "7"), ("said so again", None)]


async def test_a_new_appetite_for_risk_ends_the_old_one(bank: str, database: Database) -> None:
    await set_tag(database, "risk_c2")
    await set_tag(database, "risk_c4")
    assert set(await tags(database)) == {"risk_c4"}


@pytest.mark.parametrize(
    ("code", "evidence", "refusal"),
    [
        ("no_such", "x", TagRefusal.UNKNOWN_TAG),
        ("funds_lover", "x", TagRefusal.OF_A_RULE),
        ("credit_refused", "x", TagRefusal.NOT_ALLOWED),
        ("risk_c2", "  ", TagRefusal.NO_EVIDENCE),
    ],
)
async def test_what_may_not_be_set_is_refused(
    bank: str, database: Database, code: str, evidence: str, refusal: TagRefusal
) -> None:
    assert await set_tag(database, code, evidence) is refusal
    assert await tags(database) == {}


async def test_an_unknown_customer_is_refused(bank: str, database: Database) -> None:
    async with database.unit_of_work() as uow:
        service = TagService(SqlTagStore(uow), NOW)
        assert await service.tags("0xnobody") is TagRefusal.UNKNOWN_CUSTOMER
        asked = await service.set("0xnobody", "risk_c2", "x", MANAGER, MANAGER.roles)
        assert asked is TagRefusal.UNKNOWN_CUSTOMER


async def test_an_expired_tag_holds_no_longer_and_the_next_run_ends_it(bank: str, database: Database) -> None:
    await set_tag(database, "interest_in_loans", now=NOW - timedelta(days=180))
    assert await tags(database) == {}
    assert await remove(database, "interest_in_loans") is TagRefusal.NOT_SET
    await set_tag(database, "interest_in_wealth", now=NOW - timedelta(days=180))
    segment(bank)
    with psycopg.connect(bank) as connection:
        ended = connection.execute("SELECT ended_by FROM customer_tags WHERE code = 'interest_in_wealth'").fetchone()
    assert ended == ("expired",)


async def test_a_run_gives_tags_and_a_later_one_keeps_the_first_day(
    bank: str, vault: Vault, database: Database, tmp_path: Path
) -> None:
    run = segment(bank)
    first = await tags(database)
    assert "holds_wealth_products" in first
    assert first["holds_wealth_products"].set_at.date() == AS_OF
    assert run.report["tags"]["holds_wealth_products"] == WEALTHY
    assert "salary" in run.report["unknown_tags"]
    deliver_next(bank, vault, tmp_path / "next", PEOPLE, {FIRST: 900_000})
    segment(bank)
    second = await tags(database)
    assert "holds_wealth_products" not in second
    assert "idle_cash" in second
    kept = set(first) & set(second)
    assert kept
    assert all(second[code].set_at == first[code].set_at for code in kept)
    assert second["idle_cash"].set_at > first["holds_wealth_products"].set_at


async def test_an_audience_follows_the_runs(bank: str, vault: Vault, database: Database, tmp_path: Path) -> None:
    await audience(database, "class = B and tag = holds_wealth_products and not tag = idle_cash")
    run = segment(bank)
    before = (await counts(database))[0]
    assert await counts(database) == (before, before, 0)
    assert 0 < before <= run.summary[1]["customers"]
    deliver_next(bank, vault, tmp_path / "next", PEOPLE, {FIRST: 900_000})
    segment(bank)
    members, joined, left = await counts(database)
    assert left >= 1
    assert members == before + joined - left
    with psycopg.connect(bank) as connection:
        query = "SELECT count(*) FROM audience_members JOIN customers ON id = customer_id WHERE number = %s"
        assert connection.execute(query, [FIRST]).fetchone() == (0,)


async def test_a_tag_that_staff_set_counts_in_an_audience_at_the_next_run(bank: str, database: Database) -> None:
    await audience(database, "tag = banks_elsewhere")
    segment(bank)
    assert await counts(database) == (0, 0, 0)
    await set_tag(database, "banks_elsewhere", now=datetime(2026, 1, 4, tzinfo=UTC))
    assert not segment(bank).is_new
    assert await counts(database) == (1, 1, 0)


async def test_who_could_make_the_bank_the_main_account_is_measured_and_an_audience(
    bank: str, database: Database
) -> None:
    await audience(database, "tag = main_account_goal")
    with psycopg.connect(bank) as connection:
        connection.execute(
            """UPDATE customer_snapshots s SET transfers_in_amount = 3000000, salary_months = 2, salary_stay_days = 12,
                   income_months = 6, transfer_out_share = CASE WHEN number = %s THEN 0.4 ELSE 1.0 END
               FROM customers c WHERE c.id = s.customer_id AND s.has_activity""",
            [FIRST],
        )
    segment(bank)
    assert await counts(database) == (1, 1, 0)
    held = await tags(database)
    assert float(held["main_account_goal"].evidence) == pytest.approx((6 / 12 + 0.6 + 2 / 12 + 12 / 30) / 4, abs=1e-3)


async def test_a_line_that_is_no_longer_understood_keeps_its_members_and_stops_no_run(
    bank: str, database: Database
) -> None:
    await audience(database, "class = B")
    segment(bank)
    before = await counts(database)
    await audience(database, "tag = rich_uncle")
    segment(bank)
    assert await counts(database) == before


async def test_the_dictionary_counts_derived_and_set_tags(bank: str, database: Database) -> None:
    await set_tag(database, "risk_c2", now=NOW - timedelta(days=1))
    segment(bank)
    with open_segments(bank, ZONE) as store:
        found = {count.definition.code: count for count in store.tags.counts(NOW)}
    assert (found["risk_c2"].customers, found["holds_wealth_products"].customers) == (1, WEALTHY)
    assert not found["salary"].is_known
    assert found["assets_rising"].rule == (
        {"figure": "deposit_change", "at_least": 0.1, "below": None, "per": None},
    )  # fmt: skip


async def test_a_look_back_leaves_audiences_and_tags_as_they_are(bank: str, database: Database) -> None:
    await audience(database, "class = B")
    segment(bank)
    before = await counts(database)
    with open_segments(bank, ZONE, known_by=NOW + timedelta(days=1)) as store:
        assert SegmentService(store, NOW).segment(None) is not None
    assert await counts(database) == before
