"""The newest run, its picture and its lists as the bot reads them, inside one unit of work; no frames here."""

from collections.abc import Sequence
from typing import Any, LiteralString
from uuid import UUID

from campaigns.customers.class_lists import ABSENT, ListKind, Migration
from campaigns.customers.overviews import ListedCustomer, RunView
from campaigns.customers.report import Quadrant, QuadrantPoint
from storage.class_lists import COLUMNS, FROM, LISTS, MIGRATION, line_of, matrix_of, ordered
from storage.database import UnitOfWork
from storage.lookups import SqlLookupStore
from storage.vault import Vault

NEWEST: LiteralString = """SELECT r.id, r.as_of, r.policy_version, r.summary, r.report, p.body
    FROM segmentation_runs r JOIN segmentation_policies p ON p.version = r.policy_version
    ORDER BY r.as_of DESC, r.made_at DESC LIMIT 1"""
BEFORE: LiteralString = """SELECT id, as_of FROM segmentation_runs WHERE as_of < %(as_of)s
    ORDER BY as_of DESC, made_at DESC LIMIT 1"""
# Ids tell the order of import, their digests do not: a sample, and the same one each time.
SAMPLE: LiteralString = """SELECT current, potential, letter FROM customer_classes WHERE run_id = %(run)s
    ORDER BY md5(customer_id::text) LIMIT %(limit)s"""
POLICY_LINES = ("current_line", "potential_line", "watch_line", "churn_line")
SAMPLED = 1_500


class SqlOverviewStore:
    """Implements `campaigns.customers.overviews.OverviewStore`."""

    def __init__(self, uow: UnitOfWork, vault: Vault) -> None:
        self._session = uow.session
        self._lookups = SqlLookupStore(uow, vault)

    async def newest_run(self) -> RunView | None:
        """The run of the latest day, and of that day's the latest."""
        found = await self._rows(NEWEST)
        if not found:
            return None
        run, as_of, version, summary, report, policy = found[0]
        lines = {name: policy[name] for name in POLICY_LINES if name in policy}
        return RunView(run, as_of, version, tuple(summary), report, lines)

    async def migration(self, run: RunView) -> Migration | None:
        """Who moved since the latest run of the day before; None when there is none."""
        before = await self._rows(BEFORE, as_of=run.as_of)
        if not before:
            return None
        earlier, day = before[0]
        counted = await self._rows(MIGRATION, absent=ABSENT, earlier=earlier, later=run.id)
        return matrix_of({(a, b): heads for a, b, heads in counted}, day, run.as_of)

    async def quadrant(self, run: RunView) -> Quadrant:
        """What the picture needs: the lines, the sizes and a sample that is the same each time."""
        found = await self._rows(SAMPLE, run=run.id, limit=SAMPLED)
        return Quadrant(
            current_line=run.lines["current_line"],
            potential_line=run.lines["potential_line"],
            customers=sum(run.sizes.values()),
            sampled=len(found),
            points=tuple(QuadrantPoint(*row) for row in found),
            sizes=run.sizes,
            assets_fen=run.assets_fen,
        )

    async def count(self, kind: ListKind, run: RunView, manager: int) -> int:
        """How many customers a list has."""
        query: LiteralString = "SELECT count(*)" + FROM + LISTS[kind][0]  # noqa: S608 - constants of storage.class_lists.
        return int((await self._rows(query, **_facts(run, manager)))[0][0])

    async def part(
        self, kind: ListKind, run: RunView, manager: int, *, offset: int, limit: int
    ) -> list[ListedCustomer]:
        """A part of a list in its order, with masked names."""
        query: LiteralString = "SELECT k.customer_id, " + COLUMNS + FROM + ordered(kind)  # noqa: S608 - as above.
        found = await self._rows(query, **_facts(run, manager), offset=offset, limit=limit)
        customers: list[UUID] = [row[0] for row in found]
        names = await self._lookups.masked_names(customers)
        return [ListedCustomer(row[0], line_of(row[1:]), names.get(row[0])) for row in found]

    async def _rows(self, query: LiteralString, **facts: Any) -> Sequence[Any]:
        connection = await self._session.connection()
        return (await connection.exec_driver_sql(query, facts)).all()


def _facts(run: RunView, manager: int) -> dict[str, Any]:
    return {"run": run.id, "churn_from": run.lines.get("watch_line", 0.0), "manager": manager}
