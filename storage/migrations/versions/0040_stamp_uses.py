"""Uses of stamp codes, pairing of booth screens, member codes, slips for failed networks, and doubtful visitors."""

from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

STATEMENTS = (
    """CREATE TABLE stamp_uses (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        rally_id bigint REFERENCES rallies (id),
        booth_id bigint REFERENCES booths (id),
        member_id bigint NOT NULL REFERENCES members (id),
        way varchar NOT NULL,
        nonce varchar,
        made_at timestamptz,
        at timestamptz NOT NULL,
        stored_at timestamptz NOT NULL,
        outcome varchar NOT NULL
    )""",
    "CREATE INDEX stamp_uses_of ON stamp_uses (rally_id, at)",
    """CREATE TABLE booth_pairings (
        token_hash bytea PRIMARY KEY,
        booth_id bigint NOT NULL REFERENCES booths (id),
        made_by bigint NOT NULL REFERENCES members (id),
        expires_at timestamptz NOT NULL,
        used_at timestamptz
    )""",
    """CREATE TABLE member_codes (
        member_id bigint PRIMARY KEY REFERENCES members (id),
        short_hash bytea NOT NULL UNIQUE,
        expires_at timestamptz NOT NULL,
        used_at timestamptz
    )""",
    """CREATE TABLE slip_batches (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        booth_id bigint NOT NULL REFERENCES booths (id),
        device_id bigint REFERENCES booth_devices (id),
        issued_at timestamptz NOT NULL,
        void_at timestamptz,
        void_reason varchar,
        CHECK ((void_at IS NULL) = (void_reason IS NULL))
    )""",
    """CREATE TABLE slips (
        booth_id bigint NOT NULL REFERENCES booths (id),
        serial integer NOT NULL CHECK (serial > 0),
        batch_id bigint NOT NULL REFERENCES slip_batches (id),
        member_id bigint REFERENCES members (id),
        at timestamptz,
        stored_at timestamptz,
        device_id bigint REFERENCES booth_devices (id),
        PRIMARY KEY (booth_id, serial),
        CHECK ((member_id IS NULL) = (at IS NULL) AND (member_id IS NULL) = (stored_at IS NULL))
    )""",
    "CREATE INDEX slips_of_a_batch ON slips (batch_id)",
    """CREATE TABLE slip_conflicts (
        booth_id bigint NOT NULL,
        serial integer NOT NULL,
        said varchar NOT NULL,
        kind varchar NOT NULL,
        member_id bigint REFERENCES members (id),
        at timestamptz NOT NULL,
        stored_at timestamptz NOT NULL,
        device_id bigint REFERENCES booth_devices (id),
        PRIMARY KEY (booth_id, serial, said),
        FOREIGN KEY (booth_id, serial) REFERENCES slips (booth_id, serial)
    )""",
    """CREATE TABLE suspicions (
        rally_id bigint NOT NULL REFERENCES rallies (id),
        member_id bigint NOT NULL REFERENCES members (id),
        score integer NOT NULL,
        reasons jsonb NOT NULL,
        state varchar NOT NULL DEFAULT 'held' CHECK (state IN ('held', 'cleared', 'confirmed')),
        found_at timestamptz NOT NULL,
        decided_by bigint REFERENCES members (id),
        decided_at timestamptz,
        PRIMARY KEY (rally_id, member_id),
        CHECK ((state = 'held') = (decided_at IS NULL) AND (decided_by IS NULL) = (decided_at IS NULL))
    )""",
    """CREATE TABLE suspicion_looks (
        rally_id bigint PRIMARY KEY REFERENCES rallies (id),
        looked_at timestamptz NOT NULL
    )""",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
