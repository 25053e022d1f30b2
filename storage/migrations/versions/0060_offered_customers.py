"""What reached a customer, by whichever account."""

from alembic import op

revision = "0060"
down_revision = "0059"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        """CREATE INDEX deliveries_customer ON deliveries ((gate ->> 'customer'))
            WHERE kind = 'marketing' AND gate ->> 'customer' IS NOT NULL"""
    )
