"""Promotions: versions that never change once submitted, their reviews, their audience in line, and whom they reach."""

from alembic import op

revision = "0056"
down_revision = "0055"
branch_labels = None
depends_on = None

STATEMENTS = (
    """CREATE TABLE promotions (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        code varchar NOT NULL UNIQUE CHECK (code ~ '^[a-z][a-z0-9-]{1,31}$'),
        made_at timestamptz NOT NULL
    )""",
    """CREATE TABLE promotion_versions (
        promotion_id bigint NOT NULL REFERENCES promotions (id),
        version integer NOT NULL CHECK (version >= 1),
        state varchar NOT NULL CHECK (state IN ('draft', 'checked', 'reviewed', 'scheduled', 'running', 'paused',
            'closed', 'evaluated', 'rejected')),
        body jsonb NOT NULL,
        digest char(64) NOT NULL,
        author_id bigint NOT NULL REFERENCES members (id),
        send_at timestamptz NOT NULL,
        closes_at timestamptz NOT NULL,
        made_at timestamptz NOT NULL,
        checked_at timestamptz,
        submitted_at timestamptz,
        scheduled_at timestamptz,
        started_at timestamptz,
        cancelled_at timestamptz,
        ended_at timestamptz,
        run_id uuid REFERENCES segmentation_runs (id),
        basis jsonb,
        gathered integer CHECK (gathered >= 0),
        planned_to integer NOT NULL DEFAULT 0 CHECK (planned_to >= 0),
        PRIMARY KEY (promotion_id, version),
        UNIQUE (promotion_id, version, digest, author_id),
        CHECK (state IN ('draft', 'checked', 'closed') OR submitted_at IS NOT NULL),
        CHECK (state NOT IN ('scheduled', 'running', 'paused') OR basis IS NOT NULL)
    )""",
    # One version is under way at a time; the last guard of it.
    """CREATE UNIQUE INDEX promotion_versions_one ON promotion_versions (promotion_id)
        WHERE state NOT IN ('closed', 'evaluated', 'rejected')""",
    """CREATE INDEX promotion_versions_live ON promotion_versions (send_at)
        WHERE state IN ('scheduled', 'running', 'paused')""",
    """CREATE FUNCTION keep_promotion_versions() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'DELETE' THEN
            RAISE EXCEPTION 'A version of a promotion is never removed.';
        ELSIF OLD.submitted_at IS NOT NULL AND (OLD.body, OLD.digest, OLD.author_id, OLD.submitted_at)
                IS DISTINCT FROM (NEW.body, NEW.digest, NEW.author_id, NEW.submitted_at) THEN
            RAISE EXCEPTION 'What was submitted is never changed: make the next version.';
        END IF;
        RETURN NEW;
    END $$""",
    """CREATE TRIGGER promotion_versions_kept BEFORE UPDATE OR DELETE ON promotion_versions
        FOR EACH ROW EXECUTE FUNCTION keep_promotion_versions()""",
    # A review names the author and the very content, so that the database itself knows that a second person read it.
    """CREATE TABLE promotion_reviews (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        promotion_id bigint NOT NULL,
        version integer NOT NULL,
        digest char(64) NOT NULL,
        author_id bigint NOT NULL,
        reviewer_id bigint NOT NULL REFERENCES members (id),
        decision varchar NOT NULL CHECK (decision IN ('approved', 'rejected')),
        reason varchar NOT NULL DEFAULT '',
        at timestamptz NOT NULL,
        FOREIGN KEY (promotion_id, version, digest, author_id)
            REFERENCES promotion_versions (promotion_id, version, digest, author_id),
        CHECK (reviewer_id <> author_id),
        CHECK (decision = 'approved' OR reason <> '')
    )""",
    "CREATE INDEX promotion_reviews_of ON promotion_reviews (promotion_id, version)",
    # The audience as it was found at the start, in line to be planned; what is planned leaves it.
    """CREATE TABLE promotion_audience (
        promotion_id bigint NOT NULL,
        version integer NOT NULL,
        position integer NOT NULL,
        customer_id uuid NOT NULL,
        member_id bigint,
        language varchar,
        standing varchar,
        reach varchar NOT NULL,
        appetite smallint,
        met_before boolean NOT NULL,
        met_elsewhere boolean NOT NULL,
        PRIMARY KEY (promotion_id, version, position)
    )""",
    # A million rows come in seconds and each is made from a row that was just read: no foreign keys here.
    """CREATE TABLE promotion_recipients (
        promotion_id bigint NOT NULL,
        version integer NOT NULL,
        customer_id uuid NOT NULL,
        member_id bigint,
        letter varchar,
        place varchar CHECK (place IN ('arm', 'held_out', 'global_control')),
        arm varchar,
        channel varchar,
        excluded varchar,
        assigned_at timestamptz NOT NULL,
        PRIMARY KEY (promotion_id, version, customer_id),
        CHECK ((place IS NULL) = (excluded IS NOT NULL)),
        CHECK ((arm IS NOT NULL) = (place IS NOT DISTINCT FROM 'arm'))
    )""",
    # Once per customer and promotion, whatever the version.
    """CREATE UNIQUE INDEX promotion_recipients_once ON promotion_recipients (promotion_id, customer_id)
        WHERE place = 'arm'""",
    """CREATE TABLE global_controls (
        version integer PRIMARY KEY,
        salt varchar NOT NULL CHECK (salt <> ''),
        parts integer NOT NULL CHECK (parts BETWEEN 0 AND 9999),
        made_by varchar NOT NULL,
        made_at timestamptz NOT NULL
    )""",
    "INSERT INTO global_controls VALUES (1, 'global-1', 100, 'default', now())",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
