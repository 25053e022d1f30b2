"""Entries of a chain have a quantity, an item, a note, may be for somebody else and may wait; changes can be undone."""

from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

STATEMENTS = (
    """ALTER TABLE chains
        ADD quantity_limit integer NOT NULL DEFAULT 1 CHECK (quantity_limit BETWEEN 1 AND places),
        ADD items text[] NOT NULL DEFAULT '{}',
        ADD confirm_within interval NOT NULL DEFAULT '12 hours' CHECK (confirm_within > interval '0')""",
    """ALTER TABLE chain_entries
        ADD item integer NOT NULL DEFAULT 0 CHECK (item >= 0),
        ADD quantity integer NOT NULL DEFAULT 1 CHECK (quantity > 0),
        ADD note bytea,
        ADD proxy bytea,
        ADD proxy_index bytea NOT NULL DEFAULT '',
        ADD waits boolean NOT NULL DEFAULT false,
        ADD confirm_by timestamptz,
        ADD CHECK (NOT (waits AND confirm_by IS NOT NULL)),
        ADD CHECK ((proxy IS NULL) = (proxy_index = ''))""",
    "DROP INDEX chain_entries_one_per_person",
    """CREATE UNIQUE INDEX chain_entries_one_per_person ON chain_entries (chain_id, member_id, proxy_index, item)
        WHERE left_at IS NULL""",
    """CREATE INDEX chain_entries_to_confirm ON chain_entries (confirm_by)
        WHERE confirm_by IS NOT NULL AND left_at IS NULL""",
    """CREATE TABLE chain_acts (
        chain_id bigint NOT NULL REFERENCES chains (id),
        member_id bigint NOT NULL REFERENCES members (id),
        at timestamptz NOT NULL,
        before bytea,
        PRIMARY KEY (chain_id, member_id)
    )""",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
