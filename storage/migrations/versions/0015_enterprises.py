"""Enterprises beside persons: a customer's kind, what is known of enterprises by day, and a tier per run."""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

STATEMENTS = (
    """ALTER TABLE customers ADD COLUMN kind varchar NOT NULL DEFAULT 'person'
       CHECK (kind IN ('person', 'enterprise'))""",
    """CREATE TABLE enterprise_snapshots (
        as_of date NOT NULL,
        customer_id uuid NOT NULL REFERENCES customers (id),
        industry varchar NOT NULL,
        loans bigint NOT NULL CHECK (loans >= 0),
        deposits bigint NOT NULL CHECK (deposits >= 0),
        registered_capital bigint,
        turnover bigint,
        employees integer,
        credit_grade varchar,
        settlement_volume bigint,
        cross_border boolean,
        representative varchar,
        PRIMARY KEY (as_of, customer_id)
    )""",
    """CREATE TABLE enterprise_tiers (
        run_id uuid NOT NULL REFERENCES segmentation_runs (id),
        customer_id uuid NOT NULL REFERENCES customers (id),
        told_on date NOT NULL,
        tier varchar NOT NULL CHECK (tier IN ('strategic', 'key', 'general')),
        points real NOT NULL CHECK (points BETWEEN 0 AND 100),
        confidence real NOT NULL CHECK (confidence BETWEEN 0 AND 1),
        reasons jsonb NOT NULL,
        steps jsonb NOT NULL,
        needs jsonb NOT NULL,
        PRIMARY KEY (run_id, customer_id)
    )""",
    "CREATE INDEX enterprise_tiers_of ON enterprise_tiers (customer_id)",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
