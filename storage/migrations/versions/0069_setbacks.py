"""What could not go on when its time had come, and when it is tried again."""

from alembic import op

revision = "0069"
down_revision = "0068"
branch_labels = None
depends_on = None

SETBACKS = """CREATE TABLE setbacks (
        look varchar NOT NULL,
        subject varchar NOT NULL,
        times integer NOT NULL,
        since timestamptz NOT NULL,
        retry_at timestamptz NOT NULL,
        fault varchar NOT NULL,
        PRIMARY KEY (look, subject)
    )"""


def upgrade() -> None:
    op.execute(SETBACKS)
