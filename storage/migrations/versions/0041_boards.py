"""An organiser's board: keys that open it, notices to those at the event, and who got each."""

from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

STATEMENTS = (
    """CREATE TABLE board_keys (
        key_hash bytea PRIMARY KEY,
        rally_id bigint NOT NULL REFERENCES rallies (id),
        member_id bigint NOT NULL REFERENCES members (id),
        is_link boolean NOT NULL,
        ends_at timestamptz NOT NULL
    )""",
    """CREATE TABLE rally_notices (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        rally_id bigint NOT NULL REFERENCES rallies (id),
        booth_id bigint,
        kind varchar NOT NULL CHECK (kind IN ('free', 'paused', 'resumed', 'gifts_low', 'ending')),
        placed_by bigint NOT NULL REFERENCES members (id),
        placed_at timestamptz NOT NULL,
        leaves_at timestamptz NOT NULL,
        heads integer NOT NULL,
        cancelled_at timestamptz,
        FOREIGN KEY (booth_id, rally_id) REFERENCES booths (id, rally_id),
        CHECK ((booth_id IS NOT NULL) = (kind IN ('free', 'paused', 'resumed')))
    )""",
    "CREATE INDEX rally_notices_of ON rally_notices (rally_id, placed_at)",
    """CREATE TABLE rally_notice_heads (
        notice_id bigint NOT NULL REFERENCES rally_notices (id),
        member_id bigint NOT NULL REFERENCES members (id),
        placed_at timestamptz NOT NULL,
        PRIMARY KEY (notice_id, member_id)
    )""",
    "CREATE INDEX rally_notice_heads_of ON rally_notice_heads (member_id, placed_at)",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
