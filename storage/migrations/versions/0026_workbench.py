"""The manager's desk: who owns a customer, sealed notes and needs, fields that were asked again."""

from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

STATEMENTS = (
    """CREATE TABLE customer_owners (
        customer_id uuid PRIMARY KEY REFERENCES customers (id),
        owner_id bigint NOT NULL REFERENCES members (id),
        since timestamptz NOT NULL
    )""",
    "CREATE INDEX customer_owners_of ON customer_owners (owner_id)",
    """CREATE TABLE customer_notes (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        mark uuid NOT NULL UNIQUE,
        customer_id uuid NOT NULL REFERENCES customers (id),
        kind varchar NOT NULL CHECK (kind IN ('note', 'need')),
        words bytea NOT NULL,
        author_id bigint NOT NULL REFERENCES members (id),
        written_at timestamptz NOT NULL,
        settled_at timestamptz,
        settled_by bigint REFERENCES members (id),
        CHECK ((settled_at IS NULL) = (settled_by IS NULL))
    )""",
    "CREATE INDEX customer_notes_of ON customer_notes (customer_id, id) WHERE settled_at IS NULL",
    """CREATE TABLE customer_updates (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        customer_id uuid NOT NULL REFERENCES customers (id),
        field varchar NOT NULL,
        value varchar NOT NULL,
        told_at timestamptz NOT NULL,
        told_to bigint NOT NULL REFERENCES members (id)
    )""",
    "CREATE INDEX customer_updates_of ON customer_updates (customer_id, field, id)",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
