"""Reasons and steps of a class are kept as they were written, which spares taking their lists apart for every row."""

from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

STATEMENTS = (
    """ALTER TABLE customer_classes
        ALTER steps DROP DEFAULT, ALTER potential_reasons DROP DEFAULT, ALTER churn_reasons DROP DEFAULT,
        ALTER reasons TYPE json, ALTER steps TYPE json,
        ALTER potential_reasons TYPE json, ALTER churn_reasons TYPE json""",
    """ALTER TABLE customer_classes
        ALTER steps SET DEFAULT '[]', ALTER potential_reasons SET DEFAULT '[]', ALTER churn_reasons SET DEFAULT '[]'""",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
