"""Communities, merchants and branches."""

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import SQLModel, col

from campaigns.places.model import Merchant, PlaceKind, Spot
from storage.columns import big
from storage.database import UnitOfWork


class PlaceRow(SQLModel, table=True):
    """A place; a merchant names its community and branch, and its partner of the points ledger."""

    __tablename__ = "places"

    id: int | None = big(default=None, primary_key=True)
    kind: str
    name: str
    community_id: int | None = big(default=None, foreign_key="places.id")
    branch_id: int | None = big(default=None, foreign_key="places.id")
    partner_id: int | None = big(default=None)


MAKE_PARTNER = text(
    """WITH made AS (INSERT INTO partners (name, kind) VALUES (:name, 'merchant')
        ON CONFLICT (name) DO NOTHING RETURNING id)
    SELECT id FROM made UNION ALL SELECT id FROM partners WHERE name = :name LIMIT 1"""
)
MERCHANTS = """SELECT m.id, m.name, c.name, b.name, m.partner_id, count(DISTINCT g.id), count(DISTINCT gm.member_id)
    FROM places m
    LEFT JOIN places c ON c.id = m.community_id
    LEFT JOIN places b ON b.id = m.branch_id
    LEFT JOIN groups g ON g.place_id = m.id
    LEFT JOIN group_members gm ON gm.group_id = g.id AND gm.left_at IS NULL
    WHERE m.kind = 'merchant' AND (CAST(:id AS bigint) IS NULL OR m.id = :id)
    GROUP BY m.id, c.name, b.name ORDER BY b.name, c.name, m.name"""


class SqlPlaceStore:
    """Places inside one unit of work."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._session = uow.session

    async def keep(self, spot: Spot) -> Merchant:
        """Keep a merchant, or find it again; a community or branch that was unknown is filled in.

        A merchant that has one place only is found by its name alone.
        """
        community = spot.community and await self._area(PlaceKind.COMMUNITY, spot.community)
        branch = spot.branch and await self._area(PlaceKind.BRANCH, spot.branch)
        known = await self._known(spot.merchant, community or None)
        if known is None:
            known = await self._make(spot.merchant, community or None)
        known.community_id = known.community_id or community or None
        known.branch_id = branch or known.branch_id
        await self._session.flush()
        return (await self._read(known.id))[0]

    async def merchants(self) -> list[Merchant]:
        """Every merchant, by branch, community and name."""
        return await self._read(None)

    async def _area(self, kind: PlaceKind, name: str) -> int:
        await self._session.execute(insert(PlaceRow).values(kind=kind, name=name).on_conflict_do_nothing())
        found = await self._session.scalar(
            select(col(PlaceRow.id)).where(col(PlaceRow.kind) == kind, col(PlaceRow.name) == name)
        )
        assert found is not None
        return found

    async def _known(self, name: str, community: int | None) -> PlaceRow | None:
        """The same place, else the one place of this name where either side leaves the community open."""
        rows = await self._session.scalars(
            select(PlaceRow).where(col(PlaceRow.kind) == PlaceKind.MERCHANT, col(PlaceRow.name) == name)
        )
        namesakes = rows.all()
        for row in namesakes:
            if row.community_id == community:
                return row
        open_ones = [row for row in namesakes if community is None or row.community_id is None]
        return open_ones[0] if len(open_ones) == 1 else None

    async def _make(self, name: str, community: int | None) -> PlaceRow:
        partner = await self._session.scalar(MAKE_PARTNER, {"name": name})
        row = {"kind": PlaceKind.MERCHANT, "name": name, "community_id": community, "partner_id": partner}
        await self._session.execute(insert(PlaceRow).values(row).on_conflict_do_nothing())
        made = await self._session.scalar(
            select(PlaceRow).where(
                col(PlaceRow.kind) == PlaceKind.MERCHANT,
                col(PlaceRow.name) == name,
                col(PlaceRow.community_id).is_not_distinct_from(community),
            )
        )
        assert made is not None
        return made

    async def _read(self, place_id: int | None) -> list[Merchant]:
        rows = await self._session.execute(text(MERCHANTS), {"id": place_id})
        return [Merchant(*row) for row in rows]
