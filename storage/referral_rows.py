"""Rows of referrals, the statements on them, and the values that they stand for."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Field, SQLModel

from campaigns.referrals.model import Doubt, Programme, Referral, Stage
from storage.columns import big, moment


class ReferralProgrammeRow(SQLModel, table=True):
    """One version of a programme's terms."""

    __tablename__ = "referral_programmes"

    id: int | None = big(default=None, primary_key=True)
    points_campaign_id: int = big(foreign_key="points_campaigns.id")
    version: int
    title_zh: str
    title_en: str
    condition_zh: str
    condition_en: str
    points: int = big()
    places: int
    free_months: int
    cooling_days: int
    patience_days: int
    burst: int
    starts_at: datetime = moment()
    ends_at: datetime = moment()
    opened_at: datetime = moment()
    stopped_at: datetime | None = moment(default=None)
    closed_at: datetime | None = moment(default=None)


class ReferralLinkRow(SQLModel, table=True):
    """A member's link of a programme, and the customer whom the member was bound to."""

    __tablename__ = "referral_links"

    token: str = Field(primary_key=True)
    programme_id: int = big(foreign_key="referral_programmes.id")
    member_id: int = big(foreign_key="members.id")
    customer_id: UUID = Field(foreign_key="customers.id")
    made_at: datetime = moment()


class ReferralRow(SQLModel, table=True):
    """One newcomer brought by one member."""

    __tablename__ = "referrals"

    id: int | None = big(default=None, primary_key=True)
    programme_id: int = big(foreign_key="referral_programmes.id")
    referrer_id: int = big(foreign_key="members.id")
    newcomer_id: int = big(foreign_key="members.id")
    made_at: datetime = moment()
    stage: str
    doubt: str | None = None
    resumes: str | None = None
    customer_id: UUID | None = Field(default=None, foreign_key="customers.id")
    opened_on: date | None = None
    pays_at: datetime | None = moment(default=None)
    free_until: date | None = None
    missing_referrer: int = big(default=0)
    missing_newcomer: int = big(default=0)


class ReferralHistoryRow(SQLModel, table=True):
    """One step of a referral; rows are only ever appended."""

    __tablename__ = "referral_history"

    id: int | None = big(default=None, primary_key=True)
    referral_id: int = big(foreign_key="referrals.id")
    at: datetime = moment()
    from_stage: str | None = None
    stage: str
    doubt: str | None = None
    decided_by: int | None = big(default=None)


class AccountEventRow(SQLModel, table=True):
    """What the bank's file told of a customer's accounts."""

    __tablename__ = "account_events"

    customer_id: UUID = Field(primary_key=True, foreign_key="customers.id")
    event: str = Field(primary_key=True)
    happened_on: date = Field(primary_key=True)
    told_at: datetime = moment()


SAME = (
    "title_zh",
    "title_en",
    "condition_zh",
    "condition_en",
    "points",
    "places",
    "free_months",
    "burst",
    "starts_at",
    "ends_at",
)
LOCK = text("SELECT pg_advisory_xact_lock(hashtext('referrals.' || CAST(:what AS text)))")
# Everybody was brought by one member at most, so that the way up is one line.
IS_ABOVE = text(
    """WITH RECURSIVE above AS (
        SELECT referrer_id FROM referrals WHERE newcomer_id = :member
        UNION SELECT r.referrer_id FROM referrals r JOIN above a ON r.newcomer_id = a.referrer_id
    ) SELECT EXISTS (SELECT 1 FROM above WHERE referrer_id = :sought)"""
)
ADOPT = text(
    """WITH waiting AS (
        SELECT m.id, m.phone_index FROM referrals r JOIN members m ON m.id = r.newcomer_id
        WHERE 'pending' IN (r.stage, r.resumes) AND m.customer_id IS NULL AND m.phone_index IS NOT NULL
            AND EXISTS (SELECT 1 FROM consents c
                WHERE c.member_id = m.id AND c.purpose = 'binding' AND c.withdrawn_at IS NULL)
    ), found AS (
        SELECT DISTINCT ON (c.customer_id) w.id, c.customer_id
        FROM waiting w JOIN customer_contacts c ON c.phone_index = w.phone_index
        WHERE (SELECT count(*) FROM customer_contacts o WHERE o.phone_index = w.phone_index) = 1
            AND NOT EXISTS (SELECT 1 FROM members h WHERE h.customer_id = c.customer_id)
        ORDER BY c.customer_id, w.id
    )
    UPDATE members m SET customer_id = f.customer_id, bound_at = :now FROM found f WHERE m.id = f.id"""
)
# `c` is the customer: the newest word of the bank on since when, and at the latest the first delivery.
KNOWN_SINCE = """least(c.first_as_of, (
            SELECT s.customer_since FROM customer_snapshots s
            WHERE s.customer_id = c.id AND s.customer_since IS NOT NULL ORDER BY s.as_of DESC LIMIT 1
        ), (
            SELECT t.customer_since FROM customer_traits t
            WHERE t.customer_id = c.id AND t.customer_since IS NOT NULL ORDER BY t.as_of DESC LIMIT 1
        ))"""
