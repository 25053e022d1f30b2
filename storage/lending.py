"""What a proposal of a loan rests on: the newest books and record of one customer, and what forbids it today."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import text

from campaigns.tags.rules import CREDIT_BARS
from segmentation.lending import (
    Bars,
    FirmBooks,
    LendingRules,
    LoanOffer,
    NoLoan,
    PersonBooks,
    propose_to_firm,
    propose_to_person,
)
from storage.database import UnitOfWork

DECLINED_FOR = timedelta(days=180)  # Who was declined is not invited to ask again at once.
BARS = """SELECT EXISTS (SELECT FROM customer_tags WHERE customer_id = :customer AND code = ANY(:bars)
        AND set_at <= :now AND coalesce(ended_at, 'infinity') > :now AND expires_at > :now),
    EXISTS (SELECT FROM loan_requests WHERE customer_id = :customer AND (state IN ('asked', 'contacted', 'documents',
        'approved') OR state = 'declined' AND state_since > :since))"""
PERSON = """SELECT CASE WHEN s.has_activity THEN s.transfers_in_amount END, greatest(s.salary_months, s.income_months),
        coalesce((SELECT t.credit_grade FROM customer_traits t WHERE t.customer_id = s.customer_id
            AND t.credit_grade IS NOT NULL ORDER BY coalesce(t.told_on, t.as_of) DESC LIMIT 1), s.credit_grade),
        s.cards, s.loans >= :held, k.provisional
    FROM customer_snapshots s JOIN LATERAL (SELECT k.provisional FROM customer_classes k
        JOIN segmentation_runs r ON r.id = k.run_id WHERE k.customer_id = s.customer_id
        ORDER BY r.as_of DESC, r.made_at DESC LIMIT 1) k ON true
    WHERE s.customer_id = :customer ORDER BY s.as_of DESC LIMIT 1"""
FIRM = """SELECT settlement_volume, deposits, loans, credit_grade FROM enterprise_snapshots
    WHERE customer_id = :customer ORDER BY as_of DESC LIMIT 1"""
POLICY = """SELECT body FROM segmentation_policies p JOIN segmentation_runs r ON r.policy_version = p.version
    ORDER BY r.as_of DESC, r.made_at DESC LIMIT 1"""


class SqlLendingStore:
    """Implements `campaigns.customers.lookups.LendingStore`."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._session = uow.session

    async def proposal(self, customer_id: UUID, now: datetime) -> LoanOffer | NoLoan | None:
        """What may be proposed to a customer now, by the policy of the newest run; None of whom no run knows."""
        body = await self._session.scalar(text(POLICY))
        if body is None:
            return None
        asked = {"customer": customer_id, "now": now, "since": now - DECLINED_FOR, "bars": list(CREDIT_BARS)}
        bars = Bars(*(await self._session.execute(text(BARS), asked)).one())
        rules, held = LendingRules.of_policy(body), body.get("actions", {}).get("held_from_fen", 100_000)
        person = (await self._session.execute(text(PERSON), {"customer": customer_id, "held": held})).first()
        if person is not None:
            return propose_to_person(PersonBooks(*person), bars, rules)
        firm = (await self._session.execute(text(FIRM), {"customer": customer_id})).first()
        return propose_to_firm(FirmBooks(*firm), bars, rules) if firm is not None else None
