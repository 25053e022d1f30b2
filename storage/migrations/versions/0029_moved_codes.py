"""Codes lead to the open group: the group that a code's invite link leads into stands beside the link."""

from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

STATEMENTS = (
    "ALTER TABLE publicity_codes ADD COLUMN link_group_id bigint REFERENCES groups (id)",
    """UPDATE publicity_codes c SET link_group_id = e.group_id FROM publicity_events e
        WHERE e.id = c.event_id AND c.link IS NOT NULL""",
    "ALTER TABLE publicity_codes ADD CHECK ((link IS NULL) = (link_group_id IS NULL))",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
