"""Audiences are lines of a language; customers whom nothing personal may reach."""

from collections.abc import Mapping, Sequence

import sqlalchemy as sa
from alembic import op

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None

FIELDS = {"letters": "class", "bands": "band", "lifecycles": "lifecycle"}
STATEMENTS = (
    "ALTER TABLE audiences ALTER COLUMN expression SET NOT NULL, DROP COLUMN condition",
    "ALTER TABLE audiences ADD CHECK (expression <> '')",
    """CREATE TABLE customer_restrictions (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        customer_id uuid NOT NULL REFERENCES customers (id),
        kind varchar NOT NULL CHECK (kind IN ('suspended', 'non_personal')),
        since timestamptz NOT NULL,
        set_by varchar NOT NULL,
        ended_at timestamptz,
        ended_by varchar,
        CHECK ((ended_at IS NULL) = (ended_by IS NULL))
    )""",
    """CREATE UNIQUE INDEX customer_restrictions_standing ON customer_restrictions (customer_id, kind)
        WHERE ended_at IS NULL""",
)


def upgrade() -> None:
    op.execute("ALTER TABLE audiences ADD expression varchar")
    connection = op.get_bind()
    for name, condition in connection.execute(sa.text("SELECT name, condition FROM audiences")).fetchall():
        given = {"name": name, "line": _line(condition)}
        connection.execute(sa.text("UPDATE audiences SET expression = :line WHERE name = :name"), given)
    for statement in STATEMENTS:
        op.execute(statement)


def _line(condition: Mapping[str, Sequence[str]]) -> str:
    parts = [f"{field} in ({', '.join(condition[kept])})" for kept, field in FIELDS.items() if condition.get(kept)]
    parts += [f"tag = {code}" for code in condition.get("tags", ())]
    parts += [f"not tag = {code}" for code in condition.get("without", ())]
    return " and ".join(parts) or "everybody"
