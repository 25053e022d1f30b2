"""Group to-dos, tasks with their steps and proofs, quizzes with answers that are never changed."""

from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

STATEMENTS = (
    """CREATE TABLE todos (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        group_id bigint NOT NULL REFERENCES groups (id),
        manager_id bigint NOT NULL REFERENCES members (id),
        title varchar NOT NULL CHECK (title <> ''),
        named bigint[] NOT NULL,
        opened_at timestamptz NOT NULL,
        ending_at timestamptz NOT NULL CHECK (ending_at BETWEEN opened_at AND deadline),
        deadline timestamptz NOT NULL,
        reminded_at timestamptz,
        closed_at timestamptz
    )""",
    "CREATE INDEX todos_running ON todos (deadline) WHERE closed_at IS NULL",
    """CREATE TABLE todo_done (
        todo_id bigint NOT NULL REFERENCES todos (id),
        member_id bigint NOT NULL REFERENCES members (id),
        masked_name varchar NOT NULL,
        done_at timestamptz NOT NULL,
        PRIMARY KEY (todo_id, member_id)
    )""",
    """CREATE FUNCTION keep_done() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'What somebody has done is never taken back.';
    END $$""",
    """CREATE TRIGGER todo_done_kept BEFORE UPDATE OR DELETE ON todo_done
        FOR EACH STATEMENT EXECUTE FUNCTION keep_done()""",
    """CREATE TABLE tasks (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        campaign_id bigint NOT NULL REFERENCES points_campaigns (id),
        published jsonb NOT NULL,
        published_at timestamptz NOT NULL
    )""",
    "CREATE INDEX tasks_of_campaign ON tasks (campaign_id)",
    """CREATE TABLE task_steps (
        task_id bigint NOT NULL REFERENCES tasks (id),
        member_id bigint NOT NULL REFERENCES members (id),
        period date NOT NULL,
        streak integer NOT NULL CHECK (streak > 0),
        done_at timestamptz NOT NULL,
        PRIMARY KEY (task_id, member_id, period)
    )""",
    "CREATE INDEX task_steps_of_member ON task_steps (member_id, task_id)",
    """CREATE TABLE task_proofs (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        task_id bigint NOT NULL REFERENCES tasks (id),
        member_id bigint NOT NULL REFERENCES members (id),
        words varchar NOT NULL,
        photo varchar,
        state varchar NOT NULL CHECK (state IN ('waiting', 'accepted', 'refused')),
        sent_at timestamptz NOT NULL,
        decided_by bigint REFERENCES members (id) CHECK (decided_by <> member_id),
        decided_at timestamptz,
        CHECK ((state = 'waiting') = (decided_at IS NULL))
    )""",
    """CREATE UNIQUE INDEX task_proofs_one ON task_proofs (task_id, member_id)
        WHERE state IN ('waiting', 'accepted')""",
    "CREATE INDEX task_proofs_waiting ON task_proofs (id) WHERE state = 'waiting'",
    """CREATE TABLE quizzes (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        points_campaign_id bigint NOT NULL REFERENCES points_campaigns (id),
        group_id bigint NOT NULL REFERENCES groups (id),
        published jsonb NOT NULL,
        opened_at timestamptz NOT NULL,
        closes_at timestamptz NOT NULL CHECK (closes_at > opened_at),
        state varchar NOT NULL CHECK (state IN ('open', 'awaiting', 'settled')),
        result varchar,
        closed_at timestamptz,
        settled_at timestamptz,
        CHECK ((state = 'open') = (closed_at IS NULL)),
        CHECK ((state = 'settled') = (settled_at IS NOT NULL))
    )""",
    "CREATE INDEX quizzes_closing ON quizzes (closes_at) WHERE state = 'open'",
    """CREATE TABLE quiz_answers (
        quiz_id bigint NOT NULL REFERENCES quizzes (id),
        number integer NOT NULL CHECK (number > 0),
        member_id bigint NOT NULL REFERENCES members (id),
        customer_id uuid,
        masked_name varchar NOT NULL,
        answer varchar NOT NULL CHECK (answer <> ''),
        given_at timestamptz NOT NULL,
        PRIMARY KEY (quiz_id, number),
        UNIQUE (quiz_id, member_id),
        UNIQUE (quiz_id, customer_id)
    )""",
    """CREATE TABLE quiz_wins (
        quiz_id bigint NOT NULL REFERENCES quizzes (id),
        member_id bigint NOT NULL REFERENCES members (id),
        points integer NOT NULL CHECK (points >= 0),
        PRIMARY KEY (quiz_id, member_id)
    )""",
    # What was published and what was answered stays as it was.
    """CREATE FUNCTION keep_published_quizzes() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF (OLD.points_campaign_id, OLD.group_id, OLD.published, OLD.opened_at, OLD.closes_at) IS DISTINCT FROM
           (NEW.points_campaign_id, NEW.group_id, NEW.published, NEW.opened_at, NEW.closes_at)
           OR OLD.state = 'settled' THEN
            RAISE EXCEPTION 'A published quiz is never changed: publish another one.';
        END IF;
        RETURN NEW;
    END $$""",
    """CREATE TRIGGER quizzes_kept BEFORE UPDATE ON quizzes
        FOR EACH ROW EXECUTE FUNCTION keep_published_quizzes()""",
    """CREATE FUNCTION keep_quiz_answers() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'An answer that was given is never changed.';
    END $$""",
    """CREATE TRIGGER quiz_answers_kept BEFORE UPDATE OR DELETE ON quiz_answers
        FOR EACH STATEMENT EXECUTE FUNCTION keep_quiz_answers()""",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
