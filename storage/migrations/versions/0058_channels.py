"""Channels outside of the chat: their costs, addresses, consents, and a ledger of their own."""

from alembic import op

revision = "0058"
down_revision = "0057"
branch_labels = None
depends_on = None

CHANNELS = "('private', 'group', 'task', 'sms', 'email', 'staff_group', 'code', 'popup', 'account')"
STATEMENTS = (
    """CREATE TABLE channel_policies (
        version integer PRIMARY KEY,
        costs jsonb NOT NULL,
        high_sub_score double precision NOT NULL CHECK (high_sub_score BETWEEN 0 AND 100),
        made_by varchar NOT NULL,
        made_at timestamptz NOT NULL
    )""",
    "INSERT INTO channel_policies VALUES (1, '{}', 60, 'default', '2025-01-01T00:00:00Z')",
    f"""CREATE TABLE channel_addresses (
        customer_id uuid NOT NULL REFERENCES customers (id),
        channel varchar NOT NULL CHECK (channel IN {CHANNELS}),
        address bytea NOT NULL,
        set_at timestamptz NOT NULL,
        PRIMARY KEY (customer_id, channel)
    )""",
    f"""CREATE TABLE channel_consents (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        customer_id uuid NOT NULL REFERENCES customers (id),
        channel varchar NOT NULL CHECK (channel IN {CHANNELS}),
        wording varchar NOT NULL,
        recorded_by varchar NOT NULL,
        given_at timestamptz NOT NULL,
        withdrawn_at timestamptz
    )""",
    """CREATE UNIQUE INDEX channel_consents_standing ON channel_consents (customer_id, channel)
        WHERE withdrawn_at IS NULL""",
    "CREATE INDEX channel_consents_customer ON channel_consents (customer_id)",
    f"""CREATE TABLE channel_messages (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        campaign varchar NOT NULL,
        step varchar NOT NULL,
        channel varchar NOT NULL CHECK (channel IN {CHANNELS} AND channel NOT IN ('private', 'group')),
        customer_id uuid REFERENCES customers (id),
        title varchar NOT NULL,
        text varchar NOT NULL,
        kind varchar NOT NULL CHECK (kind IN ('service', 'marketing')),
        touch varchar NOT NULL CHECK (touch IN ('call', 'visit')),
        code varchar,
        state varchar NOT NULL CHECK (state IN ('planned', 'retry', 'dispatching', 'sent', 'failed', 'suppressed',
            'held_out', 'cancelled', 'unknown')),
        reason varchar,
        detail varchar,
        cost_fen bigint NOT NULL CHECK (cost_fen >= 0),
        due_at timestamptz NOT NULL,
        expires_at timestamptz,
        attempts integer NOT NULL,
        repeats integer NOT NULL,
        owner varchar,
        product varchar,
        risk integer CHECK (risk BETWEEN 1 AND 5),
        gate jsonb,
        planned_at timestamptz NOT NULL,
        ended_at timestamptz,
        UNIQUE NULLS NOT DISTINCT (campaign, step, channel, customer_id)
    )""",
    "CREATE INDEX channel_messages_due ON channel_messages (due_at, id) WHERE state IN ('planned', 'retry')",
    "CREATE INDEX channel_messages_in_flight ON channel_messages (id) WHERE state IN ('dispatching', 'unknown')",
    "CREATE INDEX channel_messages_customer ON channel_messages (customer_id, ended_at)",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
