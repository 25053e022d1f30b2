"""Many rows by one statement whose text does not grow with them, so that it is compiled and prepared once."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlalchemy.dialects.postgresql import ARRAY, Insert, insert
from sqlmodel import SQLModel


def insert_rows(model: type[SQLModel], rows: Sequence[Mapping[str, Any]]) -> Insert:
    """An `INSERT … SELECT unnest(…)`, one array per column; the first row names the columns of all.

    Beside `VALUES (…), (…), …`, which is compiled anew for every count of rows, it takes less than half of the time.
    """
    table = model.metadata.tables[str(model.__tablename__)]
    arrays = [
        func.unnest(bindparam(name, [row[name] for row in rows], type_=ARRAY(table.c[name].type))) for name in rows[0]
    ]
    return insert(table).from_select(list(rows[0]), select(*arrays))
