"""What was found of a promotion's version, kept as it was concluded."""

from alembic import op

revision = "0063"
down_revision = "0062"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        """CREATE TABLE promotion_results (
            promotion_id bigint NOT NULL,
            version integer NOT NULL,
            found_at timestamptz NOT NULL,
            found_by varchar NOT NULL CHECK (found_by <> ''),
            body jsonb NOT NULL,
            PRIMARY KEY (promotion_id, version),
            FOREIGN KEY (promotion_id, version) REFERENCES promotion_versions (promotion_id, version)
        )"""
    )
