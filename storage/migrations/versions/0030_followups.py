"""Follow-ups with sealed words, contacts with customers, and runs whose changes of class were followed up."""

from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

STATEMENTS = (
    """CREATE TABLE followups (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        mark uuid NOT NULL UNIQUE,
        customer_id uuid NOT NULL REFERENCES customers (id),
        owner_id bigint NOT NULL REFERENCES members (id),
        opened_by bigint REFERENCES members (id),
        requester_id bigint REFERENCES members (id),
        source varchar NOT NULL,
        ref varchar,
        why bytea NOT NULL,
        opened_at timestamptz NOT NULL,
        due_at timestamptz NOT NULL,
        deferrals integer NOT NULL DEFAULT 0,
        state varchar NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'done', 'refused', 'dropped')),
        reason varchar,
        closed_at timestamptz,
        closed_by bigint REFERENCES members (id),
        escalated_at timestamptz,
        UNIQUE (customer_id, source, ref),
        CHECK ((state = 'open') = (closed_at IS NULL) AND (state = 'open') = (closed_by IS NULL)),
        CHECK ((state IN ('refused', 'dropped')) = (reason IS NOT NULL))
    )""",
    "CREATE INDEX followups_open ON followups (owner_id, due_at) WHERE state = 'open'",
    "CREATE INDEX followups_of ON followups (customer_id, due_at) WHERE state = 'open'",
    "CREATE INDEX followups_late ON followups (due_at) WHERE state = 'open' AND escalated_at IS NULL",
    "CREATE TABLE followed_runs (run_id uuid PRIMARY KEY, at timestamptz NOT NULL)",
    "INSERT INTO followed_runs SELECT id, made_at FROM segmentation_runs",
    """CREATE TABLE customer_interactions (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        customer_id uuid NOT NULL REFERENCES customers (id),
        member_id bigint NOT NULL REFERENCES members (id),
        at timestamptz NOT NULL,
        channel varchar NOT NULL CHECK (channel IN ('visit', 'call', 'message', 'push', 'counter'))
    )""",
    "CREATE INDEX customer_interactions_of ON customer_interactions (customer_id, id)",
    "CREATE INDEX customer_interactions_by ON customer_interactions (member_id, at)",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
