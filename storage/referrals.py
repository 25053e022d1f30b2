"""Referrals on rows: programmes that never change, links, the referrals with a history that only grows."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Select, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from campaigns.members.model import Member
from campaigns.referrals.model import (
    AccountEvent,
    Doubt,
    Doubtful,
    Link,
    Named,
    Opener,
    Programme,
    ProgrammeBooks,
    Referral,
    Shortfall,
    Stage,
    Told,
    Unreturned,
)
from campaigns.referrals.terms import PURSES
from campaigns.staff.model import Action
from campaigns.staff.rules import PERMISSIONS
from storage.customers import CustomerRow
from storage.database import UnitOfWork
from storage.referral_rows import (
    ADOPT,
    CLOSABLE,
    HELD,
    IS_ABOVE,
    LATE,
    LOCK,
    MOVED,
    SAME,
    TO_NAME,
    AccountEventRow,
    ReferralHistoryRow,
    ReferralLinkRow,
    ReferralProgrammeRow,
    ReferralRow,
    programme_of,
    referral_of,
)
from storage.staff import StaffRoleRow

ROWS_AT_ONCE = 5_000


class SqlReferralStore:
    """Implements `campaigns.referrals.ports.ReferralStore`."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._session = uow.session

    async def lock(self) -> None:
        """One lock for all who start or name referrals: rings are found across members and programmes."""
        await self._session.execute(LOCK, {"what": "start"})

    async def lock_course(self) -> None:
        """One lock for all who pay referrals or take points back."""
        await self._session.execute(LOCK, {"what": "course"})

    async def create(self, programme: Programme, now: datetime) -> Programme | None:
        """Store a programme as the next version of its title; None while another takes newcomers at the same time."""
        span = func.tstzrange(programme.starts_at, programme.ends_at)
        row = ReferralProgrammeRow
        ends = func.greatest(col(row.starts_at), func.coalesce(col(row.stopped_at), col(row.ends_at)))
        if await self._session.scalar(
            select(col(row.id)).where(span.op("&&")(func.tstzrange(col(row.starts_at), ends)))
        ):
            return None
        last = await self._session.scalar(
            select(func.max(col(row.version))).where(col(row.title_zh) == programme.title_zh)
        )
        made = ReferralProgrammeRow(
            points_campaign_id=programme.points_campaign,
            version=(last or 0) + 1,
            cooling_days=programme.cooling.days,
            patience_days=programme.patience.days,
            opened_at=now,
            **{name: getattr(programme, name) for name in SAME},
        )
        self._session.add(made)
        await self._session.flush()
        return programme_of(made)

    async def programme(self, programme_id: int) -> Programme | None:
        """One programme; its end is earlier where it was stopped."""
        row = await self._session.get(ReferralProgrammeRow, programme_id)
        return programme_of(row) if row else None

    async def running(self, now: datetime) -> Programme | None:
        """The programme that takes newcomers now."""
        row = ReferralProgrammeRow
        ends = func.coalesce(col(row.stopped_at), col(row.ends_at))
        found = await self._session.scalar(select(row).where(col(row.starts_at) <= now, ends > now))
        return programme_of(found) if found else None

    async def stop(self, programme_id: int, now: datetime) -> bool:
        """Take no newcomers any more; False when it takes none already."""
        row = ReferralProgrammeRow
        statement = (
            update(row)
            .where(col(row.id) == programme_id, col(row.stopped_at).is_(None), col(row.ends_at) > now)
            .values(stopped_at=now)
            .returning(col(row.id))
        )
        return bool((await self._session.execute(statement)).all())

    async def link_of(self, programme: Programme, member: Member, token: str, now: datetime) -> Link:
        """A member's link of a programme: the one that was made first, or this new token."""
        row = {
            "token": token,
            "programme_id": programme.id,
            "member_id": member.id,
            "customer_id": member.customer_id,
            "made_at": now,
        }
        await self._session.execute(insert(ReferralLinkRow).values(row).on_conflict_do_nothing())
        own = select(ReferralLinkRow).where(
            col(ReferralLinkRow.programme_id) == programme.id, col(ReferralLinkRow.member_id) == member.id
        )
        kept = (await self._session.scalars(own)).one()
        return Link(kept.token, programme, kept.member_id, kept.customer_id)

    async def find_link(self, token: str) -> Link | None:
        """Whose link this is."""
        row = await self._session.get(ReferralLinkRow, token)
        programme = await self.programme(row.programme_id) if row else None
        return Link(row.token, programme, row.member_id, row.customer_id) if row and programme else None

    async def opener(self, link: Link, member: Member) -> Opener:
        """What is known of somebody who opens a link; of those whom they brought, only the link's owner matters."""
        is_above = await self._session.scalar(IS_ABOVE, {"member": link.referrer_id, "sought": member.id})
        return Opener(
            member.id,
            was_referred=await self.coming(member.id) is not None,
            is_customer=member.customer_id is not None,
            brought=frozenset({link.referrer_id} if is_above else ()),
            is_staff=member.is_staff,
            places_left=await self.places_left(link.programme),
        )

    async def recent(self, referrer_id: int, since: datetime) -> list[datetime]:
        """When somebody's newcomers came, of all programmes, since a moment."""
        row = ReferralRow
        made = select(col(row.made_at)).where(col(row.referrer_id) == referrer_id, col(row.made_at) > since)
        return list(await self._session.scalars(made))

    async def add(self, referral: Referral) -> Referral:
        """Store a fresh referral with the first line of its history."""
        values = {name: value for name, value in vars(referral).items() if name != "id"}
        made = (await self._session.scalars(insert(ReferralRow).values(values).returning(ReferralRow))).one()
        stored = referral_of(made)
        await self._append(None, stored, stored.made_at, None)
        return stored

    async def lock_referral(self, referral_id: int) -> Referral | None:
        """One referral, locked."""
        found = await self._locked([referral_id])
        return found[0] if found else None

    async def save(self, before: Referral, after: Referral, now: datetime, by: int | None = None) -> None:
        """Store what became of a referral, and append it to the history; nothing where nothing changed."""
        if before == after:
            return
        changed = {name: value for name, value in vars(after).items() if value != getattr(before, name)}
        await self._session.execute(update(ReferralRow).where(col(ReferralRow.id) == after.id).values(changed))
        await self._append(before, after, now, by)

    async def keep_missing(self, referral: Referral, missing: Shortfall) -> None:
        """Remember what a claw-back did not find."""
        values = {"missing_referrer": missing.referrer, "missing_newcomer": missing.newcomer}
        await self._session.execute(update(ReferralRow).where(col(ReferralRow.id) == referral.id).values(values))

    async def adopt(self, now: datetime) -> None:
        """Bind newcomers who shared their number before the bank had delivered them as customers."""
        await self._session.execute(ADOPT, {"now": now})

    async def to_name(self, limit: int) -> list[tuple[Referral, Named]]:
        """Referrals without a name whose newcomers are bound by now, locked; the places left are not counted yet."""
        rows = (await self._session.execute(TO_NAME, {"limit": limit})).all()
        referrals = {referral.id: referral for referral in await self._locked([row[0] for row in rows])}
        return [(referrals[number], Named(customer, own, since)) for number, customer, own, since in rows]

    async def places_left(self, programme: Programme) -> int:
        """How many more newcomers a programme has room for; whoever gave the real name has a place."""
        row = ReferralRow
        taken = select(func.count()).where(
            col(row.programme_id) == programme.id, col(row.customer_id).is_not(None), col(row.stage) != Stage.VOID
        )
        return programme.places - (await self._session.scalar(taken) or 0)

    async def is_due(self, now: datetime) -> bool:
        """Whether any referral's cooling time is over; nothing is locked."""
        return await self._session.scalar(_due(now).limit(1)) is not None

    async def due(self, now: datetime, limit: int) -> list[Referral]:
        """Referrals whose cooling time is over, locked, those that others hold left out."""
        chosen = _due(now).order_by(col(ReferralRow.id)).limit(limit).with_for_update(skip_locked=True)
        return await self._locked(list(await self._session.scalars(chosen)))

    async def late(self, now: datetime, limit: int) -> list[Referral]:
        """Referrals whose newcomer waited too long, and held ones whose points campaign ended; locked likewise."""
        return await self._locked(list(await self._session.scalars(LATE, {"now": now, "limit": limit})))

    async def customers(self, numbers: Collection[str]) -> Mapping[str, UUID]:
        """The bank's customers by number; unknown numbers are left out."""
        own = select(CustomerRow).where(col(CustomerRow.number).in_(numbers))
        found = await self._session.scalars(own)
        return {row.number: row.id for row in found}

    async def keep_events(self, told: Sequence[Told], now: datetime) -> set[Told]:
        """Remember what the bank told of accounts; returns what it had not told before."""
        row = AccountEventRow
        rows = [{"customer_id": c, "event": e, "happened_on": on, "told_at": now} for c, e, on in dict.fromkeys(told)]
        fresh: set[Told] = set()
        for start in range(0, len(rows), ROWS_AT_ONCE):
            statement = insert(row).values(rows[start : start + ROWS_AT_ONCE]).on_conflict_do_nothing()
            kept = statement.returning(col(row.customer_id), col(row.event), col(row.happened_on))
            fresh |= {(c, AccountEvent(e), on) for c, e, on in await self._session.execute(kept)}
        return fresh

    async def events_of(self, customer_id: UUID) -> Sequence[tuple[AccountEvent, date]]:
        """What the bank told of a customer's accounts, in the order of its days, an opening before a closing."""
        row = AccountEventRow
        found = await self._session.execute(
            select(col(row.event), col(row.happened_on))
            .where(col(row.customer_id) == customer_id)
            .order_by(col(row.happened_on), col(row.event).desc())
        )
        return [(AccountEvent(event), on) for event, on in found]

    async def referred(self, customers: Collection[UUID]) -> set[UUID]:
        """Which of these customers came by a referral."""
        row = ReferralRow
        found = await self._session.scalars(select(col(row.customer_id)).where(col(row.customer_id).in_(customers)))
        return {customer for customer in found if customer}

    async def of_customer(self, customer_id: UUID) -> Referral | None:
        """The referral that a customer came by, locked."""
        row = ReferralRow
        found = await self._session.scalars(select(col(row.id)).where(col(row.customer_id) == customer_id))
        locked = await self._locked([number or 0 for number in found])
        return locked[0] if locked else None

    async def referrer_customer(self, referral: Referral) -> UUID | None:
        """Who the referrer was to the bank when the link was made."""
        row = ReferralLinkRow
        return await self._session.scalar(
            select(col(row.customer_id)).where(
                col(row.programme_id) == referral.programme_id, col(row.member_id) == referral.referrer_id
            )
        )

    async def brought_by(self, member_id: int, limit: int) -> list[Referral]:
        """Whom a member brought, the newest first."""
        row = ReferralRow
        chosen = select(row).where(col(row.referrer_id) == member_id).order_by(col(row.id).desc()).limit(limit)
        rows = await self._session.scalars(chosen.execution_options(populate_existing=True))
        return [referral_of(each) for each in rows]

    async def coming(self, member_id: int) -> Referral | None:
        """The referral that a member came by."""
        chosen = select(ReferralRow).where(col(ReferralRow.newcomer_id) == member_id)
        row = await self._session.scalar(chosen.execution_options(populate_existing=True))
        return referral_of(row) if row else None

    async def held(self, limit: int) -> tuple[int, list[Doubtful]]:
        """How many referrals wait for a person, and the oldest of them with ids in place of names."""
        count = select(func.count()).where(col(ReferralRow.stage) == Stage.HELD)
        heads = await self._session.scalar(count) or 0
        if not limit:
            return heads, []
        rows = (await self._session.execute(HELD, {"limit": limit})).all()
        referrals = await self._many([row[0] for row in rows])
        return heads, [
            Doubtful(referrals[number], "", "", brought, together, since) for number, brought, together, since in rows
        ]

    async def unreturned(self, limit: int) -> list[Unreturned]:
        """The latest claw-backs that fell short, with ids in place of names."""
        row = ReferralRow
        short = select(row).where(col(row.missing_referrer) + col(row.missing_newcomer) > 0)
        found = await self._session.scalars(short.order_by(col(row.id).desc()).limit(limit))
        return [
            Unreturned(
                each.id or 0,
                str(each.referrer_id),
                str(each.newcomer_id),
                Shortfall(each.missing_referrer, each.missing_newcomer),
            )
            for each in found
        ]

    async def deciders(self) -> list[int]:
        """Everybody who may decide."""
        row = StaffRoleRow
        roles = PERMISSIONS[Action.DECIDE_REFERRALS]
        return list(await self._session.scalars(select(col(row.member_id)).where(col(row.role).in_(roles)).distinct()))

    async def closable(self, now: datetime) -> list[Programme]:
        """Programmes that are over and have no referral under way, locked."""
        ids = list(await self._session.scalars(CLOSABLE, {"now": now}))
        found = [await self.programme(number) for number in ids]
        return [programme for programme in found if programme]

    async def close(self, programme: Programme, now: datetime) -> None:
        """Mark a programme closed."""
        row = ReferralProgrammeRow
        await self._session.execute(update(row).where(col(row.id) == programme.id).values(closed_at=now))

    async def books(self) -> list[ProgrammeBooks]:
        """How every programme stands, the newest first."""
        rows = await self._session.scalars(select(ReferralProgrammeRow).order_by(col(ReferralProgrammeRow.id).desc()))
        return [await self._books(row) for row in rows]

    async def _books(self, row: ReferralProgrammeRow) -> ProgrammeBooks:
        programme, each = programme_of(row), ReferralRow
        lines = (
            await self._session.execute(
                select(
                    col(each.stage),
                    col(each.doubt),
                    func.count(),
                    func.sum(col(each.missing_referrer) + col(each.missing_newcomer)),
                )
                .where(col(each.programme_id) == row.id)
                .group_by(col(each.stage), col(each.doubt))
            )
        ).all()
        stages, doubts = dict.fromkeys(Stage, 0), dict[Doubt, int]()
        for stage, doubt, heads, _ in lines:
            stages[Stage(stage)] += heads
            if doubt:
                doubts[Doubt(doubt)] = doubts.get(Doubt(doubt), 0) + heads
        missing = sum(int(short) for *_, short in lines)
        facts = {"campaign": row.points_campaign_id, "purse": -(PURSES + programme.id)}
        paid = int(await self._session.scalar(MOVED, facts) or 0)
        back = 2 * programme.points * stages[Stage.CLAWED_BACK] - missing
        return ProgrammeBooks(programme, stages, doubts, paid, back, missing, row.closed_at is not None)

    async def _locked(self, ids: list[int]) -> list[Referral]:
        chosen = select(ReferralRow).where(col(ReferralRow.id).in_(ids)).order_by(col(ReferralRow.id))
        rows = await self._session.scalars(chosen.with_for_update().execution_options(populate_existing=True))
        return [referral_of(row) for row in rows]

    async def _many(self, ids: list[int]) -> dict[int, Referral]:
        rows = await self._session.scalars(
            select(ReferralRow).where(col(ReferralRow.id).in_(ids)).execution_options(populate_existing=True)
        )
        return {row.id or 0: referral_of(row) for row in rows}

    async def _append(self, before: Referral | None, after: Referral, now: datetime, by: int | None) -> None:
        row = {
            "referral_id": after.id,
            "at": now,
            "from_stage": before.stage if before else None,
            "stage": after.stage,
            "doubt": after.doubt,
            "decided_by": by,
        }
        await self._session.execute(insert(ReferralHistoryRow).values(row))


def _due(now: datetime) -> Select[int | None]:
    return select(col(ReferralRow.id)).where(col(ReferralRow.stage) == Stage.OPENED, col(ReferralRow.pays_at) <= now)
