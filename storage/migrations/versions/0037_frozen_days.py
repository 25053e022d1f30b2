"""What later days are measured against is kept with a run, so that the earlier day need not be read again."""

from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        """CREATE TABLE frozen_days (
            run_id uuid PRIMARY KEY REFERENCES segmentation_runs (id),
            indicators jsonb NOT NULL
        )"""
    )
