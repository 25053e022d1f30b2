"""What each tick of journeys asks for is found by an index: versions that somebody is in, what is due, new purchases."""

from alembic import op

revision = "0065"
down_revision = "0064"
branch_labels = None
depends_on = None

STATEMENTS = (
    "CREATE INDEX journey_entries_open ON journey_entries (journey, version) WHERE outcome IS NULL",
    "CREATE INDEX journey_entries_due_in ON journey_entries (journey, due_at, id) WHERE outcome IS NULL",
    "DROP INDEX journey_entries_due",
    "CREATE INDEX voucher_purchases_imported ON voucher_purchases (imported_at)",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
