"""Publicity: events, publicists, codes, tasks, where people came from, and prospects."""

from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

STATEMENTS = (
    """CREATE TABLE publicity_events (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        group_id bigint NOT NULL REFERENCES groups (id),
        manager_id bigint NOT NULL REFERENCES members (id),
        title varchar NOT NULL CHECK (title <> ''),
        benefits varchar NOT NULL CHECK (benefits <> ''),
        complaints varchar NOT NULL CHECK (complaints <> ''),
        starts_at timestamptz NOT NULL,
        state varchar NOT NULL CHECK (state IN ('planned', 'cancelled')),
        made_at timestamptz NOT NULL,
        cancelled_at timestamptz,
        CHECK ((state = 'cancelled') = (cancelled_at IS NOT NULL))
    )""",
    "CREATE INDEX publicity_events_of ON publicity_events (manager_id)",
    """CREATE TABLE publicists (
        event_id bigint NOT NULL REFERENCES publicity_events (id),
        member_id bigint NOT NULL REFERENCES members (id),
        kind varchar NOT NULL CHECK (kind IN ('partner', 'property', 'bank')),
        added_at timestamptz NOT NULL,
        PRIMARY KEY (event_id, member_id)
    )""",
    "CREATE INDEX publicists_of ON publicists (member_id)",
    """CREATE TABLE publicity_codes (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        event_id bigint NOT NULL,
        publicist_id bigint NOT NULL,
        material varchar NOT NULL,
        text varchar NOT NULL UNIQUE CHECK (text ~ '^[A-Za-z0-9_-]{8,32}$'),
        link varchar,
        made_at timestamptz NOT NULL,
        FOREIGN KEY (event_id, publicist_id) REFERENCES publicists (event_id, member_id)
    )""",
    """CREATE UNIQUE INDEX publicity_codes_one ON publicity_codes (event_id, publicist_id, material)
        WHERE material <> 'invitation'""",
    """CREATE TABLE publicity_tasks (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        event_id bigint NOT NULL,
        publicist_id bigint NOT NULL,
        kind varchar NOT NULL,
        days_before integer NOT NULL CHECK (days_before >= 0),
        material varchar NOT NULL,
        hour integer NOT NULL CHECK (hour BETWEEN 0 AND 23),
        due_on date NOT NULL,
        remind_at timestamptz,
        reminded_at timestamptz,
        copy_zh varchar NOT NULL,
        copy_en varchar NOT NULL,
        state varchar NOT NULL CHECK (state IN ('open', 'done', 'checked', 'rejected', 'cancelled')),
        proof varchar,
        done_at timestamptz,
        settled_by bigint,
        settled_at timestamptz,
        UNIQUE (event_id, publicist_id, days_before, material),
        CHECK (state NOT IN ('done', 'checked', 'rejected') OR proof IS NOT NULL),
        FOREIGN KEY (event_id, publicist_id) REFERENCES publicists (event_id, member_id)
    )""",
    """CREATE INDEX publicity_tasks_due ON publicity_tasks (remind_at)
        WHERE reminded_at IS NULL AND state IN ('open', 'rejected')""",
    "CREATE INDEX publicity_tasks_of ON publicity_tasks (publicist_id)",
    # One source per person and group, ever: who comes again by another code still came by the first.
    """CREATE TABLE publicity_sources (
        group_id bigint NOT NULL REFERENCES groups (id),
        member_id bigint NOT NULL REFERENCES members (id),
        code_id bigint NOT NULL REFERENCES publicity_codes (id),
        found_at timestamptz NOT NULL,
        PRIMARY KEY (group_id, member_id)
    )""",
    "CREATE INDEX publicity_sources_by ON publicity_sources (code_id)",
    """CREATE TABLE prospects (
        id uuid PRIMARY KEY,
        event_id bigint NOT NULL,
        publicist_id bigint NOT NULL,
        code_id bigint NOT NULL UNIQUE REFERENCES publicity_codes (id),
        name bytea NOT NULL,
        phone bytea,
        words bytea,
        consent_wording varchar NOT NULL,
        made_at timestamptz NOT NULL,
        FOREIGN KEY (event_id, publicist_id) REFERENCES publicists (event_id, member_id)
    )""",
    "CREATE INDEX prospects_of ON prospects (publicist_id, made_at)",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
