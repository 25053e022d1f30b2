"""Donations: what the bank promised for each opened account, one row an account, and the payments."""

from alembic import op

revision = "0066"
down_revision = "0065"
branch_labels = None
depends_on = None

STATEMENTS = (
    """CREATE TABLE donation_pledges (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        code varchar NOT NULL UNIQUE,
        body jsonb NOT NULL,
        first_on date NOT NULL,
        last_on date NOT NULL CHECK (last_on >= first_on),
        cap_fen bigint NOT NULL,
        accrued_fen bigint NOT NULL DEFAULT 0 CHECK (accrued_fen BETWEEN 0 AND cap_fen),
        made_by varchar NOT NULL CHECK (made_by <> ''),
        made_at timestamptz NOT NULL,
        EXCLUDE USING gist (daterange(first_on, last_on, '[]') WITH &&)
    )""",
    """CREATE TABLE donation_payments (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        pledge_id bigint NOT NULL REFERENCES donation_pledges (id),
        reference varchar NOT NULL CHECK (reference <> ''),
        fen bigint NOT NULL CHECK (fen > 0),
        paid_at timestamptz NOT NULL,
        made_by varchar NOT NULL CHECK (made_by <> ''),
        sheet jsonb NOT NULL,
        UNIQUE (pledge_id, reference)
    )""",
    """CREATE TABLE donations (
        customer_id uuid NOT NULL REFERENCES customers (id),
        opened_on date NOT NULL,
        pledge_id bigint NOT NULL REFERENCES donation_pledges (id),
        fen bigint NOT NULL CHECK (fen >= 0),
        counted_at timestamptz NOT NULL,
        payment_id bigint REFERENCES donation_payments (id),
        withdrawn_at timestamptz,
        withdrawn_by varchar,
        reason varchar,
        correction_id bigint REFERENCES donation_payments (id),
        PRIMARY KEY (customer_id, opened_on),
        CHECK ((withdrawn_at IS NULL) = (reason IS NULL) AND (withdrawn_at IS NULL) = (withdrawn_by IS NULL)),
        CHECK (correction_id IS NULL OR (payment_id IS NOT NULL AND withdrawn_at IS NOT NULL))
    )""",
    "CREATE INDEX donations_of_pledge ON donations (pledge_id)",
    "CREATE INDEX account_events_opened ON account_events (happened_on) WHERE event = 'opened'",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
