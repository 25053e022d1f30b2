"""Counts of gaps, stale fields and contradictions of a run's day."""

from datetime import date
from uuid import UUID

import psycopg

from campaigns.customers.data_quality import DataQuality
from storage.database import libpq_url
from storage.fields import conflicting_fields, stale_fields


def data_quality(url: str, run: UUID, as_of: date) -> DataQuality:
    """What the segment report says of the data that a run was made from."""
    with psycopg.connect(libpq_url(url)) as connection:
        missing = connection.execute(
            """SELECT department, count(*) FROM customer_classes, unnest(missing) department
               WHERE run_id = %s GROUP BY department ORDER BY count(*) DESC, department""",
            [run],
        ).fetchall()
    found = stale_fields(url, as_of, 0)
    return DataQuality(dict(missing), found.counts if found else (), conflicting_fields(url, as_of))
