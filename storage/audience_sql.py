"""An audience's tree as one SQL statement with bound parameters; three-valued as SQL is: what is unknown stays so.

Names of columns and tables come from the tables below, every value of a line is a parameter.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from campaigns.audiences.fields import FIELDS, Kind
from campaigns.audiences.model import (
    Between,
    Both,
    Compared,
    Comparison,
    Either,
    Everybody,
    Expression,
    Frame,
    Happened,
    Holds,
    Known,
    Not,
    OneOf,
    Term,
    Value,
    Within,
)
from campaigns.members.model import Purpose
from campaigns.tags.model import TagSource
from campaigns.tags.rules import DICTIONARY

# What can stand beside a customer's figures of the day, joined only where a field or the reach needs it.
JOINS: Mapping[str, str] = {
    "k": "LEFT JOIN customer_classes k ON k.run_id = %(run)s AND k.customer_id = s.customer_id",
    "a": "LEFT JOIN customer_actions a ON a.run_id = %(run)s AND a.customer_id = s.customer_id",
    "c": "JOIN customers c ON c.id = s.customer_id",
    "m": "LEFT JOIN members m ON m.customer_id = s.customer_id",
    "o": """LEFT JOIN (SELECT DISTINCT ON (customer_id) customer_id, owner_id FROM (
        SELECT customer_id, owner_id, '-infinity'::timestamptz AS since, 0 AS group_id FROM customer_owners UNION ALL
        SELECT w.customer_id, u.manager_id, i.joined_at, u.id FROM groups u JOIN group_members i ON i.group_id = u.id
        JOIN members w ON w.id = i.member_id WHERE i.left_at IS NULL AND w.customer_id IS NOT NULL) owned
        ORDER BY customer_id, since, group_id) o ON o.customer_id = s.customer_id""",
    "y": "LEFT JOIN data_keys y ON y.owner = 'member:' || m.id",
    "g": f"""LEFT JOIN (SELECT member_id, bool_or(withdrawn_at IS NULL) AS stands FROM consents
        WHERE purpose = '{Purpose.MARKETING}' GROUP BY member_id) g ON g.member_id = m.id""",
    "r": """LEFT JOIN (SELECT customer_id, min(kind) AS kind FROM customer_restrictions WHERE ended_at IS NULL
        GROUP BY customer_id) r ON r.customer_id = s.customer_id""",
    "p": """LEFT JOIN (SELECT DISTINCT ON (member_id) member_id, stage FROM applications
        ORDER BY member_id, stage_since DESC, id DESC) p ON p.member_id = m.id""",
}
# Why nothing reaches a customer, the first that holds, as campaigns.audiences.model.Unreachable; NULL where it does.
REACH = "mygr"
REASON = """CASE WHEN m.id IS NULL THEN 'unbound' WHEN y.owner IS NULL THEN 'erased'
    WHEN r.kind = 'suspended' THEN 'suspended' WHEN r.kind = 'non_personal' THEN 'non_personal'
    WHEN g.stands IS NULL THEN 'no_consent' WHEN NOT g.stands THEN 'opted_out'
    WHEN m.private_chat = 'never' THEN 'no_private_chat' WHEN m.private_chat = 'blocked' THEN 'blocked' END"""
# Everybody is looked at: what the planner guesses of so many conditions at once must not make it go row by row, and
# several processes would each build every hash table anew.
HASHED = """SET LOCAL enable_nestloop = off; SET LOCAL jit = off; SET LOCAL work_mem = '64MB';
    SET LOCAL max_parallel_workers_per_gather = 0"""
AS_BEFORE = """SET LOCAL enable_nestloop TO DEFAULT; SET LOCAL jit TO DEFAULT; SET LOCAL work_mem TO DEFAULT;
    SET LOCAL max_parallel_workers_per_gather TO DEFAULT"""
PLAIN = (
    "assets", "demand_deposit", "time_deposit", "structured_deposit", "large_certificates", "wealth_products", "funds",
    "asset_plans", "loans", "customer_since", "occupation", "district", "credit_grade", "cards", "salary_months",
    *(f"count_{way}_{days}" for way in ("in", "out") for days in (7, 30, 90, 365)),
)  # fmt: skip
SCORES = ("current", "potential", "churn", "development", "confidence")
# Scores are kept in four bytes: as decimals they compare as they are shown.
COLUMNS: Mapping[str, tuple[str, str]] = {
    **{name: (f"s.{name}", "") for name in PLAIN},
    **{f"{name}flow_{days}": (f"s.amount_{name}_{days}", "") for name in ("in", "out") for days in (7, 30, 365)},
    "inflow_90": ("s.transfers_in_amount", ""),
    "outflow_90": ("s.transfers_out_amount", ""),
    "gender": ("CASE s.sex WHEN 'f' THEN 'female' WHEN 'm' THEN 'male' END", ""),
    "age": ("extract(year FROM age(%(day)s, s.birth_date))", ""),
    "birth_month": ("extract(month FROM s.birth_date)", ""),
    "income": ("s.income_band", ""),
    "risk": ("s.risk_appetite::text", ""),
    "yearly_spend": ("s.consumption", ""),
    "monthly_spend": ("s.consumption / 12", ""),
    "logins_90": ("s.logins", ""),
    "transfers_90": ("s.transfers", ""),
    "counter_90": ("s.counter_uses", ""),
    "online_90": ("s.online_uses", ""),
    "last_transfer": ("(s.last_transfer_at AT TIME ZONE %(zone)s)::date", ""),
    "idle_days": ("%(day)s - (s.last_transfer_at AT TIME ZONE %(zone)s)::date", ""),
    "class": ("k.letter::text", "k"),
    "quadrant": ("k.quadrant::text", "k"),
    "band": ("k.band", "k"),
    "lifecycle": ("k.lifecycle", "k"),
    "yearly_value": ("k.current_value", "k"),
    "provisional": ("k.provisional", "k"),
    **{name: (f"k.{name}::numeric", "k") for name in SCORES},
    "opportunity": ("a.opportunity::numeric", "a"),
    "owner": ("o.owner_id", "o"),
    "chat": ("m.private_chat", "m"),
    "card_stage": ("CASE WHEN m.id IS NOT NULL THEN coalesce(p.stage, 'none') END", "mp"),
    "reachable": (f"({REASON}) IS NULL", REACH),
}
MEMBER, CUSTOMER = "member_id", "customer_id"
OFFERED = "FROM deliveries WHERE kind = 'marketing' AND state = 'sent' AND method LIKE 'send%%' AND ended_at"
# Each event: whose it is, the table up to the column of its moment, and whether its absence is known of everybody; of
# what happens in the chat nothing is known where no member is bound to the customer.
EVENTS: Mapping[str, tuple[str, str, bool]] = {
    "bound": (CUSTOMER, "SELECT customer_id FROM members WHERE customer_id IS NOT NULL AND bound_at", True),
    "joined_group": (MEMBER, "SELECT member_id FROM group_members WHERE joined_at", False),
    "left_group": (MEMBER, "SELECT member_id FROM group_members WHERE left_at", False),
    "chain_entry": (MEMBER, "SELECT member_id FROM chain_entries WHERE left_at IS NULL AND joined_at", False),
    "stamp": (MEMBER, "SELECT member_id FROM stamps WHERE at", False),
    "card_moved": (MEMBER, "SELECT member_id FROM applications WHERE stage_since", False),
    "offer_received": (MEMBER, f"SELECT recipient AS member_id {OFFERED}", True),
    "offer_answered": (
        CUSTOMER,
        "SELECT customer_id FROM followups WHERE source = 'offer_answered' AND opened_at",
        True,
    ),
    "contacted": (CUSTOMER, "SELECT customer_id FROM customer_interactions WHERE at", True),
}
GROUPS = """SELECT member_id FROM group_members JOIN groups ON groups.id = group_id
    WHERE left_at IS NULL AND (title = ANY({0}) OR merchant = ANY({0}))"""
CONSENTS = "SELECT member_id FROM consents WHERE withdrawn_at IS NULL AND purpose = ANY({0})"
SET_TAGS = """SELECT customer_id FROM customer_tags
    WHERE ended_at IS NULL AND expires_at > %(now)s AND code = ANY({0})"""


@dataclass(frozen=True)
class Statement:
    """SQL text and what is bound to it."""

    sql: str
    facts: Mapping[str, Any]


def counting(expression: Expression, frame: Frame, now: datetime, zone: str) -> Statement:
    """Customers by where they stand: `undecided`, `reachable`, or the reason why out of reach."""
    compiled = _Compiler(frame, now, zone)
    fits = compiled.condition(expression)
    return compiled.statement(
        f"""SELECT CASE WHEN fits THEN coalesce(reason, 'reachable') ELSE 'undecided' END, count(*)
            FROM (SELECT {fits} AS fits, {REASON} AS reason {compiled.population(REACH)}) judged
            WHERE fits IS NOT FALSE GROUP BY 1"""
    )


def sampling(expression: Expression, frame: Frame, now: datetime, zone: str, size: int) -> Statement:
    """Some customers who belong, the same ones each time: number, class, band, stage, why out of reach."""
    compiled = _Compiler(frame, now, zone)
    fits = compiled.condition(expression)
    return compiled.statement(
        f"""SELECT number, letter::text, band, lifecycle, {REASON} {compiled.population(f"{REACH}kc")} AND {fits}
            ORDER BY md5(s.customer_id::text), number LIMIT {compiled.bind(size)}"""
    )


def belonging(expression: Expression, frame: Frame, now: datetime, zone: str) -> Statement:
    """The ids of all who belong."""
    compiled = _Compiler(frame, now, zone)
    fits = compiled.condition(expression)
    return compiled.statement(f"SELECT s.customer_id {compiled.population()} AND {fits}")


def listing(
    expression: Expression,
    frame: Frame,
    now: datetime,
    zone: str,
    ask: Callable[[Callable[[Any], str]], tuple[str, Sequence[str]]],
    needs: str = REACH,
    *,
    undecided: bool = False,
) -> Statement:
    """All who belong, with whatever columns are asked for.

    `ask` gets what binds a value and returns the columns and the joins beside `s`, the customer's figures of the day.
    With `undecided` those of whom it cannot be told come too, and a last column `fits` tells them apart.
    """
    compiled = _Compiler(frame, now, zone)
    fits = compiled.condition(expression)
    columns, joins = ask(compiled.bind)
    compiled.beside.extend(joins)
    if undecided:
        return compiled.statement(
            f"SELECT * FROM (SELECT {columns}, {fits} AS fits {compiled.population(needs)}) x WHERE fits IS NOT FALSE"
        )
    return compiled.statement(f"SELECT {columns} {compiled.population(needs)} AND {fits}")


def among(expression: Expression, frame: Frame, now: datetime, zone: str, customers: Collection[UUID]) -> Statement:
    """Which of these customers belong."""
    compiled = _Compiler(frame, now, zone)
    fits = compiled.condition(expression)
    these = compiled.bind(list(customers))
    return compiled.statement(
        f"SELECT s.customer_id {compiled.population()} AND s.customer_id = ANY({these}) AND {fits}"
    )


def following(name: str, expression: Expression, frame: Frame, now: datetime, zone: str) -> Statement:
    """Keep who belongs to a saved audience by a run, who joined and who left, in one statement."""
    compiled = _Compiler(frame, now, zone)
    fits = compiled.condition(expression)
    named = compiled.bind(name)
    return compiled.statement(
        f"""WITH belonging AS MATERIALIZED (SELECT s.customer_id {compiled.population()} AND {fits}),
        departed AS (DELETE FROM audience_members m WHERE audience = {named}
            AND NOT EXISTS (SELECT FROM belonging b WHERE b.customer_id = m.customer_id) RETURNING 1),
        joined AS (INSERT INTO audience_members SELECT {named}, customer_id, %(day)s FROM belonging
            ON CONFLICT DO NOTHING RETURNING 1)
        INSERT INTO audience_changes (audience, run_id, changed_at, members, joined, departed)
        SELECT {named}, %(run)s, %(now)s, (SELECT count(*) FROM belonging), (SELECT count(*) FROM joined),
            (SELECT count(*) FROM departed)"""
    )


@dataclass
class _Compiler:
    """Gathers parameters and joins while it walks over the tree."""

    frame: Frame
    now: datetime
    zone: str
    facts: dict[str, Any] = field(default_factory=dict)
    needs: set[str] = field(default_factory=set)
    beside: list[str] = field(default_factory=list)

    def statement(self, sql: str) -> Statement:
        around = {"run": self.frame.run, "day": self.frame.day, "now": self.now, "zone": self.zone}
        typed = sql.replace("%(run)s", "%(run)s::uuid").replace("%(day)s", "%(day)s::date")
        return Statement(typed, {**around, **self.facts})

    def population(self, more: str = "") -> str:
        """FROM and WHERE: every person with figures of the day, beside whom stands what the tree asked for."""
        joins = [join for name, join in JOINS.items() if name in self.needs or name in more]
        return "\n".join(("FROM customer_snapshots s", *joins, *self.beside, "WHERE s.as_of = %(day)s"))

    def bind(self, value: Any) -> str:
        """Keep a value as a parameter; returns its place in the text."""
        name = f"p{len(self.facts)}"
        self.facts[name] = value
        return f"%({name})s"

    def condition(self, expression: Expression) -> str:
        match expression:
            case Both(parts):
                return f"({' AND '.join(map(self.condition, parts))})"
            case Either(parts):
                return f"({' OR '.join(map(self.condition, parts))})"
            case Not(part):
                return f"(NOT {self.condition(part)})"
            case _:
                return f"({self._term(expression)})"

    def _term(self, term: Term) -> str:
        match term:
            case Everybody():
                return "true"
            case Happened(name):
                return self._event(name, "<= %(now)s")
            case Holds(name):
                return self._column(name)
            case Known(name, is_known):
                return f"({self._column(name)}) IS {'NOT ' if is_known else ''}NULL"
            case Within(name, days):
                return self._within(name, days)
            case Between(name, low, high):
                return f"{self._column(name)} BETWEEN {self.bind(low)} AND {self.bind(high)}"
            case OneOf(name, values):
                return self._any_of(name, values)
            case Compared(name, by, value):
                return self._compared(name, by, value)

    def _compared(self, name: str, by: Comparison, value: Value) -> str:
        found = FIELDS[name]
        if by is Comparison.EQUAL:
            return self._any_of(name, (value,))
        if by is Comparison.UNEQUAL:
            return f"NOT ({self._any_of(name, (value,))})"
        if found.is_ordered:
            fulfilling = _fulfilling(found.codes, by, str(value))
            # An empty list holds of nobody, not even of those of whom nothing is known.
            return self._any_of(name, fulfilling) if fulfilling else "{0} <> {0}".format(self._column(name))
        return f"{self._column(name)} {by} {self.bind(value)}"

    def _any_of(self, name: str, values: tuple[Value, ...]) -> str:
        match FIELDS[name].kind:
            case Kind.TAGS:
                return self._tags([str(value) for value in values])
            case Kind.TEXTS:
                return self._has(MEMBER, GROUPS.format(self._texts(values)), is_known=False)
            case Kind.MANY:
                return self._has(MEMBER, CONSENTS.format(self._texts(values)), is_known=False)
            case Kind.CHOICE | Kind.TEXT:
                return f"{self._column(name)} = ANY({self._texts(values)})"
            case _:
                return f"{self._column(name)} IN ({', '.join(map(self.bind, values))})"

    def _tags(self, codes: list[str]) -> str:
        """Tags of a rule stand in the run, unknown where it had no figures for the rule; others were set by people."""
        by_rule = [code for code in codes if DICTIONARY[code].source is TagSource.RULE]
        said = [code for code in codes if code not in by_rule]
        parts = ["NULL::boolean"] if self.frame.unknown_tags & {*by_rule} else []
        if derived := [code for code in by_rule if code not in self.frame.unknown_tags]:
            self.needs.add("a")
            parts.append(f"a.tags ?| {self._texts(derived)}")
        if said:
            parts.append(self._has(CUSTOMER, SET_TAGS.format(self._texts(said)), is_known=True))
        return " OR ".join(parts)

    def _within(self, name: str, days: int) -> str:
        if FIELDS[name].kind is Kind.EVENT:
            return self._event(name, f"BETWEEN {self.bind(self.now - timedelta(days=days))} AND %(now)s")
        return f"{self._column(name)} BETWEEN %(day)s - {self.bind(days)}::int AND %(day)s"

    def _event(self, name: str, when: str) -> str:
        whose, query, is_known = EVENTS[name]
        return self._has(whose, f"{query} {when}", is_known=is_known)

    def _has(self, whose: str, query: str, *, is_known: bool) -> str:
        """Whether a customer, or the member who is bound to it, is among those of a query, each of them once."""
        alias = f"x{len(self.beside)}"
        self.needs.add("m")
        key = "m.id" if whose == MEMBER else "s.customer_id"
        self.beside.append(f"LEFT JOIN (SELECT DISTINCT {whose} FROM ({query}) q) {alias} ON {alias}.{whose} = {key}")
        found = f"{alias}.{whose} IS NOT NULL"
        return found if is_known else f"CASE WHEN m.id IS NOT NULL THEN {found} END"

    def _column(self, name: str) -> str:
        sql, needs = COLUMNS[name]
        self.needs.update(needs)
        return sql

    def _texts(self, values: Any) -> str:
        return f"{self.bind([str(value) for value in values])}::text[]"


def _fulfilling(codes: tuple[str, ...], by: Comparison, bound: str) -> tuple[str, ...]:
    """The values of an ordered field that are so compared to a bound."""
    at = codes.index(bound)
    match by:
        case Comparison.LESS:
            return codes[:at]
        case Comparison.AT_MOST:
            return codes[: at + 1]
        case Comparison.MORE:
            return codes[at + 1 :]
        case _:
            return codes[at:]
