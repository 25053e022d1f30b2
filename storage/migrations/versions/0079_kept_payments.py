"""What was paid of donations and what was done with partners' contracts is never changed or removed."""

from alembic import op

revision = "0079"
down_revision = "0078"
branch_labels = None
depends_on = None

STATEMENTS = (
    """CREATE FUNCTION keep_written() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'Rows of % are never changed or removed.', TG_TABLE_NAME;
    END $$""",
    *(
        f"""CREATE TRIGGER {table}_kept BEFORE {changes} ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION keep_written()"""
        for table, changes in (
            ("donation_payments", "UPDATE OR DELETE"),
            ("donations", "DELETE"),  # Corrections and payments are written into them.
            ("donation_pledges", "DELETE"),
            ("partner_acts", "UPDATE OR DELETE"),
        )
    ),
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
