"""Whether everybody has the medals that they reached, since a target may become easier while its event runs."""

from alembic import op

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE rallies ADD COLUMN is_regraded boolean NOT NULL DEFAULT true")
