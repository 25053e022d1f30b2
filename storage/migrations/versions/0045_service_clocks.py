"""Versions of the service clock; handing out a file with names is a look at customers."""

from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None

STATEMENTS = (
    """CREATE TABLE service_clocks (
        version integer PRIMARY KEY,
        days jsonb NOT NULL,
        unclassed integer NOT NULL CHECK (unclassed BETWEEN 1 AND 90),
        complaint integer NOT NULL CHECK (complaint BETWEEN 1 AND 90),
        made_by varchar NOT NULL,
        made_at timestamptz NOT NULL
    )""",
    """INSERT INTO service_clocks VALUES (1,
        '{"A": 1, "B": 2, "C": 3, "D": 5, "strategic": 1, "key": 2, "general": 5}', 3, 1, 'the product', now())""",
    "ALTER TABLE customer_lookups DROP CONSTRAINT customer_lookups_occasion_check",
    """ALTER TABLE customer_lookups ADD CONSTRAINT customer_lookups_occasion_check
        CHECK (occasion IN ('card', 'why', 'list', 'search', 'export'))""",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
