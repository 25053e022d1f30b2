"""Stamp rallies: events, booths, staff and devices, visitors, stamps that are only ever inserted, and medals."""

from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

STATEMENTS = (
    """CREATE TABLE rallies (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        code varchar NOT NULL UNIQUE,
        title_zh varchar NOT NULL,
        title_en varchar NOT NULL,
        organiser_id bigint NOT NULL REFERENCES members (id),
        place_id bigint REFERENCES places (id),
        starts_at timestamptz NOT NULL,
        ends_at timestamptz NOT NULL,
        state varchar NOT NULL DEFAULT 'draft' CHECK (state IN ('draft', 'announced', 'running', 'ended', 'settled')),
        config jsonb NOT NULL,
        secret bytea NOT NULL,
        created_at timestamptz NOT NULL,
        moved_at timestamptz NOT NULL,
        CHECK (starts_at < ends_at)
    )""",
    "CREATE INDEX rallies_due ON rallies (starts_at, ends_at) WHERE state IN ('announced', 'running')",
    """CREATE TABLE booths (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        rally_id bigint NOT NULL REFERENCES rallies (id),
        code varchar NOT NULL,
        partner_id bigint REFERENCES partners (id),
        opens_at timestamptz NOT NULL,
        closes_at timestamptz NOT NULL,
        state varchar NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'paused')),
        reason varchar,
        tastings_left integer CHECK (tastings_left >= 0),
        UNIQUE (rally_id, code),
        UNIQUE (id, rally_id),
        CHECK ((state = 'paused') = (reason IS NOT NULL))
    )""",
    """CREATE TABLE booth_staff (
        booth_id bigint NOT NULL REFERENCES booths (id),
        member_id bigint NOT NULL,
        PRIMARY KEY (booth_id, member_id)
    )""",
    """CREATE TABLE booth_devices (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        booth_id bigint NOT NULL REFERENCES booths (id),
        name varchar NOT NULL,
        key_hash bytea NOT NULL UNIQUE,
        paired_by bigint NOT NULL REFERENCES members (id),
        paired_at timestamptz NOT NULL,
        last_seen_at timestamptz,
        revoked_at timestamptz
    )""",
    "CREATE INDEX booth_devices_of ON booth_devices (booth_id)",
    """CREATE TABLE rally_members (
        rally_id bigint NOT NULL REFERENCES rallies (id),
        member_id bigint NOT NULL REFERENCES members (id),
        number bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
        joined_at timestamptz NOT NULL,
        source varchar NOT NULL,
        is_muted boolean NOT NULL DEFAULT false,
        card_chat_id bigint,
        PRIMARY KEY (rally_id, member_id)
    )""",
    "CREATE INDEX rally_members_of ON rally_members (member_id)",
    """CREATE TABLE stamps (
        rally_id bigint NOT NULL REFERENCES rallies (id),
        booth_id bigint NOT NULL,
        member_id bigint NOT NULL REFERENCES members (id),
        customer_id uuid,
        way varchar NOT NULL CHECK (way IN ('code', 'staff', 'slip', 'quiz', 'spin', 'photo')),
        at timestamptz NOT NULL,
        stored_at timestamptz NOT NULL,
        code_nonce varchar,
        device_id bigint REFERENCES booth_devices (id),
        given_by bigint REFERENCES members (id),
        PRIMARY KEY (rally_id, booth_id, member_id),
        FOREIGN KEY (booth_id, rally_id) REFERENCES booths (id, rally_id)
    )""",
    """CREATE UNIQUE INDEX stamps_of_a_customer ON stamps (rally_id, booth_id, customer_id)
        WHERE customer_id IS NOT NULL""",
    "CREATE INDEX stamps_of_a_member ON stamps (rally_id, member_id)",
    "CREATE INDEX stamps_of_a_booth ON stamps (booth_id, stored_at)",
    """CREATE FUNCTION keep_stamps() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'stamps are never changed or removed: void one in stamp_voids';
    END $$""",
    """CREATE TRIGGER stamps_kept BEFORE UPDATE OR DELETE ON stamps
        FOR EACH ROW EXECUTE FUNCTION keep_stamps()""",
    """CREATE TABLE stamp_voids (
        rally_id bigint NOT NULL,
        booth_id bigint NOT NULL,
        member_id bigint NOT NULL,
        reason varchar NOT NULL,
        actor_id bigint NOT NULL REFERENCES members (id),
        at timestamptz NOT NULL,
        PRIMARY KEY (rally_id, booth_id, member_id),
        FOREIGN KEY (rally_id, booth_id, member_id) REFERENCES stamps (rally_id, booth_id, member_id)
    )""",
    """CREATE TABLE medals (
        rally_id bigint NOT NULL REFERENCES rallies (id),
        target_code varchar NOT NULL,
        member_id bigint NOT NULL REFERENCES members (id),
        reached_at timestamptz NOT NULL,
        PRIMARY KEY (rally_id, target_code, member_id)
    )""",
    "CREATE INDEX medals_of_a_member ON medals (member_id)",
    """CREATE TABLE game_attempts (
        booth_id bigint NOT NULL REFERENCES booths (id),
        member_id bigint NOT NULL REFERENCES members (id),
        scanned_at timestamptz NOT NULL,
        code_nonce varchar,
        device_id bigint REFERENCES booth_devices (id),
        tries integer NOT NULL DEFAULT 0,
        state varchar NOT NULL DEFAULT 'again' CHECK (state IN ('again', 'passed', 'over', 'waiting')),
        picture varchar,
        moved_at timestamptz NOT NULL,
        confirmed_by bigint REFERENCES members (id),
        PRIMARY KEY (booth_id, member_id)
    )""",
    "CREATE INDEX game_attempts_waiting ON game_attempts (booth_id, moved_at) WHERE state IN ('waiting', 'over')",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
