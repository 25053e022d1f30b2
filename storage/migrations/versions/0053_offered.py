"""Whom an offer reached within some days, without reading the whole ledger."""

from alembic import op

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        """CREATE INDEX deliveries_offered ON deliveries (ended_at, recipient)
            WHERE kind = 'marketing' AND state = 'sent' AND method LIKE 'send%'"""
    )
