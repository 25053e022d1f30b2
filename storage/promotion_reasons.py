"""Which promotion reached a person last, and by which class."""

from sqlalchemy import text

from campaigns.members.model import Member
from campaigns.promotions.model import CAMPAIGN_PREFIX
from campaigns.promotions.reasons import Received
from storage.customers import SqlCustomerStore
from storage.database import UnitOfWork
from storage.promotions import SqlPromotionStore

# What is under way counts: the person may ask why before the outcome is written down.
LAST = """SELECT campaign, step, coalesce((gate -> 'asked' ->> 'locked_days')::integer, 0) AS locked_days,
        gate -> 'asked' ? 'is_horizon_told' AS is_need_told
    FROM deliveries
    WHERE recipient = :member AND kind = 'marketing' AND method LIKE 'send%'
        AND state IN ('sent', 'unknown', 'dispatching')
    ORDER BY coalesce(ended_at, 'infinity') DESC, id DESC LIMIT 1"""
STANDING = """SELECT letter FROM promotion_recipients
    WHERE promotion_id = :promotion AND version = :version AND customer_id = :customer"""


class SqlPromotionLog:
    """Implements `campaigns.promotions.reasons.Log`."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._session = uow.session
        self._promotions = SqlPromotionStore(uow)
        self._customers = SqlCustomerStore(uow)

    async def last_received(self, member: Member) -> Received | None:
        """The promotion that reached a person, where nothing else of marketing came after it."""
        last = (await self._session.execute(text(LAST), {"member": member.id})).first()
        if last is None or not last.campaign.startswith(CAMPAIGN_PREFIX):
            return None
        promotion = int(last.campaign.removeprefix(CAMPAIGN_PREFIX))
        number = int(last.step.split(":")[0].removeprefix("v"))
        version = await self._promotions.of_campaign(promotion, number)
        if version is None:
            return None
        facts = {"promotion": promotion, "version": number, "customer": member.customer_id}
        standing = await self._session.scalar(text(STANDING), facts) if member.customer_id else None
        today = await self._customers.latest_class(member.customer_id) if member.customer_id else None
        reasons = today.reasons if today and str(today.letter) == standing else ()
        return Received(version, standing, reasons, last.locked_days, bool(last.is_need_told))
