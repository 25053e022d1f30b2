"""The points ledger in the database: movements are inserted, balances follow by trigger, never below nothing."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from campaigns.points.model import (
    Account,
    AccountKind,
    Balance,
    CampaignState,
    Ending,
    Movement,
    MovementReason,
    PointsCampaign,
    Share,
    StatementLine,
    Totals,
)
from storage.database import UnitOfWork
from storage.groups import GroupRow
from storage.points_rows import PartnerRow, PointsCampaignRow, PointsShareRow, campaign_value

MAKE_ACCOUNTS = text(
    """INSERT INTO points_accounts (kind, campaign_id, owner, expires_on)
    SELECT DISTINCT * FROM unnest(:kinds ::varchar[], :campaigns ::bigint[], :owners ::bigint[], :ends ::date[])
    ON CONFLICT DO NOTHING"""
)
POST = text(
    """INSERT INTO points_movements (key, person_key, source_id, target_id, points, reason, price, made_at)
    SELECT m.key, m.person, s.id, t.id, m.points, m.reason, m.price, :now
    FROM unnest(:keys ::varchar[], :persons ::varchar[], :points ::bigint[], :reasons ::varchar[], :prices ::integer[],
            :s_kinds ::varchar[], :s_campaigns ::bigint[], :s_owners ::bigint[], :s_ends ::date[],
            :t_kinds ::varchar[], :t_campaigns ::bigint[], :t_owners ::bigint[], :t_ends ::date[])
        WITH ORDINALITY AS m (key, person, points, reason, price, s_kind, s_campaign, s_owner, s_end,
            t_kind, t_campaign, t_owner, t_end, place)
    JOIN points_accounts s ON (s.campaign_id, s.kind, s.owner, s.expires_on) = (s_campaign, s_kind, s_owner, s_end)
    JOIN points_accounts t ON (t.campaign_id, t.kind, t.owner, t.expires_on) = (t_campaign, t_kind, t_owner, t_end)
    ORDER BY m.place"""
)
LOCK_BUDGET = text(
    """SELECT kind, campaign_id, owner, expires_on, balance FROM points_accounts
    WHERE kind = 'budget' AND campaign_id = :campaign AND owner = :purse FOR UPDATE"""
)
USED = text(
    """SELECT key FROM points_movements WHERE key = ANY(:keys)
    UNION SELECT person_key FROM points_movements WHERE person_key = ANY(:keys)"""
)
LOTS = """SELECT kind, campaign_id, owner, expires_on, balance FROM points_accounts
    WHERE kind = 'member' AND owner = :member AND balance > 0 ORDER BY id"""
LAPSED = text(
    """SELECT a.kind, a.campaign_id, a.owner, a.expires_on, a.balance, c.price
    FROM points_accounts a JOIN points_campaigns c ON c.id = a.campaign_id
    WHERE a.kind = 'member' AND a.balance > 0 AND a.expires_on < :today
    ORDER BY a.id LIMIT :limit FOR UPDATE OF a SKIP LOCKED"""
)
LOCK_HELD = text("SELECT id FROM points_accounts WHERE kind = 'held' AND owner = :redemption ORDER BY id FOR UPDATE")
TAKEN_FOR = text(
    """SELECT m.key, m.points, m.price, s.campaign_id, s.owner, s.expires_on
    FROM points_movements m JOIN points_accounts t ON t.id = m.target_id JOIN points_accounts s ON s.id = m.source_id
    WHERE t.kind = 'held' AND t.owner = :redemption AND m.reason = 'hold' ORDER BY m.id"""
)
HELD_OF = text(
    """SELECT coalesce(sum(points), 0) FROM (
        SELECT DISTINCT ON (h.id) h.balance AS points
        FROM points_accounts h JOIN points_movements m ON m.target_id = h.id
        JOIN points_accounts s ON s.id = m.source_id
        WHERE h.kind = 'held' AND h.balance > 0 AND s.kind = 'member' AND s.owner = :member) held"""
)
LINES = text(
    """SELECT m.made_at, CASE WHEN t.kind = 'member' THEN m.points ELSE -m.points END, m.reason, c.title
    FROM points_movements m JOIN points_accounts s ON s.id = m.source_id JOIN points_accounts t ON t.id = m.target_id
    JOIN points_campaigns c ON c.id = s.campaign_id
    WHERE (s.kind = 'member' AND s.owner = :member) OR (t.kind = 'member' AND t.owner = :member)
    ORDER BY m.id DESC LIMIT :limit"""
)
# One statement sees one instant, whatever others are doing meanwhile.
TOTALS = text(
    """WITH lying AS (
        SELECT kind, owner, sum(balance) AS points FROM points_accounts WHERE campaign_id = :campaign GROUP BY 1, 2
    ), moved AS (
        SELECT m.reason, t.owner, sum(m.points) AS points, sum(m.points * m.price) AS cost
        FROM points_movements m JOIN points_accounts t ON t.id = m.target_id
        WHERE t.campaign_id = :campaign AND m.reason IN ('fund', 'return', 'claim') GROUP BY 1, 2
        UNION ALL
        SELECT m.reason, s.owner, -sum(m.points), -sum(m.points * m.price)
        FROM points_movements m JOIN points_accounts s ON s.id = m.source_id
        WHERE s.campaign_id = :campaign AND m.reason = 'retract' GROUP BY 1, 2
    )
    SELECT 'account' AS of, kind, owner, points, 0 FROM lying
    UNION ALL SELECT 'movement', reason, owner, points, cost FROM moved"""
)

AT_PARTNERS = {MovementReason.CLAIM, MovementReason.RETRACT}
TAKE_ENDING = text(
    """WITH due AS (
        SELECT a.owner, a.expires_on, sum(a.balance) AS points FROM points_accounts a
        WHERE a.kind = 'member' AND a.balance > 0 AND a.expires_on BETWEEN :since AND :until
            AND NOT EXISTS (SELECT 1 FROM points_reminders r WHERE (r.member_id, r.ends_on) = (a.owner, a.expires_on))
        GROUP BY 1, 2 ORDER BY 2, 1 LIMIT :limit
    ), marked AS (
        INSERT INTO points_reminders (member_id, ends_on) SELECT owner, expires_on FROM due
        ON CONFLICT DO NOTHING RETURNING member_id, ends_on
    )
    SELECT m.member_id, d.points, m.ends_on
    FROM marked m JOIN due d ON (d.owner, d.expires_on) = (m.member_id, m.ends_on) ORDER BY 3, 1"""
)


class SqlPointsStore:
    """Implements `campaigns.points.ports.PointsStore`."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._session = uow.session

    async def add_partner(self, name: str, kind: str) -> int:
        """Keep a partner; returns its id, also that of one who was there before."""
        statement = insert(PartnerRow).values(name=name, kind=kind)
        kept = statement.on_conflict_do_update(index_elements=["name"], set_={"kind": kind}).returning(
            col(PartnerRow.id)
        )
        return int((await self._session.execute(kept)).scalar_one() or 0)

    async def partners(self) -> Mapping[int, str]:
        """Every partner's name."""
        rows = await self._session.execute(select(col(PartnerRow.id), col(PartnerRow.name)))
        return {number or 0: name for number, name in rows}

    async def create(
        self, title: str, price: int, valid_days: int, shares: Sequence[Share], ends_at: datetime, group_id: int | None
    ) -> PointsCampaign:
        """Store a new open campaign with its contract."""
        row = {"title": title, "price": price, "valid_days": valid_days, "ends_at": ends_at, "group_id": group_id}
        made = await self._session.scalars(
            insert(PointsCampaignRow).values(row | {"state": CampaignState.OPEN}).returning(PointsCampaignRow)
        )
        campaign = made.one()
        await self._session.execute(
            insert(PointsShareRow).values(
                [
                    {"campaign_id": campaign.id, "partner_id": share.partner, "basis_points": share.basis_points}
                    for share in shares
                ]
            )
        )
        return campaign_value(campaign, tuple(shares))

    async def campaign(self, campaign_id: int) -> PointsCampaign | None:
        """One campaign with its contract."""
        statement = select(PointsCampaignRow).where(col(PointsCampaignRow.id) == campaign_id)
        row = await self._session.scalar(statement.execution_options(populate_existing=True))
        if row is None:
            return None
        shares = await self._session.scalars(
            select(PointsShareRow)
            .where(col(PointsShareRow.campaign_id) == campaign_id)
            .order_by(col(PointsShareRow.partner_id))
        )
        return campaign_value(row, tuple(Share(share.partner_id, share.basis_points) for share in shares))

    async def lock_budget(self, campaign_id: int, purse: int = 0) -> tuple[PointsCampaign, Balance] | None:
        """A campaign with its budget, or the purse set aside for a draw, locked until the transaction ends."""
        row = (await self._session.execute(LOCK_BUDGET, {"campaign": campaign_id, "purse": purse})).one_or_none()
        campaign = await self.campaign(campaign_id)
        return (campaign, _balance(row)) if campaign is not None and row is not None else None

    async def used(self, keys: Collection[str]) -> set[str]:
        """Which of these keys movements have taken."""
        return set(await self._session.scalars(USED, {"keys": list(keys)})) if keys else set()

    async def post(self, movements: Sequence[Movement], now: datetime) -> None:
        """Write movements in one statement; the trigger moves the balances with them.

        Raises:
            IntegrityError: a key is taken, or an account would fall below nothing; nothing is written.
        """
        sources, targets = [m.source for m in movements], [m.target for m in movements]
        await self._session.execute(MAKE_ACCOUNTS, _columns("", dict.fromkeys([*sources, *targets])))
        given = {
            "now": now,
            "keys": [m.key for m in movements],
            "persons": [m.person_key for m in movements],
            "points": [m.points for m in movements],
            "reasons": [m.reason for m in movements],
            "prices": [m.price for m in movements],
        }
        await self._session.execute(POST, given | _columns("s_", sources) | _columns("t_", targets))

    async def lock_lots(self, member_id: int) -> list[Balance]:
        """A member's lots that hold points, locked in the order of their ids."""
        return await self._lots(f"{LOTS} FOR UPDATE", member_id)

    async def lots(self, member_id: int) -> list[Balance]:
        """The same, unlocked."""
        return await self._lots(LOTS, member_id)

    async def lapsed(self, today: date, limit: int) -> list[tuple[Balance, int]]:
        """Lots past their last day with their campaign's price, locked; those that others hold are left out."""
        rows = await self._session.execute(LAPSED, {"today": today, "limit": limit})
        return [(_balance(row), row.price) for row in rows]

    async def taken_for(self, redemption_id: int) -> list[Movement]:
        """The movements that set points aside for a redemption, in order; its accounts are locked."""
        await self._session.execute(LOCK_HELD, {"redemption": redemption_id})
        rows = await self._session.execute(TAKEN_FOR, {"redemption": redemption_id})
        return [
            Movement(
                row.key,
                Account(AccountKind.MEMBER, row.campaign_id, row.owner, row.expires_on),
                Account(AccountKind.HELD, row.campaign_id, redemption_id),
                row.points,
                MovementReason.HOLD,
                row.price,
            )
            for row in rows
        ]

    async def held_of(self, member_id: int) -> int:
        """The points that are set aside for a member's open redemptions."""
        return int(await self._session.scalar(HELD_OF, {"member": member_id}) or 0)

    async def lines(self, member_id: int, limit: int) -> list[StatementLine]:
        """A member's latest movements, newest first."""
        rows = await self._session.execute(LINES, {"member": member_id, "limit": limit})
        return [StatementLine(at, points, MovementReason(reason), title) for at, points, reason, title in rows]

    async def totals(self, campaign_id: int) -> Totals:
        """Where a campaign's points lie, seen at one instant."""
        rows = (await self._session.execute(TOTALS, {"campaign": campaign_id})).all()
        lying: dict[str, int] = {}
        for of, kind, _, points, _ in rows:
            lying[f"{of}:{kind}"] = lying.get(f"{of}:{kind}", 0) + int(points)
        claimed: dict[int, int] = {}
        costs: dict[int, int] = {}
        for _, kind, owner, points, cost in rows:
            if kind in AT_PARTNERS:
                claimed[owner] = claimed.get(owner, 0) + int(points)
                costs[owner] = costs.get(owner, 0) + int(cost)
        return Totals(
            issued=lying.get("movement:fund", 0),
            left=lying.get("account:budget", 0) + lying.get("movement:return", 0),
            outstanding=lying.get("account:member", 0),
            held=lying.get("account:held", 0),
            claimed=claimed,
            expired=lying.get("account:expired", 0),
            void=lying.get("account:void", 0),
            cost=costs,
        )

    async def campaigns(self, manager_id: int | None, limit: int) -> list[PointsCampaign]:
        """The campaigns of a manager's groups, or all of them, the newest first."""
        wanted = select(col(PointsCampaignRow.id)).order_by(col(PointsCampaignRow.id).desc()).limit(limit)
        if manager_id is not None:
            groups = select(col(GroupRow.id)).where(col(GroupRow.manager_id) == manager_id)
            wanted = wanted.where(col(PointsCampaignRow.group_id).in_(groups))
        found = [await self.campaign(number or 0) for number in await self._session.scalars(wanted)]
        return [campaign for campaign in found if campaign is not None]

    async def group_titled(self, title: str) -> int | None:
        """The registered group with exactly this name."""
        return await self._session.scalar(select(col(GroupRow.id)).where(col(GroupRow.title) == title).limit(1))

    async def manager_of(self, campaign_id: int) -> int | None:
        """The manager of a campaign's group."""
        statement = (
            select(col(GroupRow.manager_id))
            .join(PointsCampaignRow, col(PointsCampaignRow.group_id) == col(GroupRow.id))
            .where(col(PointsCampaignRow.id) == campaign_id)
        )
        return await self._session.scalar(statement)

    async def take_ending(self, since: date, until: date, limit: int) -> list[Ending]:
        """Members' points that end within these days and of which nobody was reminded, marked as reminded."""
        rows = await self._session.execute(TAKE_ENDING, {"since": since, "until": until, "limit": limit})
        return [Ending(member, int(points), ends_on) for member, points, ends_on in rows]

    async def mark_closed(self, campaign: PointsCampaign, now: datetime) -> None:
        """Mark a campaign closed."""
        await self._session.execute(
            update(PointsCampaignRow)
            .where(col(PointsCampaignRow.id) == campaign.id)
            .values(state=CampaignState.CLOSED, closed_at=now)
        )

    async def _lots(self, query: str, member_id: int) -> list[Balance]:
        return [_balance(row) for row in await self._session.execute(text(query), {"member": member_id})]


def _columns(prefix: str, accounts: Collection[Account]) -> dict[str, list[Any]]:
    """Accounts as the arrays that a statement takes."""
    return {
        f"{prefix}kinds": [account.kind for account in accounts],
        f"{prefix}campaigns": [account.campaign_id for account in accounts],
        f"{prefix}owners": [account.owner for account in accounts],
        f"{prefix}ends": [account.expires_on for account in accounts],
    }


def _balance(row: Row[Any]) -> Balance:
    return Balance(Account(AccountKind(row.kind), row.campaign_id, row.owner, row.expires_on), row.balance)
