"""Waiting numbers at the booths of a rally, and which visitors' stamp cards must be shown anew in the chat."""

from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None

STATEMENTS = (
    """CREATE TABLE waits (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        rally_id bigint NOT NULL REFERENCES rallies (id),
        booth_id bigint NOT NULL,
        member_id bigint NOT NULL REFERENCES members (id),
        number integer NOT NULL CHECK (number > 0),
        state varchar NOT NULL DEFAULT 'waiting'
            CHECK (state IN ('waiting', 'called', 'served', 'missed', 'left')),
        taken_at timestamptz NOT NULL,
        told_at timestamptz,
        called_at timestamptz,
        ended_at timestamptz,
        UNIQUE (booth_id, number),
        FOREIGN KEY (booth_id, rally_id) REFERENCES booths (id, rally_id)
    )""",
    "CREATE UNIQUE INDEX waits_one_open ON waits (rally_id, member_id) WHERE state IN ('waiting', 'called')",
    "CREATE INDEX waits_open ON waits (booth_id, number) WHERE state IN ('waiting', 'called')",
    """CREATE TABLE stamp_card_changes (
        rally_id bigint NOT NULL REFERENCES rallies (id),
        member_id bigint NOT NULL REFERENCES members (id),
        changed_at timestamptz NOT NULL,
        PRIMARY KEY (rally_id, member_id)
    )""",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
