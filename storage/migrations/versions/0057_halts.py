"""Stops: what is held of the delivery ledger until somebody lifts it."""

from alembic import op

revision = "0057"
down_revision = "0056"
branch_labels = None
depends_on = None

STATEMENTS = (
    """CREATE TABLE halts (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        scope varchar NOT NULL CHECK (scope IN ('everything', 'campaign', 'product')),
        target varchar NOT NULL,
        reason varchar NOT NULL CHECK (reason <> ''),
        made_by varchar NOT NULL CHECK (made_by <> ''),
        member_id bigint REFERENCES members (id),
        made_at timestamptz NOT NULL,
        state varchar NOT NULL CHECK (state IN ('asked', 'standing', 'lifted')),
        stopped_at timestamptz,
        lifted_at timestamptz,
        lifted_by varchar,
        returned boolean NOT NULL DEFAULT false,
        CHECK ((scope = 'everything') = (target = '')),
        CHECK ((state = 'asked') = (stopped_at IS NULL)),
        CHECK ((state = 'lifted') = (lifted_at IS NOT NULL))
    )""",
    "CREATE UNIQUE INDEX halts_standing ON halts (scope, target) WHERE state = 'standing'",
    "CREATE INDEX halts_leaving ON halts (id) WHERE state = 'lifted' AND NOT returned",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
