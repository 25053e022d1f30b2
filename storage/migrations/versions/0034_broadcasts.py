"""Posts for several groups, approved by a second person."""

from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

STATEMENTS = (
    """CREATE TABLE broadcasts (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        author_id bigint NOT NULL REFERENCES members (id),
        words varchar NOT NULL,
        state varchar NOT NULL DEFAULT 'waiting'
            CHECK (state IN ('waiting', 'approved', 'placed', 'cancelled', 'refused')),
        written_at timestamptz NOT NULL,
        approved_by bigint REFERENCES members (id) CHECK (approved_by <> author_id),
        groups bigint[] NOT NULL,
        leaves_at timestamptz,
        CHECK (state IN ('waiting', 'refused') OR approved_by IS NOT NULL)
    )""",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
