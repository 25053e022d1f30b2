"""Next actions per run and customer and what came of them; tags that people set; audiences and who joined and left."""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

STATEMENTS = (
    """CREATE TABLE customer_actions (
        run_id uuid NOT NULL,
        customer_id uuid NOT NULL,
        action varchar NOT NULL,
        channel varchar,
        product varchar,
        amount_fen bigint NOT NULL CHECK (amount_fen >= 0),
        probability real NOT NULL CHECK (probability BETWEEN 0 AND 1),
        expected_value_fen bigint NOT NULL CHECK (expected_value_fen >= 0),
        opportunity real NOT NULL CHECK (opportunity BETWEEN 0 AND 100),
        waits boolean NOT NULL,
        reasons jsonb NOT NULL,
        alternatives jsonb NOT NULL,
        products jsonb NOT NULL,
        tags jsonb NOT NULL,
        PRIMARY KEY (run_id, customer_id),
        FOREIGN KEY (run_id, customer_id) REFERENCES customer_classes (run_id, customer_id) ON DELETE CASCADE
    )""",
    "CREATE INDEX customer_actions_of ON customer_actions (customer_id)",
    """CREATE TABLE action_outcomes (
        run_id uuid NOT NULL,
        customer_id uuid NOT NULL,
        succeeded boolean NOT NULL,
        recorded_by varchar NOT NULL,
        recorded_at timestamptz NOT NULL,
        PRIMARY KEY (run_id, customer_id),
        FOREIGN KEY (run_id, customer_id) REFERENCES customer_actions (run_id, customer_id) ON DELETE CASCADE
    )""",
    """CREATE TABLE customer_tags (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        customer_id uuid NOT NULL REFERENCES customers (id),
        code varchar NOT NULL,
        source varchar NOT NULL CHECK (source IN ('department', 'staff', 'customer')),
        evidence varchar NOT NULL,
        set_by varchar NOT NULL,
        set_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL CHECK (expires_at > set_at),
        ended_at timestamptz,
        ended_by varchar,
        CHECK ((ended_at IS NULL) = (ended_by IS NULL))
    )""",
    "CREATE UNIQUE INDEX customer_tags_held ON customer_tags (customer_id, code) WHERE ended_at IS NULL",
    """CREATE TABLE audiences (
        name varchar PRIMARY KEY CHECK (name <> ''),
        condition jsonb NOT NULL,
        made_by varchar NOT NULL,
        made_at timestamptz NOT NULL
    )""",
    """CREATE TABLE audience_members (
        audience varchar NOT NULL REFERENCES audiences (name) ON DELETE CASCADE,
        customer_id uuid NOT NULL REFERENCES customers (id),
        joined_on date NOT NULL,
        PRIMARY KEY (audience, customer_id)
    )""",
    """CREATE TABLE audience_changes (
        audience varchar NOT NULL REFERENCES audiences (name) ON DELETE CASCADE,
        id bigint GENERATED ALWAYS AS IDENTITY,
        run_id uuid NOT NULL REFERENCES segmentation_runs (id),
        changed_at timestamptz NOT NULL,
        members integer NOT NULL,
        joined integer NOT NULL,
        departed integer NOT NULL,
        PRIMARY KEY (audience, id)
    )""",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
