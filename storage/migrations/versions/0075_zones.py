"""Bookings of places in zones, and plays of the money game with the group that brought them."""

from alembic import op

revision = "0075"
down_revision = "0074"
branch_labels = None
depends_on = None

STATEMENTS = (
    """CREATE TABLE zone_bookings (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        zone varchar NOT NULL,
        version integer NOT NULL REFERENCES catalogue_versions (version),
        starts_at timestamptz NOT NULL,
        day date NOT NULL,
        seat integer NOT NULL CHECK (seat > 0),
        member_id bigint NOT NULL REFERENCES members (id),
        state varchar NOT NULL,
        booked_at timestamptz NOT NULL,
        ended_at timestamptz,
        reminded boolean NOT NULL
    )""",
    "CREATE UNIQUE INDEX zone_bookings_seat ON zone_bookings (zone, starts_at, seat) WHERE state = 'booked'",
    "CREATE UNIQUE INDEX zone_bookings_day ON zone_bookings (zone, member_id, day) WHERE state = 'booked'",
    "CREATE INDEX zone_bookings_due ON zone_bookings (day) WHERE state = 'booked'",
    """CREATE TABLE minigame_plays (
        member_id bigint PRIMARY KEY REFERENCES members (id),
        group_id bigint REFERENCES groups (id),
        was_new boolean NOT NULL,
        answered integer NOT NULL,
        "right" integer NOT NULL,
        begun_at timestamptz NOT NULL,
        ended_at timestamptz
    )""",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
