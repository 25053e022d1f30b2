"""The log of who looked at which customer, when and why."""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

STATEMENTS = (
    """CREATE TABLE customer_lookups (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        at timestamptz NOT NULL,
        member_id bigint NOT NULL REFERENCES members (id),
        customer_id uuid NOT NULL REFERENCES customers (id),
        occasion varchar NOT NULL CHECK (occasion IN ('card', 'why', 'list', 'search'))
    )""",
    "CREATE INDEX customer_lookups_of_customer ON customer_lookups (customer_id, id)",
    "CREATE INDEX customer_lookups_by_member ON customer_lookups (member_id, id)",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
