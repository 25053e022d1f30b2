"""Loan requests: firm and registration sealed under the customer's key, histories that only grow."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Select, delete, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError
from sqlmodel import Field, SQLModel, col

from campaigns.applications.model import Candidate, Entrant
from campaigns.loans.model import (
    ContactTime,
    DeclineReason,
    Firm,
    LoanMove,
    LoanRefusal,
    LoanRequest,
    LoanState,
    LoanUse,
    LoanWish,
    Turnover,
)
from campaigns.loans.rules import OPEN
from storage.applications import SqlApplicationStore
from storage.columns import big, moment, sealed
from storage.customers import key_owner
from storage.database import UnitOfWork
from storage.vault import Vault

DRAFT_LIVES = timedelta(days=1)
OF_THE_FIRM = "loan_requests_one_of_a_firm"
CANDIDATES = """WITH managers AS (SELECT DISTINCT member_id FROM staff_roles
        WHERE role IN ('wealth_manager', 'team_lead')),
    near AS (SELECT g.manager_id FROM group_members i JOIN groups g ON g.id = i.group_id
        JOIN managers s ON s.member_id = g.manager_id WHERE i.member_id = :member AND i.left_at IS NULL)
    SELECT m.id, m.language,
        (SELECT count(*) FROM loan_requests l WHERE l.owner_id = m.id AND l.state = ANY(:open))
        + (SELECT count(*) FROM applications a WHERE a.owner_id = m.id AND a.due_on IS NOT NULL)
    FROM members m JOIN managers s ON s.member_id = m.id
    WHERE m.id <> :member AND (m.id IN (SELECT manager_id FROM near) OR NOT EXISTS (SELECT FROM near))
    ORDER BY m.id"""


class LoanRow(SQLModel, table=True):
    """One request; `mark` names its sealed places to the vault, the firm is empty once it was deleted."""

    __tablename__ = "loan_requests"

    id: int | None = big(default=None, primary_key=True)
    mark: UUID = Field(unique=True)
    member_id: int = big(foreign_key="members.id")
    customer_id: UUID = Field(foreign_key="customers.id")
    firm: bytes | None = sealed(default=None)
    registration: bytes | None = sealed(default=None)
    registration_index: bytes | None = sealed(default=None)
    amount_yuan: int
    months: int
    use: str | None = None
    turnover: str | None = None
    contact: str | None = None
    enquiry: bool | None = None
    state: str
    owner_id: int | None = big(default=None, foreign_key="members.id")
    asked_at: datetime = moment()
    state_since: datetime = moment()
    version: int = 0
    reason: str | None = None


class LoanMoveRow(SQLModel, table=True):
    """One step of a request; rows are only ever appended."""

    __tablename__ = "loan_moves"

    loan_id: int = big(primary_key=True, foreign_key="loan_requests.id")
    version: int = Field(primary_key=True)
    at: datetime = moment()
    moved_by: int = big(foreign_key="members.id")
    state: str
    reason: str | None = None


class LoanConsentRow(SQLModel, table=True):
    """Consent to look at the credit record, for one request."""

    __tablename__ = "loan_consents"

    loan_id: int = big(primary_key=True, foreign_key="loan_requests.id")
    wording: str
    agreed_at: datetime = moment()
    withdrawn_at: datetime | None = moment(default=None)


class SqlLoanStore:
    """Implements `campaigns.loans.service.LoanStore`."""

    def __init__(self, uow: UnitOfWork, vault: Vault) -> None:
        self._session = uow.session
        self._vault = vault
        self._applications = SqlApplicationStore(uow)

    async def draft(self, member_id: int, customer_id: UUID, wish: LoanWish, now: datetime) -> LoanRequest:
        """Keep a person's draft, in place of an earlier one; what anybody left lying for a day is forgotten."""
        await self._vault.ensure(self._session, key_owner(customer_id))
        stale = or_(col(LoanRow.member_id) == member_id, col(LoanRow.asked_at) < now - DRAFT_LIVES)
        await self._session.execute(delete(LoanRow).where(col(LoanRow.state) == LoanState.DRAFT, stale))
        mark, firm = uuid4(), wish.firm
        row = {
            "mark": mark,
            "member_id": member_id,
            "customer_id": customer_id,
            "firm": self._vault.seal(key_owner(customer_id), _place("firm", mark), firm.name),
            "registration": self._vault.seal(key_owner(customer_id), _place("registration", mark), firm.registration),
            "registration_index": self._vault.index(firm.registration),
            "amount_yuan": firm.amount_yuan,
            "months": firm.months,
            "state": LoanState.DRAFT,
            "asked_at": now,
            "state_since": now,
        }
        made = (await self._session.scalars(insert(LoanRow).values(row).returning(LoanRow))).one()
        return self._request(made)

    async def lock(self, loan_id: int) -> LoanRequest | None:
        """One request, locked."""
        found = await self._all(select(LoanRow).where(col(LoanRow.id) == loan_id).with_for_update())
        return found[0] if found else None

    async def save(self, request: LoanRequest) -> None:
        """Keep what changed."""
        wish = request.wish
        told = {name: getattr(wish, name) for name in ("use", "turnover", "contact", "enquiry")} if wish else {}
        moved = ("state", "state_since", "asked_at", "owner_id", "version", "reason")
        values = told | {name: getattr(request, name) for name in moved}
        await self._session.execute(update(LoanRow).where(col(LoanRow.id) == request.id).values(values))

    async def hand_in(self, request: LoanRequest, wording: str) -> LoanRefusal | None:
        """Turn a draft into a request; the database lets one customer and one firm have one open request each."""
        try:
            async with self._session.begin_nested():
                await self.save(request)
        except IntegrityError as error:
            return LoanRefusal.FIRM_ASKED if OF_THE_FIRM in str(error.orig) else LoanRefusal.OPEN_ALREADY
        if request.wish and request.wish.enquiry:
            row = {"loan_id": request.id, "wording": wording, "agreed_at": request.asked_at}
            await self._session.execute(insert(LoanConsentRow).values(row))
        return None

    async def add_move(self, loan_id: int, moved: LoanMove) -> None:
        """Append to the history."""
        row = {"moved_by" if name == "by" else name: value for name, value in vars(moved).items()}
        await self._session.execute(insert(LoanMoveRow).values(row | {"loan_id": loan_id}))

    async def moves(self, loan_id: int) -> list[LoanMove]:
        """The history, the oldest first."""
        query = select(LoanMoveRow).where(col(LoanMoveRow.loan_id) == loan_id).order_by(col(LoanMoveRow.version))
        return [
            LoanMove(
                each.version,
                each.at,
                each.moved_by,
                LoanState(each.state),
                DeclineReason(each.reason) if each.reason else None,
            )
            for each in await self._session.scalars(query)
        ]

    async def of_member(self, member_id: int, limit: int) -> list[LoanRequest]:
        """A person's own requests without drafts, the newest first."""
        mine = (col(LoanRow.member_id) == member_id, col(LoanRow.state) != LoanState.DRAFT)
        return await self._all(select(LoanRow).where(*mine).order_by(col(LoanRow.id).desc()).limit(limit))

    async def of_owners(self, owners: Sequence[int], limit: int) -> list[LoanRequest]:
        """Open requests of these managers, the oldest first."""
        theirs = (col(LoanRow.owner_id).in_(owners), col(LoanRow.state).in_(OPEN))
        query = select(LoanRow).where(*theirs).order_by(col(LoanRow.state_since), col(LoanRow.id)).limit(limit)
        return await self._all(query)

    async def entrant(self, member_id: int) -> Entrant | None:
        """A member as somebody who needs an owner."""
        found = await self._applications.entrants([member_id])
        return found[0] if found else None

    async def candidates(self, member_id: int) -> list[Candidate]:
        """Managers of the person's groups, all where there is none, with what they have to do."""
        facts = {"member": member_id, "open": sorted(OPEN)}
        return [Candidate(*row) for row in await self._session.execute(text(CANDIDATES), facts)]

    async def erase(self, request: LoanRequest, now: datetime) -> None:
        """Delete what identifies, for good, and the consent with it."""
        nothing = {"firm": None, "registration": None, "registration_index": None, "enquiry": None}
        await self._session.execute(update(LoanRow).where(col(LoanRow.id) == request.id).values(nothing))
        consent = update(LoanConsentRow).where(col(LoanConsentRow.loan_id) == request.id)
        await self._session.execute(consent.values(withdrawn_at=now))

    async def _all(self, query: Select[LoanRow]) -> list[LoanRequest]:
        rows = list(await self._session.scalars(query.execution_options(populate_existing=True)))
        await self._vault.load(self._session, [key_owner(row.customer_id) for row in rows if row.firm])
        return [self._request(row) for row in rows]

    def _request(self, row: LoanRow) -> LoanRequest:
        assert row.id is not None
        return LoanRequest(
            id=row.id,
            member_id=row.member_id,
            customer_id=row.customer_id,
            wish=self._wish(row),
            state=LoanState(row.state),
            asked_at=row.asked_at,
            state_since=row.state_since,
            owner_id=row.owner_id,
            version=row.version,
            reason=DeclineReason(row.reason) if row.reason else None,
        )

    def _wish(self, row: LoanRow) -> LoanWish | None:
        if row.firm is None or row.registration is None:
            return None
        owner = key_owner(row.customer_id)
        told: dict[str, Any] = {
            "use": LoanUse(row.use) if row.use else None,
            "turnover": Turnover(row.turnover) if row.turnover else None,
            "contact": ContactTime(row.contact) if row.contact else None,
        }
        name = self._vault.open(owner, _place("firm", row.mark), row.firm)
        registration = self._vault.open(owner, _place("registration", row.mark), row.registration)
        return LoanWish(Firm(name, registration, row.amount_yuan, row.months), **told, enquiry=row.enquiry)


def _place(column: str, mark: UUID) -> str:
    return f"loan_requests.{column}:{mark}"
