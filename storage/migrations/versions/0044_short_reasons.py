"""Reasons of classes and actions as short lists, and one key of customer_classes less to look up for every row."""

from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None

SHORT = """(SELECT coalesce(json_agg(
        CASE WHEN said ->> 'known' = 'false' THEN json_build_array(said -> 'code', said -> 'value', said -> 'points', false)
        ELSE json_build_array(said -> 'code', said -> 'value', said -> 'points') END), '[]')
    FROM json_array_elements({column}::json) said)"""
COLUMNS = {"customer_classes": ("reasons", "potential_reasons", "churn_reasons"), "customer_actions": ("reasons",)}
# Rows of a run are written in the transaction that makes the run, by one function, and runs are never deleted: the
# server would look each of them up again, a tenth of a monthly run's time.
LESS = "ALTER TABLE customer_classes DROP CONSTRAINT customer_classes_run_id_fkey"


def upgrade() -> None:
    for table, columns in COLUMNS.items():
        set_ = ", ".join(f"{column} = {SHORT.format(column=column)}" for column in columns)
        op.execute(f"UPDATE {table} SET {set_}")  # noqa: S608 - our own names.
    op.execute(LESS)
