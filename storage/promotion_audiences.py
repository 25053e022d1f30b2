"""Who belongs to a promotion's audience, with all that decides of a customer, as one statement."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from campaigns.audiences.model import Expression, Frame
from campaigns.compliance.model import ASSESSMENT_LIFE
from campaigns.experiments.model import Place
from campaigns.promotions.model import Version
from campaigns.tags.rules import APPETITES
from storage.audience_sql import JOINS, REACH, REASON, Statement, listing
from storage.liquidity import derived_days, told_days

# What is not there is a value too, so that kinds can be joined.
REACHABLE, UNCLASSED, UNASSESSED, UNTOLD = "reachable", "", 0, -1
DECIDING = ("standing", "reach", "appetite", "horizon", "met_before", "met_elsewhere")
WITH_CLASS = f"{REACH}k"
Bind = Callable[[Any], str]


def everybody(version: Version, expression: Expression, frame: Frame, now: datetime, zone: str) -> Statement:
    """One row a customer: customer_id, member_id, language, what decides, zone, and `fits`, NULL where none can tell.

    Beside the people whom the line means come the enterprises of the tiers that the promotion addresses as a whole.
    """
    enterprises: list[str] = []

    def ask(bind: Bind) -> tuple[str, Sequence[str]]:
        columns, joins = _Deciding(version, now).facts(bind)
        told = ", ".join(["s.customer_id", "m.id AS member_id", "m.language", *columns, "m.zone"])
        tiers = sorted(map(str, version.plan.enterprises))
        if tiers:
            beside = " ".join([*(JOINS[name] for name in WITH_CLASS), *joins])
            enterprises.append(f"""UNION ALL SELECT {told}, true AS fits FROM enterprise_tiers s {beside}
                WHERE s.run_id = %(run)s::uuid AND s.tier = ANY({bind(tiers)}::text[]) AND NOT EXISTS (SELECT
                    FROM customer_snapshots p WHERE p.as_of = %(day)s::date AND p.customer_id = s.customer_id)""")
        return told, joins

    people = listing(expression, frame, now, zone, ask, WITH_CLASS, undecided=True)
    beside = "".join(enterprises).replace("%(run)s AND", "%(run)s::uuid AND")
    return Statement(f"{people.sql} {beside}", people.facts)


@dataclass(frozen=True)
class _Deciding:
    """What of a customer decides, as SQL beside the tables of the audience's language, and the joins that it needs."""

    version: Version
    now: datetime

    def facts(self, bind: Bind) -> tuple[list[str], list[str]]:
        """Columns from `standing` to `met_elsewhere`, and joins."""
        promotion, number = bind(self.version.promotion_id), bind(self.version.number)
        joins = [
            "LEFT JOIN enterprise_tiers tier ON tier.run_id = %(run)s AND tier.customer_id = s.customer_id",
            # Who stands in line of another that is paused will be written to by that one, once it goes on; of this
            # promotion's other versions those who were kept to compare with count as those who were written to.
            f"""LEFT JOIN (SELECT customer_id, bool_or(promotion_id = {promotion}) AS before,
                    bool_or(promotion_id <> {promotion}) AS elsewhere
                FROM (SELECT r.customer_id, promotion_id, v.state, v.closes_at
                    FROM promotion_recipients r JOIN promotion_versions v USING (promotion_id, version)
                    WHERE r.place IS NOT NULL AND NOT r.is_free AND (promotion_id = {promotion} AND version <> {number}
                        OR promotion_id <> {promotion} AND r.place = '{Place.ARM}') UNION ALL
                    SELECT a.customer_id, promotion_id, v.state, v.closes_at
                    FROM promotion_audience a JOIN promotion_versions v USING (promotion_id, version)
                    WHERE promotion_id <> {promotion} AND a.position > v.planned_to AND v.cancelled_at IS NULL) theirs
                WHERE promotion_id = {promotion} OR (state IN ('running', 'paused') AND closes_at > %(now)s)
                GROUP BY 1) met ON met.customer_id = s.customer_id""",
        ]
        appetite = str(UNASSESSED)
        if self.version.plan.product and self.version.plan.product.grade:
            appetite = "coalesce(told.appetite, asked.appetite, 0)"
            joins += self._appetites(bind)
        horizon = str(UNTOLD)
        if self.version.plan.product and self.version.plan.product.locked_days:
            horizon, needs = _horizons(bind(self.version.plan.product.locked_days))
            joins += needs
        columns = [
            f"coalesce(tier.tier, k.letter::text, '{UNCLASSED}') AS standing",
            f"coalesce({REASON}, '{REACHABLE}') AS reach",
            f"{appetite}::smallint AS appetite",
            f"({horizon})::smallint AS horizon",
            "coalesce(met.before, false) AS met_before",
            "coalesce(met.elsewhere, false) AS met_elsewhere",
        ]
        return columns, joins

    def _appetites(self, bind: Bind) -> list[str]:
        """The valid assessments alone, the same that the gate asks for when a message leaves."""
        oldest = bind((self.now - ASSESSMENT_LIFE).date())
        return [
            f"""LEFT JOIN (SELECT customer_id, min(substr(code, 7)::integer) AS appetite FROM customer_tags
                WHERE code = ANY({bind(list(APPETITES))}::text[]) AND set_at <= %(now)s
                    AND coalesce(ended_at, 'infinity') > %(now)s AND expires_at > %(now)s
                GROUP BY 1) told ON told.customer_id = s.customer_id""",
            f"""LEFT JOIN (SELECT DISTINCT ON (customer_id) customer_id, substr(risk_appetite, 2)::integer AS appetite
                FROM customer_traits WHERE risk_appetite IS NOT NULL
                    AND coalesce(told_on, as_of) BETWEEN {oldest} AND %(now)s::date
                ORDER BY customer_id, coalesce(told_on, as_of) DESC, risk_appetite) asked
                ON asked.customer_id = s.customer_id""",
        ]


def _horizons(locked: str) -> tuple[str, list[str]]:
    """For how long the money can be bound, as far as `locked` asks: the whole of it, 0, or nobody knows."""
    return (
        f"""CASE WHEN coalesce(need.days, flows.days) IS NULL THEN {UNTOLD}
            WHEN coalesce(need.days, flows.days) >= {locked} THEN {locked} ELSE 0 END""",
        [
            f"LEFT JOIN ({told_days('%(now)s::timestamptz')}) need ON need.customer_id = s.customer_id",
            f"LEFT JOIN ({derived_days()}) flows ON flows.customer_id = s.customer_id",
        ],
    )
