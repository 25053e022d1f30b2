"""Outings of events: a school or a dealer's desk, places for volunteers, and what each of them told afterwards."""

from alembic import op

revision = "0068"
down_revision = "0067"
branch_labels = None
depends_on = None

STATEMENTS = (
    """CREATE TABLE outings (
        event_id bigint PRIMARY KEY REFERENCES publicity_events (id),
        kind varchar NOT NULL,
        place varchar NOT NULL,
        brings varchar NOT NULL,
        seats integer NOT NULL CHECK (seats > 0),
        made_at timestamptz NOT NULL,
        UNIQUE (event_id, seats)
    )""",
    """CREATE TABLE outing_volunteers (
        event_id bigint NOT NULL,
        seats integer NOT NULL,
        seat integer NOT NULL CHECK (seat BETWEEN 1 AND seats),
        member_id bigint NOT NULL REFERENCES members (id),
        signed_at timestamptz NOT NULL,
        reached integer CHECK (reached >= 0),
        materials integer CHECK (materials >= 0),
        told_at timestamptz,
        PRIMARY KEY (event_id, member_id),
        UNIQUE (event_id, seat),
        FOREIGN KEY (event_id, seats) REFERENCES outings (event_id, seats),
        CHECK ((told_at IS NULL) = (reached IS NULL) AND (told_at IS NULL) = (materials IS NULL))
    )""",
    "CREATE INDEX outing_volunteers_of ON outing_volunteers (member_id)",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
