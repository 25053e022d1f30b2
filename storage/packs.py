"""Packs on rows: versions of the file, what the latest deliveries tell of a customer, rounds begun once."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from campaigns.catalogue.model import Aim
from campaigns.members.model import Language
from campaigns.packs.files import plain, restored
from campaigns.packs.model import PackEdition, Standing
from storage.database import UnitOfWork
from storage.voucher_rows import PackVersionRow

STANDING = """SELECT structured_deposit + time_deposit + demand_deposit + large_certificates, wealth_products, funds,
        coalesce(logins, 0) + coalesce(transfers, 0), wealth_products + funds + asset_plans
    FROM customer_snapshots WHERE customer_id = :customer ORDER BY as_of DESC LIMIT 2"""
BEGUN = "SELECT EXISTS (SELECT FROM pack_rounds WHERE pack = :pack AND round = :round)"
BEGIN = """INSERT INTO pack_rounds SELECT :pack, :round, :now, 0 WHERE EXISTS (SELECT FROM segmentation_runs)
    ON CONFLICT (pack, round) DO NOTHING RETURNING pack"""
MEMBERS = """WITH run AS (SELECT id FROM segmentation_runs ORDER BY as_of DESC, made_at DESC LIMIT 1)
SELECT m.id, m.language FROM members m
    LEFT JOIN customer_classes k ON k.customer_id = m.customer_id AND k.run_id = (SELECT id FROM run)
    LEFT JOIN enterprise_tiers t ON t.customer_id = m.customer_id AND t.run_id = (SELECT id FROM run)
WHERE m.customer_id IS NOT NULL AND m.private_chat = 'open'
    AND (cardinality(CAST(:letters AS varchar[])) = 0 OR k.letter = ANY(CAST(:letters AS varchar[])))
    AND (cardinality(CAST(:lifecycles AS varchar[])) = 0 OR k.lifecycle = ANY(CAST(:lifecycles AS varchar[])))
    AND (cardinality(CAST(:tiers AS varchar[])) = 0 OR t.tier = ANY(CAST(:tiers AS varchar[])))
ORDER BY m.id"""


class SqlPackStore:
    """Implements `campaigns.packs.service.PackStore`."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._session = uow.session

    async def edition(self, version: int | None = None) -> PackEdition | None:
        """One version, the newest by default."""
        query = select(PackVersionRow).order_by(col(PackVersionRow.version).desc()).limit(1)
        if version is not None:
            query = query.where(col(PackVersionRow.version) == version)
        row = await self._session.scalar(query)
        return _edition(row) if row else None

    async def newest_for_change(self) -> PackEdition | None:
        """The newest version; who else would add one waits, and reading goes on."""
        await self._session.execute(text("LOCK TABLE pack_versions IN SHARE ROW EXCLUSIVE MODE"))
        return await self.edition()

    async def history(self) -> list[PackEdition]:
        """Every version, the newest first."""
        rows = await self._session.scalars(select(PackVersionRow).order_by(col(PackVersionRow.version).desc()))
        return [_edition(row) for row in rows]

    async def add(self, edition: PackEdition) -> None:
        """Keep a version for good."""
        row = {name: value for name, value in vars(edition).items() if name != "file"}
        await self._session.execute(insert(PackVersionRow).values({**row, "body": plain(edition.file)}))

    async def standing(self, customer_id: UUID) -> Standing:
        """What the latest two deliveries tell of a customer."""
        rows = (await self._session.execute(text(STANDING), {"customer": customer_id})).all()
        if not rows:
            return Standing()
        deposits, wealth, funds, uses, investments = map(int, rows[0])
        before = int(rows[1][4]) if len(rows) > 1 else None
        return Standing(deposits, wealth, funds, uses, investments, before)

    async def begin_round(self, pack: str, name: str, now: datetime) -> bool:
        """Whether a round is new; nobody else begins it, and none begins before anybody has a class."""
        known = {"pack": pack, "round": name}
        if await self._session.scalar(text(BEGUN), known):  # Asked each second: an insert in vain would be a write too.
            return False
        return await self._session.scalar(text(BEGIN), {**known, "now": now}) is not None

    async def end_round(self, pack: str, name: str, planned: int) -> None:
        """Write down how many were planned."""
        done = text("UPDATE pack_rounds SET planned = :planned WHERE pack = :pack AND round = :round")
        await self._session.execute(done, {"planned": planned, "pack": pack, "round": name})

    async def members_of(self, aim: Aim) -> Sequence[tuple[int, Language]]:
        """The members whose customer the latest run put into these classes, stages or tiers."""
        lists = {"letters": aim.letters, "lifecycles": aim.lifecycles, "tiers": aim.tiers}
        facts = {name: sorted(map(str, found)) for name, found in lists.items()}
        found = await self._session.execute(text(MEMBERS), facts)
        return [(member, Language(language)) for member, language in found]


def _edition(row: PackVersionRow) -> PackEdition:
    return PackEdition(row.version, restored(row.body), row.made_by, row.made_at, row.reason)
