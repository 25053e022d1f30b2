"""Hand-overs of customers, and absences of which waiting customers were told."""

from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

STATEMENTS = (
    """CREATE TABLE handovers (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        from_id bigint NOT NULL REFERENCES members (id),
        to_id bigint NOT NULL REFERENCES members (id) CHECK (to_id <> from_id),
        at timestamptz NOT NULL,
        customers integer NOT NULL,
        followups integer NOT NULL
    )""",
    """CREATE TABLE told_absences (
        absence_id bigint PRIMARY KEY REFERENCES staff_absences (id),
        at timestamptz NOT NULL
    )""",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
