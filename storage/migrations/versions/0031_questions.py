"""Reviewed answers, the answer clock, questions with sealed lines, letters with sealed words."""

from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

STATEMENTS = (
    """CREATE TABLE answer_entries (
        key varchar NOT NULL,
        version integer NOT NULL CHECK (version > 0),
        body jsonb NOT NULL,
        author varchar NOT NULL,
        reviewer varchar,
        reviewed_on date,
        taken_in_at timestamptz NOT NULL,
        PRIMARY KEY (key, version),
        CHECK ((reviewer IS NULL) = (reviewed_on IS NULL)),
        CHECK (lower(reviewer) <> lower(author))
    )""",
    """CREATE TABLE answer_clocks (
        version integer PRIMARY KEY,
        minutes integer NOT NULL CHECK (minutes BETWEEN 10 AND 4800),
        opens time NOT NULL,
        closes time NOT NULL CHECK (closes > opens),
        made_by varchar NOT NULL,
        made_at timestamptz NOT NULL
    )""",
    "INSERT INTO answer_clocks VALUES (1, 120, TIME '09:00', TIME '17:00', 'the product', now())",
    """CREATE TABLE questions (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        member_id bigint NOT NULL REFERENCES members (id),
        owner_id bigint REFERENCES members (id),
        chat_id bigint,
        state varchar NOT NULL CHECK (state IN ('open', 'answered', 'solved', 'withdrawn')),
        round integer NOT NULL CHECK (round > 0),
        lines integer NOT NULL CHECK (lines BETWEEN 1 AND 20),
        told integer NOT NULL CHECK (told BETWEEN 0 AND lines),
        asked_at timestamptz NOT NULL,
        due_at timestamptz NOT NULL,
        tell_at timestamptz,
        remind_at timestamptz,
        late_at timestamptz,
        answered_by bigint REFERENCES members (id),
        ended_at timestamptz,
        CHECK (owner_id <> member_id),
        CHECK (answered_by <> member_id)
    )""",
    "CREATE UNIQUE INDEX questions_one_open ON questions (member_id) WHERE state = 'open'",
    "CREATE INDEX questions_open ON questions (owner_id, due_at) WHERE state = 'open'",
    "CREATE INDEX questions_to_tell ON questions (tell_at) WHERE state = 'open' AND tell_at IS NOT NULL",
    "CREATE INDEX questions_to_remind ON questions (remind_at) WHERE state = 'open' AND remind_at IS NOT NULL",
    "CREATE INDEX questions_late ON questions (late_at) WHERE state = 'open' AND late_at IS NOT NULL",
    """CREATE TABLE question_lines (
        question_id bigint NOT NULL REFERENCES questions (id),
        number integer NOT NULL CHECK (number BETWEEN 1 AND 20),
        words bytea NOT NULL,
        at timestamptz NOT NULL,
        PRIMARY KEY (question_id, number)
    )""",
    """CREATE TABLE letters (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        mark uuid NOT NULL UNIQUE,
        member_id bigint NOT NULL REFERENCES members (id),
        question_id bigint REFERENCES questions (id),
        author_id bigint NOT NULL REFERENCES members (id),
        entry varchar,
        version integer,
        kind varchar NOT NULL CHECK (kind IN ('service', 'marketing')),
        words bytea NOT NULL,
        state varchar NOT NULL CHECK (state IN ('draft', 'sent', 'given_up')),
        made_at timestamptz NOT NULL,
        settled_at timestamptz,
        CHECK ((entry IS NULL) = (version IS NULL)),
        CHECK ((state = 'draft') = (settled_at IS NULL)),
        FOREIGN KEY (entry, version) REFERENCES answer_entries (key, version)
    )""",
    "CREATE UNIQUE INDEX letters_one_draft ON letters (author_id) WHERE state = 'draft'",
    "CREATE INDEX letters_to ON letters (member_id, id)",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement.replace(":", "\\:") if statement.startswith("INSERT") else statement)
