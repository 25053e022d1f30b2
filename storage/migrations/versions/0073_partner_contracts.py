"""The registry of partners: contracts with their state, who did what when, the people whom a partner's link brought."""

from alembic import op

revision = "0073"
down_revision = "0072"
branch_labels = None
depends_on = None

STATEMENTS = (
    """CREATE TABLE partner_contracts (
        partner_id bigint PRIMARY KEY REFERENCES partners (id),
        number varchar NOT NULL,
        starts_on date NOT NULL,
        ends_on date NOT NULL CHECK (ends_on >= starts_on),
        answerable varchar NOT NULL CHECK (answerable <> ''),
        contact varchar NOT NULL,
        state varchar NOT NULL,
        token varchar NOT NULL UNIQUE
    )""",
    """CREATE TABLE partner_acts (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        partner_id bigint NOT NULL REFERENCES partner_contracts (partner_id),
        deed varchar NOT NULL,
        item varchar,
        note varchar NOT NULL,
        done_by varchar NOT NULL CHECK (done_by <> ''),
        done_at timestamptz NOT NULL
    )""",
    "CREATE INDEX partner_acts_of ON partner_acts (partner_id, id)",
    """CREATE TABLE partner_sources (
        member_id bigint PRIMARY KEY REFERENCES members (id),
        partner_id bigint NOT NULL REFERENCES partner_contracts (partner_id),
        found_at timestamptz NOT NULL,
        was_customer boolean NOT NULL
    )""",
    "CREATE INDEX partner_sources_of ON partner_sources (partner_id)",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
