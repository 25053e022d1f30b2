"""What the bank's file tells of applications, and who settled what disagreed."""

from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

STATEMENTS = (
    """CREATE TABLE card_events (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        application_id bigint NOT NULL REFERENCES applications (id),
        stage varchar NOT NULL CHECK (stage IN ('applied', 'approved', 'declined', 'delivered', 'activated',
            'debit_card_issued', 'first_use')),
        happened_on date NOT NULL,
        verdict varchar NOT NULL CHECK (verdict IN ('moves', 'agrees', 'disagrees')),
        told_at timestamptz NOT NULL,
        settled_by bigint REFERENCES members (id),
        settled_at timestamptz,
        UNIQUE (application_id, stage, happened_on),
        CHECK ((settled_by IS NULL) = (settled_at IS NULL))
    )""",
    "CREATE INDEX card_events_open ON card_events (id) WHERE verdict = 'disagrees' AND settled_at IS NULL",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
