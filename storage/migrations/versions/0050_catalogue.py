"""The catalogue: versions that are only ever inserted, and bundles posted to groups."""

from alembic import op

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None

STATEMENTS = (
    """CREATE TABLE catalogue_versions (
        version integer PRIMARY KEY CHECK (version > 0),
        body jsonb NOT NULL,
        made_by varchar NOT NULL CHECK (made_by <> ''),
        made_at timestamptz NOT NULL,
        reason varchar NOT NULL
    )""",
    """CREATE FUNCTION keep_catalogue_versions() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'versions of the catalogue are never changed or removed: add a new one';
    END $$""",
    """CREATE TRIGGER catalogue_versions_kept BEFORE UPDATE OR DELETE ON catalogue_versions
        FOR EACH ROW EXECUTE FUNCTION keep_catalogue_versions()""",
    """CREATE TABLE bundle_posts (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        version integer NOT NULL REFERENCES catalogue_versions (version),
        bundle varchar NOT NULL,
        group_id bigint NOT NULL REFERENCES groups (id),
        manager_id bigint NOT NULL REFERENCES members (id),
        made_at timestamptz NOT NULL,
        posted_at timestamptz
    )""",
    "CREATE INDEX bundle_posts_of ON bundle_posts (group_id, bundle, posted_at) WHERE posted_at IS NOT NULL",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
