"""Which tables hold anything: what nobody uses need not be looked through every second."""

from collections.abc import Collection

from sqlalchemy import text

from storage.database import UnitOfWork


async def occupied(uow: UnitOfWork, tables: Collection[str]) -> frozenset[str]:
    """Those of the tables that have a row; one query of a tenth of a millisecond, since each stops at its first row."""
    asked = ", ".join(f"CASE WHEN EXISTS (SELECT FROM {table}) THEN '{table}' END" for table in sorted(tables))
    found = await uow.session.scalar(text(f"SELECT array_remove(ARRAY[{asked}], NULL)"))
    return frozenset(found or ())
