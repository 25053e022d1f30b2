"""A recall of millions: its messages are taken in by portions, and those whose turn it is are found at once."""

from alembic import op

revision = "0070"
down_revision = "0069"
branch_labels = None
depends_on = None

# Pending messages wait for how their delivery ends, for their turn, or for what becomes of their try in the ledger.
STATEMENTS = (
    "ALTER TABLE recalls ADD COLUMN taken_to bigint, ADD COLUMN up_to bigint",
    """ALTER TABLE recalled_deliveries ADD COLUMN stage varchar NOT NULL DEFAULT 'fresh'
        CHECK (stage IN ('awaited', 'fresh', 'tried'))""",
    """UPDATE recalled_deliveries r SET stage = CASE WHEN o.state = 'dispatching' THEN 'awaited' ELSE 'tried' END
        FROM deliveries o WHERE o.id = r.delivery_id AND r.state = 'pending' AND (o.state = 'dispatching'
            OR EXISTS (SELECT FROM deliveries l WHERE l.campaign = 'recall:' || r.recall_id
                AND l.step = r.way || ':' || r.delivery_id AND l.recipient = o.recipient))""",
    "DROP INDEX recalled_deliveries_open",
    "CREATE INDEX recalled_deliveries_next ON recalled_deliveries (stage, delivery_id) WHERE state = 'pending'",
    "CREATE INDEX recalls_open ON recalls (id) WHERE taken_to < up_to",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
