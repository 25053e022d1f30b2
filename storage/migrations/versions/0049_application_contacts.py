"""Customers who let the manager of an application see their number."""

from alembic import op

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None

STATEMENTS = (
    """CREATE TABLE application_contacts (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        application_id bigint NOT NULL REFERENCES applications (id),
        wording varchar NOT NULL CHECK (wording <> ''),
        agreed_at timestamptz NOT NULL,
        withdrawn_at timestamptz
    )""",
    "CREATE UNIQUE INDEX application_contacts_one ON application_contacts (application_id) WHERE withdrawn_at IS NULL",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
