"""For how long a customer's money can be bound is kept in a promotion's line, as far as its product asks; −1: unknown."""

from alembic import op

revision = "0071"
down_revision = "0070"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE promotion_audience ADD COLUMN horizon smallint NOT NULL DEFAULT -1")
