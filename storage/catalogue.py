"""Versions of the catalogue, what it needs to know of customers and groups, and bundles posted to groups."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, text, update
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlmodel import Column, Field, SQLModel, col

from campaigns.catalogue.files import plain, restored
from campaigns.catalogue.model import Class, Edition, Holdings, Post, Profile, Readers
from campaigns.catalogue.plans import Business
from campaigns.customers.enterprises import Tier
from campaigns.customers.model import Letter, Lifecycle
from campaigns.tags.rules import APPETITES
from storage.columns import big, moment
from storage.database import UnitOfWork
from storage.liquidity import derived_days, told_days

# What people set holds before what a department told, as for next actions.
ONE = "AND customer_id = :customer"
PROFILE = f"""SELECT
    (SELECT row_to_json(c) FROM (SELECT k.letter, k.lifecycle FROM customer_classes k
        JOIN segmentation_runs r ON r.id = k.run_id WHERE k.customer_id = :customer
        ORDER BY r.as_of DESC, r.made_at DESC LIMIT 1) c),
    (SELECT json_build_object('tier', t.tier, 'needs', t.needs, 'industry', e.industry)
        FROM enterprise_tiers t JOIN segmentation_runs r ON r.id = t.run_id
        LEFT JOIN enterprise_snapshots e ON e.customer_id = t.customer_id AND e.as_of = t.told_on
        WHERE t.customer_id = :customer ORDER BY r.as_of DESC, r.made_at DESC LIMIT 1),
    ARRAY(SELECT DISTINCT g.merchant FROM members m JOIN group_members i ON i.member_id = m.id AND i.left_at IS NULL
        JOIN groups g ON g.id = i.group_id WHERE m.customer_id = :customer),
    coalesce((SELECT max(substr(code, 7)::integer) FROM customer_tags WHERE customer_id = :customer
            AND code = ANY(:appetites) AND set_at <= :now AND coalesce(ended_at, 'infinity') > :now
            AND expires_at > :now),
        (SELECT substr(s.risk_appetite, 2)::integer FROM customer_snapshots s WHERE s.customer_id = :customer
            ORDER BY s.as_of DESC LIMIT 1)),
    (SELECT ARRAY[structured_deposit + time_deposit + demand_deposit + large_certificates,
            wealth_products + asset_plans, funds]
        FROM customer_snapshots WHERE customer_id = :customer ORDER BY as_of DESC LIMIT 1),
    ARRAY(SELECT product FROM admissions WHERE customer_id = :customer AND ended_at IS NULL AND until > :now),
    coalesce((SELECT days FROM ({told_days(":now", ONE)}) told), (SELECT days FROM ({derived_days(ONE)}) derived))"""  # noqa: S608 - our own text.
READERS = """WITH run AS (SELECT id FROM segmentation_runs ORDER BY as_of DESC, made_at DESC LIMIT 1)
SELECT g.id, g.chat_id, g.title, g.merchant, g.manager_id,
    (SELECT count(*) FROM group_members i WHERE i.group_id = g.id AND i.left_at IS NULL),
    coalesce((SELECT json_object_agg(standing, heads) FROM (
        SELECT coalesce(k.letter, t.tier) AS standing, count(*) AS heads
        FROM group_members i JOIN members m ON m.id = i.member_id
        LEFT JOIN customer_classes k ON k.customer_id = m.customer_id AND k.run_id = (SELECT id FROM run)
        LEFT JOIN enterprise_tiers t ON t.customer_id = m.customer_id AND t.run_id = (SELECT id FROM run)
        WHERE i.group_id = g.id AND i.left_at IS NULL AND coalesce(k.letter, t.tier) IS NOT NULL
        GROUP BY 1) c), '{}'::json)