TO_NAME = text(
    f"""SELECT r.id, m.customer_id, l.customer_id, {KNOWN_SINCE}
    FROM referrals r
    JOIN members m ON m.id = r.newcomer_id
    JOIN customers c ON c.id = m.customer_id
    JOIN referral_links l ON (l.programme_id, l.member_id) = (r.programme_id, r.referrer_id)
    WHERE 'pending' IN (r.stage, r.resumes) ORDER BY r.id LIMIT :limit FOR UPDATE OF r SKIP LOCKED"""  # noqa: S608 - no outside words.
)
LATE = text(
    """SELECT r.id FROM referrals r
    JOIN referral_programmes p ON p.id = r.programme_id JOIN points_campaigns c ON c.id = p.points_campaign_id
    WHERE r.stage IN ('pending', 'named') AND r.made_at + make_interval(days => p.patience_days) <= :now
        OR r.stage = 'held' AND c.ends_at <= :now
    ORDER BY r.id LIMIT :limit FOR UPDATE OF r SKIP LOCKED"""
)
HELD = text(
    f"""SELECT r.id, (SELECT count(*) FROM referrals o WHERE o.referrer_id = r.referrer_id),
        (SELECT count(*) FROM referrals o WHERE o.referrer_id = r.referrer_id
            AND o.made_at > r.made_at - interval '1 minute' AND o.made_at < r.made_at + interval '1 minute'),
        (SELECT {KNOWN_SINCE} FROM customers c WHERE c.id = r.customer_id)
    FROM referrals r WHERE r.stage = 'held' ORDER BY r.id LIMIT :limit"""  # noqa: S608 - no outside words.
)
CLOSABLE = text(
    """SELECT p.id FROM referral_programmes p
    WHERE p.closed_at IS NULL AND coalesce(p.stopped_at, p.ends_at) <= :now AND NOT EXISTS (
        SELECT 1 FROM referrals r
        WHERE r.programme_id = p.id AND r.stage IN ('pending', 'named', 'opened', 'held'))
    ORDER BY p.id FOR UPDATE OF p SKIP LOCKED"""
)
MOVED = text(
    """SELECT coalesce(sum(m.points), 0) FROM points_movements m JOIN points_accounts s ON s.id = m.source_id
    WHERE m.reason = 'referral' AND s.kind = 'budget' AND s.campaign_id = :campaign AND s.owner = :purse"""
)


def programme_of(row: ReferralProgrammeRow) -> Programme:
    """A row's terms; a programme that was stopped ends then."""
    assert row.id is not None
    found = Programme(
        id=row.id,
        points_campaign=row.points_campaign_id,
        version=row.version,
        cooling=timedelta(days=row.cooling_days),
        patience=timedelta(days=row.patience_days),
        **{name: getattr(row, name) for name in SAME},
    )
    return replace(found, ends_at=min(found.ends_at, row.stopped_at)) if row.stopped_at else found


def referral_of(row: ReferralRow) -> Referral:
    """A row's referral."""
    assert row.id is not None
    return Referral(
        id=row.id,
        programme_id=row.programme_id,
        referrer_id=row.referrer_id,
        newcomer_id=row.newcomer_id,
        made_at=row.made_at,
        stage=Stage(row.stage),
        doubt=Doubt(row.doubt) if row.doubt else None,
        resumes=Stage(row.resumes) if row.resumes else None,
        customer_id=row.customer_id,
        opened_on=row.opened_on,
        pays_at=row.pays_at,
        free_until=row.free_until,
    )
