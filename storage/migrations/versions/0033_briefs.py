"""Morning briefs, their customers and the managers' hours."""

from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

STATEMENTS = (
    """CREATE TABLE briefs (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        manager_id bigint NOT NULL REFERENCES members (id),
        day date NOT NULL,
        made_at timestamptz NOT NULL,
        reminded_at timestamptz,
        UNIQUE (manager_id, day)
    )""",
    "CREATE INDEX briefs_to_remind ON briefs (day) WHERE reminded_at IS NULL",
    """CREATE TABLE brief_items (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        brief_id bigint NOT NULL REFERENCES briefs (id),
        place integer NOT NULL CHECK (place BETWEEN 1 AND 10),
        customer_id uuid NOT NULL REFERENCES customers (id),
        run_id uuid,
        followup_id bigint REFERENCES followups (id),
        action varchar,
        channel varchar,
        product varchar,
        amount_fen bigint NOT NULL,
        expected_value_fen bigint NOT NULL,
        state varchar NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'sent', 'called', 'visited', 'skipped')),
        reason varchar,
        settled_at timestamptz,
        UNIQUE (brief_id, place),
        UNIQUE (brief_id, customer_id),
        CHECK ((state = 'open') = (settled_at IS NULL)),
        CHECK ((state = 'skipped') = (reason IS NOT NULL))
    )""",
    "CREATE INDEX brief_items_skipped ON brief_items (customer_id) WHERE state = 'skipped'",
    """CREATE TABLE brief_hours (
        manager_id bigint PRIMARY KEY REFERENCES members (id),
        hour time NOT NULL,
        is_off boolean NOT NULL
    )""",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
