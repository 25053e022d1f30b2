"""Draws with their promised secret, unchangeable once published, and the tickets that were drawn."""

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

STATEMENTS = (
    """CREATE TABLE draws (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        points_campaign_id bigint NOT NULL REFERENCES points_campaigns (id),
        group_id bigint NOT NULL REFERENCES groups (id),
        kind varchar NOT NULL CHECK (kind IN ('join', 'wheel')),
        published jsonb NOT NULL,
        opens_at timestamptz NOT NULL,
        closes_at timestamptz NOT NULL CHECK (closes_at > opens_at),
        commitment char(64) NOT NULL UNIQUE,
        secret bytea NOT NULL,
        state varchar NOT NULL CHECK (state IN ('open', 'closed')),
        drawn integer NOT NULL DEFAULT 0,
        stock jsonb NOT NULL,
        head varchar NOT NULL DEFAULT '',
        closed_at timestamptz,
        CHECK ((state = 'closed') = (closed_at IS NOT NULL))
    )""",
    "CREATE UNIQUE INDEX draws_one_open ON draws (group_id, kind) WHERE state = 'open'",
    "CREATE INDEX draws_closing ON draws (closes_at) WHERE state = 'open'",
    """CREATE TABLE draw_tickets (
        draw_id bigint NOT NULL REFERENCES draws (id),
        number integer NOT NULL CHECK (number > 0),
        member_id bigint NOT NULL REFERENCES members (id),
        customer_id uuid NOT NULL,
        masked_name varchar NOT NULL,
        prize integer NOT NULL CHECK (prize >= 0),
        receipt char(64) NOT NULL,
        drawn_at timestamptz NOT NULL,
        PRIMARY KEY (draw_id, number),
        UNIQUE (draw_id, member_id),
        UNIQUE (draw_id, customer_id)
    )""",
    # What was published stays as it was, whoever asks: an edit is another draw.
    """CREATE FUNCTION keep_published_draws() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF (OLD.points_campaign_id, OLD.group_id, OLD.kind, OLD.published, OLD.opens_at, OLD.closes_at,
            OLD.commitment, OLD.secret) IS DISTINCT FROM
           (NEW.points_campaign_id, NEW.group_id, NEW.kind, NEW.published, NEW.opens_at, NEW.closes_at,
            NEW.commitment, NEW.secret) OR OLD.state = 'closed' THEN
            RAISE EXCEPTION 'A published draw is never changed: publish another one.';
        END IF;
        RETURN NEW;
    END $$""",
    """CREATE TRIGGER draws_kept BEFORE UPDATE ON draws
        FOR EACH ROW EXECUTE FUNCTION keep_published_draws()""",
    """CREATE FUNCTION keep_draw_tickets() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'A ticket that was drawn is never changed.';
    END $$""",
    """CREATE TRIGGER draw_tickets_kept BEFORE UPDATE OR DELETE ON draw_tickets
        FOR EACH STATEMENT EXECUTE FUNCTION keep_draw_tickets()""",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
