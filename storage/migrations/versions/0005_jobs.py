"""The job queue's tables and functions, in a schema of their own."""

from pathlib import Path

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

QUEUE = Path(__file__).parents[1] / "sql" / "procrastinate_3_10_0.sql"


def upgrade() -> None:
    op.execute("CREATE SCHEMA procrastinate")
    op.execute("SET LOCAL search_path TO procrastinate")
    # Many statements with % and : in them: only the driver itself takes them as they are.
    op.get_bind().connection.driver_connection.execute(QUEUE.read_bytes())  # type: ignore[union-attr]
    op.execute("SET LOCAL search_path TO DEFAULT")
