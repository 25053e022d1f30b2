"""The groups that a stamp rally is announced in, each with the version of the rules that was posted there last."""

from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        """CREATE TABLE rally_groups (
            rally_id bigint NOT NULL REFERENCES rallies (id),
            group_id bigint NOT NULL REFERENCES groups (id),
            version integer,
            PRIMARY KEY (rally_id, group_id)
        )"""
    )
