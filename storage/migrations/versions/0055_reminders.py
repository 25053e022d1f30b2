"""Scheduled reminders, their versions and occurrences, and what a person muted."""

from alembic import op

revision = "0055"
down_revision = "0054"
branch_labels = None
depends_on = None

STATEMENTS = (
    """CREATE TABLE reminders (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        owner_id bigint NOT NULL REFERENCES members (id),
        state varchar NOT NULL CHECK (state IN ('draft', 'on', 'paused', 'ended')),
        version integer,
        draft integer,
        since timestamptz,
        next_at timestamptz,
        made_at timestamptz NOT NULL,
        CHECK (state = 'draft' OR version IS NOT NULL OR state = 'ended'),
        CHECK (next_at IS NULL OR state = 'on'),
        CHECK (state <> 'on' OR since IS NOT NULL)
    )""",
    "CREATE INDEX reminders_due ON reminders (next_at) WHERE next_at IS NOT NULL",
    "CREATE INDEX reminders_of_an_owner ON reminders (owner_id, id)",
    """CREATE TABLE reminder_versions (
        reminder_id bigint NOT NULL REFERENCES reminders (id),
        version integer NOT NULL CHECK (version > 0),
        timing varchar NOT NULL,
        groups bigint[] NOT NULL,
        line varchar,
        member_id bigint REFERENCES members (id),
        words varchar NOT NULL,
        is_marketing boolean NOT NULL,
        useful_minutes integer NOT NULL CHECK (useful_minutes >= 0),
        made_by bigint NOT NULL REFERENCES members (id),
        made_at timestamptz NOT NULL,
        PRIMARY KEY (reminder_id, version),
        CHECK ((cardinality(groups) > 0)::int + (line IS NOT NULL)::int + (member_id IS NOT NULL)::int = 1)
    )""",
    """CREATE FUNCTION keep_reminder_versions() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'versions of reminders are never changed or removed';
    END $$""",
    """CREATE TRIGGER reminder_versions_kept BEFORE UPDATE OR DELETE ON reminder_versions
        FOR EACH ROW EXECUTE FUNCTION keep_reminder_versions()""",
    """CREATE TABLE reminder_reviews (
        reminder_id bigint NOT NULL,
        version integer NOT NULL,
        asked_at timestamptz NOT NULL,
        decided_by bigint REFERENCES members (id),
        decided_at timestamptz,
        approved boolean,
        PRIMARY KEY (reminder_id, version),
        FOREIGN KEY (reminder_id, version) REFERENCES reminder_versions (reminder_id, version),
        CHECK ((decided_by IS NULL) = (decided_at IS NULL) AND (decided_by IS NULL) = (approved IS NULL))
    )""",
    """CREATE TABLE reminder_occurrences (
        reminder_id bigint NOT NULL REFERENCES reminders (id),
        key varchar NOT NULL,
        version integer NOT NULL,
        due_at timestamptz NOT NULL,
        decided_at timestamptz NOT NULL,
        outcome varchar NOT NULL CHECK (outcome IN ('planned', 'nobody', 'missed', 'superseded')),
        recipients integer NOT NULL DEFAULT 0,
        PRIMARY KEY (reminder_id, key)
    )""",
    """CREATE TABLE reminder_mutes (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        member_id bigint NOT NULL REFERENCES members (id),
        kind varchar NOT NULL,
        muted_at timestamptz NOT NULL,
        ended_at timestamptz
    )""",
    """CREATE UNIQUE INDEX reminder_mutes_standing ON reminder_mutes (member_id, kind)
        WHERE ended_at IS NULL""",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
