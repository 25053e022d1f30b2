"""Rule pages as they were announced, unchangeable; when a draw's card says something else."""

from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

STATEMENTS = (
    """CREATE TABLE announcements (
        subject varchar NOT NULL,
        version integer NOT NULL CHECK (version > 0),
        configuration varchar NOT NULL,
        text_zh varchar NOT NULL,
        text_en varchar NOT NULL,
        digest varchar NOT NULL CHECK (length(digest) = 64),
        published_at timestamptz NOT NULL,
        PRIMARY KEY (subject, version)
    )""",
    """CREATE FUNCTION keep_announcements() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'An announcement is never changed: publish its next version.';
    END $$""",
    """CREATE TRIGGER announcements_kept BEFORE UPDATE OR DELETE ON announcements
        FOR EACH STATEMENT EXECUTE FUNCTION keep_announcements()""",
    "ALTER TABLE draws ADD COLUMN changes_at timestamptz",
    "CREATE INDEX draws_changing ON draws (changes_at) WHERE state = 'open'",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
