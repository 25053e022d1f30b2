"""Group-buys: what claimants' standings are, who takes part where, and what was settled."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from campaigns.chains.eligibility import Holding, Standing
from campaigns.chains.model import Chain, ChainState
from campaigns.chains.stages import GroupbuyState
from campaigns.groupbuys.model import Benefit, GroupbuyPlan
from storage.chains import ChainRow
from storage.database import UnitOfWork
from storage.groupbuy_rows import GroupbuyBenefitRow, GroupbuyChainRow, GroupbuyRow, GroupbuySeatRow
from storage.groups import GroupMemberRow, GroupRow
from storage.rows import insert_rows

HELD = ", ".join(f"coalesce(s.{name}, 0) > 0" for name in Holding)
# One row per claimant: the customer with the latest letter and snapshot, the group's places, the other group.
STANDINGS = f"""SELECT m.id, m.customer_id, k.letter, s.district, p.places, e.title, {HELD}
    FROM members m
    LEFT JOIN LATERAL (SELECT c.letter FROM customer_classes c JOIN segmentation_runs r ON r.id = c.run_id
        WHERE c.customer_id = m.customer_id ORDER BY r.as_of DESC, r.made_at DESC LIMIT 1) k ON true
    LEFT JOIN LATERAL (SELECT * FROM customer_snapshots t WHERE t.customer_id = m.customer_id
        ORDER BY t.as_of DESC LIMIT 1) s ON true
    LEFT JOIN LATERAL (SELECT g.title FROM groupbuy_seats t JOIN chains c ON c.id = t.chain_id
        JOIN groups g ON g.id = c.group_id
        WHERE t.groupbuy_id = :groupbuy AND (t.member_id = m.id OR t.customer_id = m.customer_id)
            AND NOT (t.chain_id = :chain AND t.member_id = m.id) LIMIT 1) e ON true
    CROSS JOIN (SELECT array_agg(n.name) AS places FROM groups g JOIN places h ON h.id = g.place_id
        JOIN places n ON n.id IN (h.id, h.community_id, h.branch_id) WHERE g.id = :group) p
    WHERE m.id = ANY(:members)"""  # noqa: S608 - made of our own names; what was asked are parameters.


class SqlGroupbuyStore:
    """Implements `campaigns.groupbuys.service.GroupbuyStore` inside one unit of work."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._session = uow.session

    async def create(self, plan: GroupbuyPlan, manager_id: int, now: datetime) -> int:
        """Store a campaign's terms; returns its id."""
        row = {
            "manager_id": manager_id,
            "stages": [asdict(each) for each in plan.stages],
            "leader_rule": plan.leader_rule,
            "ends_at_top": plan.ends_at_top,
            "opened_at": now,
        }
        made = await self._session.scalar(insert(GroupbuyRow).values(row).returning(col(GroupbuyRow.id)))
        assert made is not None
        return int(made)

    async def busy_group(self, group_ids: Collection[int], product: str) -> str | None:
        """The title of a group among these that has an open chain for the product."""
        return await self._session.scalar(
            select(col(GroupRow.title))
            .join(ChainRow, col(ChainRow.group_id) == col(GroupRow.id))
            .where(
                col(GroupRow.id).in_(group_ids),
                col(ChainRow.product) == product,
                col(ChainRow.state) == ChainState.OPEN,
            )
            .order_by(col(GroupRow.id))
            .limit(1)
        )

    async def hold(self, chain: Chain) -> None:
        """Lock the campaign until the transaction ends, so that nobody enters two groups of it at once."""
        if chain.groupbuy is not None:
            row = select(col(GroupbuyRow.id)).where(col(GroupbuyRow.id) == chain.groupbuy.id)
            await self._session.execute(row.with_for_update())

    async def standings(self, chain: Chain, member_ids: Sequence[int]) -> dict[int, Standing]:
        """How these members stand to a chain's conditions, in one query."""
        groupbuy = chain.groupbuy.id if chain.groupbuy else None
        asked = {"groupbuy": groupbuy, "chain": chain.id, "group": chain.group_id, "members": list(member_ids)}
        rows = await self._session.execute(text(STANDINGS), asked)
        return {
            member: Standing(
                customer_id=customer,
                letter=letter,
                regions=frozenset({*(places or ()), *([district] if district else ())}),
                holdings=frozenset(name for name, is_held in zip(Holding, held, strict=True) if is_held),
                elsewhere=title,
            )
            for member, customer, letter, district, places, title, *held in rows
        }

    async def save_seats(
        self, chain: Chain, came: Mapping[int, UUID | None], gone: Sequence[int], now: datetime
    ) -> None:
        """Note who takes part in this group of the campaign, by which customer of the bank, and who does no more."""
        assert chain.groupbuy is not None
        if gone:
            await self._session.execute(
                delete(GroupbuySeatRow).where(
                    col(GroupbuySeatRow.chain_id) == chain.id, col(GroupbuySeatRow.member_id).in_(gone)
                )
            )
        if came:
            seat = {"groupbuy_id": chain.groupbuy.id, "chain_id": chain.id, "taken_at": now}
            rows = [seat | {"member_id": member, "customer_id": customer} for member, customer in came.items()]
            await self._session.execute(insert_rows(GroupbuySeatRow, rows))

    async def customers(self, chain: Chain) -> dict[int, UUID | None]:
        """The customer of the bank behind each member who takes part in a chain, as it was when the member entered."""
        found = await self._session.execute(
            select(col(GroupbuySeatRow.member_id), col(GroupbuySeatRow.customer_id)).where(
                col(GroupbuySeatRow.chain_id) == chain.id
            )
        )
        return {row[0]: row[1] for row in found}

    async def settle(self, chain: Chain, now: datetime) -> None:
        """Store what became of a group-buy; who failed is free to join another group."""
        assert chain.groupbuy is not None
        await self._session.execute(
            update(GroupbuyChainRow)
            .where(col(GroupbuyChainRow.chain_id) == chain.id)
            .values(state=chain.groupbuy.state, formed=chain.groupbuy.formed, settled_at=now)
        )
        if chain.groupbuy.state is GroupbuyState.FAILED:
            await self._session.execute(delete(GroupbuySeatRow).where(col(GroupbuySeatRow.chain_id) == chain.id))

    async def save_benefits(self, benefits: Sequence[Benefit], now: datetime) -> None:
        """Write down what entries earned, each once."""
        if benefits:
            rows = [asdict(each) | {"earned_at": now} for each in benefits]
            await self._session.execute(insert(GroupbuyBenefitRow).values(rows).on_conflict_do_nothing())

    async def mark_extended(self, chain_id: int, by: int, now: datetime) -> None:
        """Remember that a group-buy was extended, which it is once."""
        await self._session.execute(
            update(GroupbuyChainRow)
            .where(col(GroupbuyChainRow.chain_id) == chain_id)
            .values(extended_at=now, extended_by=by)
        )

    async def benefits(self, chain_id: int, member_id: int) -> list[str]:
        """What one member earned, the lowest stage first."""
        statement = (
            select(col(GroupbuyBenefitRow.benefit))
            .where(col(GroupbuyBenefitRow.chain_id) == chain_id, col(GroupbuyBenefitRow.member_id) == member_id)
            .order_by(col(GroupbuyBenefitRow.stage))
        )
        return list(await self._session.scalars(statement))

    async def chain_behind(self, token: str) -> int | None:
        """The chain that an invitation leads to."""
        return await self._session.scalar(
            select(col(GroupbuyChainRow.chain_id)).where(col(GroupbuyChainRow.token) == token)
        )

    async def of_member(self, member_id: int, limit: int) -> list[int]:
        """The group-buys that a member opened or takes part in: the running ones first, then those that formed."""
        seats = select(col(GroupbuySeatRow.chain_id)).where(col(GroupbuySeatRow.member_id) == member_id)
        is_open = col(ChainRow.state) == ChainState.OPEN
        statement = (
            select(col(ChainRow.id))
            .join(GroupbuyChainRow, col(GroupbuyChainRow.chain_id) == col(ChainRow.id))
            .where(((col(ChainRow.leader_id) == member_id) & is_open) | col(ChainRow.id).in_(seats))
            .order_by(is_open.desc(), col(ChainRow.id).desc())
            .limit(limit)
        )
        return list(await self._session.scalars(statement))

    async def is_in_group(self, group_id: int, member_id: int) -> bool:
        """Whether somebody is in a group now."""
        found = await self._session.scalar(
            select(col(GroupMemberRow.member_id)).where(
                col(GroupMemberRow.group_id) == group_id,
                col(GroupMemberRow.member_id) == member_id,
                col(GroupMemberRow.left_at).is_(None),
            )
        )
        return found is not None
