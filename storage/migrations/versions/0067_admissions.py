"""Invitations to exclusive products, and advice that managers had written and sent to customers."""

from alembic import op

revision = "0067"
down_revision = "0066"
branch_labels = None
depends_on = None

STATEMENTS = (
    """CREATE TABLE admissions (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        customer_id uuid NOT NULL REFERENCES customers (id),
        product varchar NOT NULL,
        invited_by bigint NOT NULL REFERENCES members (id),
        made_at timestamptz NOT NULL,
        until timestamptz NOT NULL,
        ended_at timestamptz,
        ended_by bigint REFERENCES members (id)
    )""",
    "CREATE UNIQUE INDEX admissions_one ON admissions (customer_id, product) WHERE ended_at IS NULL",
    """CREATE TABLE advisories (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        customer_id uuid NOT NULL REFERENCES customers (id),
        product varchar NOT NULL,
        version integer NOT NULL REFERENCES catalogue_versions (version),
        pros jsonb NOT NULL,
        cons jsonb NOT NULL,
        digest varchar NOT NULL,
        written_by bigint NOT NULL REFERENCES members (id),
        written_at timestamptz NOT NULL,
        sent_at timestamptz,
        sent_to bigint REFERENCES members (id)
    )""",
    "CREATE INDEX advisories_of ON advisories (customer_id, product) WHERE sent_at IS NOT NULL",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
