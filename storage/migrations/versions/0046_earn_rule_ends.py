"""The end of a rule of earning that was announced before its campaign's."""

from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE earn_rules ADD COLUMN ends_at timestamptz")
