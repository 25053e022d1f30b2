"""What a rehearsal writes beside the product and reads after it: who is a customer, what was stored."""

from collections.abc import Collection, Mapping
from uuid import uuid4

from sqlalchemy import text

from campaigns.rehearsals.report import HandedOut, Outcomes
from storage.database import UnitOfWork

CUSTOMERS = """INSERT INTO customers (id, number, first_as_of)
    SELECT id, replace(id::text, '-', ''), current_date FROM unnest(CAST(:customers AS uuid[])) AS id"""
BIND = """UPDATE members SET customer_id = bound.customer FROM (SELECT unnest(CAST(:members AS bigint[])) AS member,
    unnest(CAST(:customers AS uuid[])) AS customer) AS bound WHERE members.id = bound.member"""
STAMPS = """SELECT s.member_id, count(*) FROM stamps s WHERE s.rally_id = :rally AND NOT EXISTS (SELECT FROM
    stamp_voids v WHERE (v.rally_id, v.booth_id, v.member_id) = (s.rally_id, s.booth_id, s.member_id))
    GROUP BY s.member_id"""
MEDALS = "SELECT count(*) FROM medals WHERE rally_id = :rally"
GIFTS = """SELECT target_code, member_id, is_substitute, worth_fen, handed_at FROM gift_handouts
    WHERE rally_id = :rally AND state = 'handed_out' ORDER BY handed_at"""
HELD = "SELECT member_id FROM suspicions WHERE rally_id = :rally AND state = 'held'"
REFUSED = """SELECT outcome, count(*) FROM stamp_uses WHERE rally_id = :rally OR rally_id IS NULL
    GROUP BY outcome ORDER BY outcome"""
COUPONS = "SELECT coalesce(sum(worth_fen), 0) FROM coupons WHERE rally_id = :rally"


async def make_customers(uow: UnitOfWork, members: Collection[int]) -> Mapping[int, str]:
    """Let each of these members be a customer of the bank, invented for the rehearsal."""
    customers = {member: str(uuid4()) for member in members}
    asked = {"members": list(customers), "customers": list(customers.values())}
    await uow.session.execute(text(CUSTOMERS), {"customers": asked["customers"]})
    await uow.session.execute(text(BIND), asked)
    return customers


async def outcomes(uow: UnitOfWork, rally_id: int, visitors: Mapping[int, int]) -> Outcomes:
    """What is stored of a played event; `visitors` are the numbers behind the members' ids."""
    asked = {"rally": rally_id}
    stamps = await uow.session.execute(text(STAMPS), asked)
    gifts = await uow.session.execute(text(GIFTS), asked)
    held = await uow.session.scalars(text(HELD), asked)
    refused = await uow.session.execute(text(REFUSED), asked)
    return Outcomes(
        {visitors[member]: count for member, count in stamps},
        int(await uow.session.scalar(text(MEDALS), asked) or 0),
        [HandedOut(target, visitors[member], spare, worth, at) for target, member, spare, worth, at in gifts],
        frozenset(visitors[member] for member in held),
        {outcome: count for outcome, count in refused if outcome not in ("stamped", "game")},
        int(await uow.session.scalar(text(COUPONS), asked) or 0),
    )
