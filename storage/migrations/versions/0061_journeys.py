"""Behaviour events, and journeys: versions that never change, who is where in them, what each step did."""

from alembic import op

revision = "0061"
down_revision = "0060"
branch_labels = None
depends_on = None

STATEMENTS = (
    """CREATE TABLE events (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        customer_id uuid REFERENCES customers (id),
        member_id bigint REFERENCES members (id),
        kind varchar NOT NULL,
        at timestamptz NOT NULL,
        amount bigint CHECK (amount >= 0),
        payload jsonb NOT NULL DEFAULT '{}',
        source varchar NOT NULL,
        key varchar NOT NULL UNIQUE,
        recorded_at timestamptz NOT NULL,
        handled_at timestamptz,
        CHECK (customer_id IS NOT NULL OR member_id IS NOT NULL)
    )""",
    "CREATE INDEX events_unhandled ON events (id) WHERE handled_at IS NULL",
    "CREATE INDEX events_of_customer ON events (customer_id, at) WHERE customer_id IS NOT NULL",
    "CREATE INDEX events_of_member ON events (member_id, at) WHERE member_id IS NOT NULL",
    "CREATE INDEX events_of_kind ON events (kind, at)",
    """CREATE TABLE event_looks (
        source varchar PRIMARY KEY,
        looked_at timestamptz NOT NULL,
        seen varchar
    )""",
    """CREATE TABLE journeys (
        name varchar PRIMARY KEY,
        state varchar NOT NULL DEFAULT 'draft' CHECK (state IN ('draft', 'running', 'paused', 'stopped')),
        version integer,
        CHECK (state IN ('draft', 'stopped') OR version IS NOT NULL)
    )""",
    """CREATE TABLE journey_versions (
        name varchar NOT NULL REFERENCES journeys (name),
        version integer NOT NULL CHECK (version > 0),
        body jsonb NOT NULL,
        markets boolean NOT NULL,
        made_by varchar NOT NULL CHECK (made_by <> ''),
        made_at timestamptz NOT NULL,
        reason varchar NOT NULL,
        PRIMARY KEY (name, version)
    )""",
    """ALTER TABLE journeys ADD CONSTRAINT journeys_version
        FOREIGN KEY (name, version) REFERENCES journey_versions (name, version)""",
    """CREATE TABLE journey_changes (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        name varchar NOT NULL REFERENCES journeys (name),
        version integer NOT NULL,
        change varchar NOT NULL CHECK (change IN ('load', 'release', 'pause', 'resume', 'stop')),
        made_by varchar NOT NULL CHECK (made_by <> ''),
        made_at timestamptz NOT NULL,
        reason varchar NOT NULL
    )""",
    """CREATE FUNCTION keep_journey_versions() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'versions of journeys and what was done with them are never changed or removed: add a new one';
    END $$""",
    """CREATE TRIGGER journey_versions_kept BEFORE UPDATE OR DELETE ON journey_versions
        FOR EACH ROW EXECUTE FUNCTION keep_journey_versions()""",
    """CREATE TRIGGER journey_changes_kept BEFORE UPDATE OR DELETE ON journey_changes
        FOR EACH ROW EXECUTE FUNCTION keep_journey_versions()""",
    """CREATE TABLE journey_entries (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        journey varchar NOT NULL,
        version integer NOT NULL,
        event_id bigint NOT NULL,
        trigger varchar NOT NULL,
        since timestamptz NOT NULL,
        entered_at timestamptz NOT NULL,
        customer_id uuid REFERENCES customers (id),
        member_id bigint REFERENCES members (id),
        is_held_out boolean NOT NULL,
        node varchar,
        due_at timestamptz,
        waits_for varchar,
        is_waiting boolean NOT NULL DEFAULT false,
        ended_at timestamptz,
        outcome varchar CHECK (outcome IN ('reached', 'completed', 'opted_out', 'restricted', 'erased', 'stopped')),
        FOREIGN KEY (journey, version) REFERENCES journey_versions (name, version),
        UNIQUE (journey, event_id),
        CHECK ((customer_id IS NULL) <> (member_id IS NULL)),
        CHECK ((outcome IS NULL) = (ended_at IS NULL)),
        CHECK ((outcome IS NULL) = (due_at IS NOT NULL))
    )""",
    """CREATE UNIQUE INDEX journey_entries_of_a_customer ON journey_entries (journey, customer_id)
        WHERE outcome IS NULL AND customer_id IS NOT NULL""",
    """CREATE UNIQUE INDEX journey_entries_of_a_member ON journey_entries (journey, member_id)
        WHERE outcome IS NULL AND member_id IS NOT NULL""",
    "CREATE INDEX journey_entries_due ON journey_entries (due_at) WHERE outcome IS NULL",
    "CREATE INDEX journey_entries_customers ON journey_entries (customer_id) WHERE customer_id IS NOT NULL",
    "CREATE INDEX journey_entries_members ON journey_entries (member_id) WHERE member_id IS NOT NULL",
    """CREATE TABLE journey_steps (
        entry_id bigint NOT NULL REFERENCES journey_entries (id),
        node varchar NOT NULL,
        at timestamptz NOT NULL,
        deed varchar NOT NULL,
        PRIMARY KEY (entry_id, node)
    )""",
    """CREATE TABLE journey_audience (
        journey varchar NOT NULL REFERENCES journeys (name),
        customer_id uuid NOT NULL REFERENCES customers (id),
        PRIMARY KEY (journey, customer_id)
    )""",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
