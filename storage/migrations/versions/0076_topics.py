"""Topics: what people are asked to tell, what they told, and whom a topic's links brought, edition by edition."""

from alembic import op

revision = "0076"
down_revision = "0075"
branch_labels = None
depends_on = None

STATEMENTS = (
    """CREATE TABLE topics (
        code varchar PRIMARY KEY,
        body jsonb NOT NULL,
        last_on date NOT NULL,
        made_by varchar NOT NULL CHECK (made_by <> ''),
        made_at timestamptz NOT NULL
    )""",
    """CREATE TABLE topic_contributions (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        topic varchar NOT NULL REFERENCES topics (code),
        edition integer NOT NULL CHECK (edition >= 0),
        member_id bigint NOT NULL REFERENCES members (id),
        words varchar,
        state varchar NOT NULL,
        sent_at timestamptz NOT NULL,
        judged_by bigint REFERENCES members (id),
        judged_at timestamptz,
        CHECK ((state = 'withdrawn') = (words IS NULL))
    )""",
    "CREATE INDEX topic_contributions_of ON topic_contributions (topic, state, id)",
    "CREATE INDEX topic_contributions_by ON topic_contributions (member_id)",
    """CREATE TABLE topic_sources (
        topic varchar NOT NULL REFERENCES topics (code),
        member_id bigint NOT NULL REFERENCES members (id),
        edition integer NOT NULL CHECK (edition >= 0),
        found_at timestamptz NOT NULL,
        was_customer boolean NOT NULL,
        PRIMARY KEY (topic, member_id)
    )""",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
