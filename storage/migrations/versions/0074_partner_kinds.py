"""Partners may be brokers, insurers and e-commerce platforms, too."""

from alembic import op

revision = "0074"
down_revision = "0073"
branch_labels = None
depends_on = None

KINDS = "('bank', 'merchant', 'property', 'partner', 'broker', 'insurer', 'e_commerce')"


def upgrade() -> None:
    op.execute("ALTER TABLE partners DROP CONSTRAINT partners_kind_check")
    op.execute(f"ALTER TABLE partners ADD CONSTRAINT partners_kind_check CHECK (kind IN {KINDS})")
