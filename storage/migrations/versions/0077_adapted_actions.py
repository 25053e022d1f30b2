"""Next actions follow what happened since their run: when one was adapted, and the run's own word beside it."""

from alembic import op

revision = "0077"
down_revision = "0076"
branch_labels = None
depends_on = None

STATEMENTS = (
    "ALTER TABLE customer_actions ADD COLUMN adapted_at timestamptz, ADD COLUMN as_run jsonb",
    "CREATE INDEX events_recorded ON events (recorded_at)",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
