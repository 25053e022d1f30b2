"""The risk watch: its lines, its looks, what it found."""

from alembic import op

revision = "0064"
down_revision = "0063"
branch_labels = None
depends_on = None

STATEMENTS = (
    """CREATE TABLE watch_policies (
        version integer PRIMARY KEY,
        body jsonb NOT NULL,
        made_by varchar NOT NULL,
        made_at timestamptz NOT NULL
    )""",
    "INSERT INTO watch_policies VALUES (1, '{}', 'default', '2025-01-01T00:00:00Z')",
    "CREATE TABLE watch_looks (day date PRIMARY KEY, at timestamptz NOT NULL)",
    """CREATE TABLE watch_findings (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        signal varchar NOT NULL,
        subject varchar NOT NULL,
        value double precision NOT NULL,
        line double precision NOT NULL,
        holds boolean NOT NULL,
        found_at timestamptz NOT NULL
    )""",
    "CREATE INDEX watch_findings_at ON watch_findings (found_at)",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