FROM groups g WHERE """
KNOWN: dict[str, Class] = {each.value: each for kind in (Letter, Tier) for each in kind}


class CatalogueVersionRow(SQLModel, table=True):
    """One version of the whole catalogue; rows are only ever inserted."""

    __tablename__ = "catalogue_versions"

    version: int = Field(primary_key=True)
    body: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))
    made_by: str
    made_at: datetime = moment()
    reason: str


class BundlePostRow(SQLModel, table=True):
    """A bundle previewed for a group, and when it was posted."""

    __tablename__ = "bundle_posts"

    id: int | None = big(default=None, primary_key=True)
    version: int = Field(foreign_key="catalogue_versions.version")
    bundle: str
    group_id: int = big(foreign_key="groups.id")
    manager_id: int = big(foreign_key="members.id")
    made_at: datetime = moment()
    posted_at: datetime | None = moment(default=None)


class SqlCatalogueStore:
    """Implements `campaigns.catalogue.service.CatalogueStore`."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._session = uow.session

    async def edition(self, version: int | None = None) -> Edition | None:
        """One version, the newest by default."""
        query = select(CatalogueVersionRow).order_by(col(CatalogueVersionRow.version).desc()).limit(1)
        if version is not None:
            query = query.where(col(CatalogueVersionRow.version) == version)
        row = await self._session.scalar(query)
        return _edition(row) if row else None

    async def newest_for_change(self) -> Edition | None:
        """The newest version; who else would add one waits, and reading goes on."""
        await self._session.execute(text("LOCK TABLE catalogue_versions IN SHARE ROW EXCLUSIVE MODE"))
        return await self.edition()

    async def history(self) -> list[Edition]:
        """Every version, the newest first."""
        query = select(CatalogueVersionRow).order_by(col(CatalogueVersionRow.version).desc())
        return [_edition(row) for row in await self._session.scalars(query)]

    async def add(self, edition: Edition) -> None:
        """Keep a version for good."""
        row = {
            "version": edition.version,
            "body": plain(edition.catalogue),
            "made_by": edition.made_by,
            "made_at": edition.made_at,
            "reason": edition.reason,
        }
        await self._session.execute(insert(CatalogueVersionRow).values(row))

    async def profile(self, customer_id: UUID, now: datetime) -> Profile:
        """What decides what a customer gets, by the latest run that knows them."""
        facts = {"customer": customer_id, "now": now, "appetites": list(APPETITES)}
        row = (await self._session.execute(text(PROFILE), facts)).one()
        said, firm, merchants, appetite, held, invited, horizon = row
        classed = said or {}
        tier = Tier(firm["tier"]) if firm else None
        return Profile(
            letter=Letter(classed["letter"]) if classed else None,
            tier=tier,
            lifecycle=Lifecycle(classed["lifecycle"]) if classed.get("lifecycle") else None,
            merchants=frozenset(merchants),
            appetite=appetite,
            horizon=horizon,
            holdings=Holdings(*held) if held else None,
            invited=frozenset(invited),
            business=Business(firm["industry"], tier, tuple(firm["needs"])) if tier and firm["industry"] else None,
        )

    async def readers_of(self, managers: Sequence[int]) -> list[Readers]:
        """The groups of these managers, by title."""
        query = text(f"{READERS} g.manager_id = ANY(:managers) ORDER BY g.title, g.id")
        return [_readers(row) for row in await self._session.execute(query, {"managers": list(managers)})]

    async def readers(self, group_id: int) -> Readers | None:
        """One group."""
        row = (await self._session.execute(text(f"{READERS} g.id = :group"), {"group": group_id})).first()
        return _readers(row) if row else None

    async def draft(self, post: Post) -> Post:
        """Keep a preview; returns it with its id."""
        row = {name: value for name, value in vars(post).items() if name != "id"}
        return _post((await self._session.scalars(insert(BundlePostRow).values(row).returning(BundlePostRow))).one())

    async def lock(self, post_id: int) -> Post | None:
        """A preview, locked; its group is locked too, so that two previews of one bundle are confirmed in turn."""
        query = select(BundlePostRow).where(col(BundlePostRow.id) == post_id).with_for_update()
        row = await self._session.scalar(query.execution_options(populate_existing=True))
        if row is None:
            return None
        await self._session.execute(text("SELECT 1 FROM groups WHERE id = :id FOR UPDATE"), {"id": row.group_id})
        return _post(row)

    async def posted_since(self, group_id: int, bundle: str, since: datetime) -> bool:
        """Whether a bundle was posted in a group since then."""
        query = """SELECT EXISTS (SELECT FROM bundle_posts
            WHERE group_id = :group AND bundle = :bundle AND posted_at > :since)"""
        facts = {"group": group_id, "bundle": bundle, "since": since}
        return bool(await self._session.scalar(text(query), facts))

    async def set_posted(self, post: Post) -> None:
        """Write down that it was posted."""
        statement = update(BundlePostRow).where(col(BundlePostRow.id) == post.id).values(posted_at=post.posted_at)
        await self._session.execute(statement)


def _edition(row: CatalogueVersionRow) -> Edition:
    return Edition(row.version, restored(row.body), row.made_by, row.made_at, row.reason)


def _readers(row: Any) -> Readers:
    group, chat, title, merchant, manager, members, heads = row
    classes = {KNOWN[standing]: count for standing, count in heads.items()}
    return Readers(group, chat, title, merchant, manager, members, classes)


def _post(row: BundlePostRow) -> Post:
    assert row.id is not None
    return Post(row.id, row.version, row.bundle, row.group_id, row.manager_id, row.made_at, row.posted_at)
