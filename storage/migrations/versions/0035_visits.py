"""Hours offered for visits, and the visits."""

from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

STATEMENTS = (
    """CREATE TABLE visit_slots (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        manager_id bigint NOT NULL REFERENCES members (id),
        starts_at timestamptz NOT NULL,
        ends_at timestamptz NOT NULL,
        places integer NOT NULL CHECK (places > 0),
        offered_at timestamptz NOT NULL,
        UNIQUE (manager_id, starts_at),
        CHECK (starts_at < ends_at)
    )""",
    "CREATE INDEX visit_slots_at ON visit_slots (starts_at)",
    """CREATE TABLE visits (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        application_id bigint NOT NULL REFERENCES applications (id),
        member_id bigint NOT NULL REFERENCES members (id),
        slot_id bigint NOT NULL REFERENCES visit_slots (id),
        area varchar NOT NULL,
        address bytea,
        state varchar NOT NULL CHECK (state IN ('booked', 'cancelled', 'done', 'no_show')),
        booked_at timestamptz NOT NULL,
        ended_at timestamptz,
        photo varchar,
        reminded boolean NOT NULL,
        routed boolean NOT NULL,
        CHECK ((ended_at IS NULL) = (state = 'booked'))
    )""",
    "CREATE UNIQUE INDEX visits_ahead ON visits (application_id) WHERE state = 'booked'",
    "CREATE INDEX visits_of ON visits (slot_id)",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
