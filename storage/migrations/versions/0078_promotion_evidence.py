"""What proves a promotion is never changed or removed: its reviews, its results, whom it reached, the control groups."""

from alembic import op

revision = "0078"
down_revision = "0077"
branch_labels = None
depends_on = None

STATEMENTS = (
    """CREATE FUNCTION keep_promotion_evidence() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'Rows of % are evidence: they are never changed or removed.', TG_TABLE_NAME;
    END $$""",
    *(
        f"""CREATE TRIGGER {table}_kept BEFORE {changes} ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION keep_promotion_evidence()"""
        for table, changes in (
            ("promotion_reviews", "UPDATE OR DELETE"),
            ("promotion_results", "UPDATE OR DELETE"),
            ("global_controls", "UPDATE OR DELETE"),
            ("promotion_recipients", "DELETE"),  # Planning itself says of some that the budget did not reach them.
        )
    ),
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
