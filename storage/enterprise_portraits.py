"""Portraits of enterprises read from the stored runs, inside one unit of work; no frames here."""

from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from campaigns.customers.enterprises import EnterprisePortrait, PastTier, Tier, TierReason, TierStep
from storage.database import UnitOfWork, one_transaction

LATEST = """
SELECT c.id, c.number, r.as_of, t.told_on, r.policy_version, t.tier, t.points, t.confidence, t.reasons, t.steps,
    t.needs, e.industry, e.cross_border, e.employees, e.representative
FROM customers c JOIN enterprise_tiers t ON t.customer_id = c.id JOIN segmentation_runs r ON r.id = t.run_id
JOIN enterprise_snapshots e ON e.customer_id = c.id AND e.as_of = t.told_on
WHERE c.number = :number ORDER BY r.as_of DESC, r.made_at DESC LIMIT 1
"""
HISTORY = """
SELECT DISTINCT ON (r.as_of) r.as_of, t.tier FROM enterprise_tiers t JOIN segmentation_runs r ON r.id = t.run_id
WHERE t.customer_id = :customer ORDER BY r.as_of DESC, r.made_at DESC
"""


async def enterprise_of(url: str, number: str) -> EnterprisePortrait | None:
    """One enterprise for a command, on a connection of its own."""
    async with one_transaction(url) as uow:
        return await SqlEnterpriseStore(uow).enterprise(number)


class SqlEnterpriseStore:
    """Enterprises as the bot reads them."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._session: AsyncSession = uow.session

    async def enterprise(self, number: str) -> EnterprisePortrait | None:
        """The enterprise by the run of the latest day; None when nobody has the number or no run knows it."""
        found = (await self._session.execute(text(LATEST), {"number": number})).mappings().first()
        if found is None:
            return None
        told: dict[str, Any] = dict(found)
        rows = await self._session.execute(text(HISTORY), {"customer": told.pop("id")})
        told |= {
            "tier": Tier(told["tier"]),
            "reasons": tuple(TierReason(**reason) for reason in told["reasons"]),
            "steps": tuple(TierStep(**step) for step in told["steps"]),
            "needs": tuple(told["needs"]),
            "history": tuple(PastTier(as_of, Tier(tier)) for as_of, tier in rows),
        }
        return EnterprisePortrait(**told)
