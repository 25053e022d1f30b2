"""People, staff, groups, chains, the inbox, the delivery ledger and conversations."""

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

STATEMENTS = (
    """CREATE TABLE data_keys (
        owner varchar PRIMARY KEY,
        key_name varchar NOT NULL,
        wrapped bytea NOT NULL
    )""",
    """CREATE TABLE members (
        id bigint PRIMARY KEY,
        name bytea NOT NULL,
        language varchar NOT NULL CHECK (language IN ('zh', 'en')),
        language_chosen boolean NOT NULL DEFAULT false,
        private_chat varchar NOT NULL CHECK (private_chat IN ('never', 'open', 'blocked')),
        zone varchar,
        customer_id uuid UNIQUE,
        phone bytea,
        phone_index bytea,
        bound_at timestamptz,
        first_seen_at timestamptz NOT NULL
    )""",
    "CREATE INDEX members_phone_index ON members (phone_index) WHERE phone_index IS NOT NULL",
    """CREATE TABLE consents (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        member_id bigint NOT NULL REFERENCES members (id),
        purpose varchar NOT NULL CHECK (purpose IN ('binding', 'marketing')),
        wording varchar NOT NULL,
        given_at timestamptz NOT NULL,
        withdrawn_at timestamptz
    )""",
    "CREATE UNIQUE INDEX consents_one_standing ON consents (member_id, purpose) WHERE withdrawn_at IS NULL",
    """CREATE TABLE staff_roles (
        member_id bigint NOT NULL REFERENCES members (id),
        role varchar NOT NULL,
        granted_at timestamptz NOT NULL,
        PRIMARY KEY (member_id, role)
    )""",
    """CREATE TABLE invitations (
        token_hash bytea PRIMARY KEY,
        role varchar NOT NULL,
        invited_by bigint,
        expires_at timestamptz NOT NULL,
        used_by bigint
    )""",
    """CREATE TABLE audit_events (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        at timestamptz NOT NULL,
        actor bigint,
        action varchar NOT NULL,
        subject varchar NOT NULL
    )""",
    """CREATE TABLE groups (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        chat_id bigint NOT NULL UNIQUE,
        title varchar NOT NULL,
        merchant varchar NOT NULL,
        manager_id bigint NOT NULL REFERENCES members (id),
        registered_at timestamptz NOT NULL
    )""",
    """CREATE TABLE group_members (
        group_id bigint NOT NULL REFERENCES groups (id),
        member_id bigint NOT NULL REFERENCES members (id),
        joined_at timestamptz NOT NULL,
        left_at timestamptz,
        welcomed_at timestamptz,
        PRIMARY KEY (group_id, member_id)
    )""",
    "CREATE INDEX group_members_unwelcomed ON group_members (group_id) WHERE welcomed_at IS NULL",
    """CREATE TABLE chains (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        group_id bigint NOT NULL REFERENCES groups (id),
        product varchar NOT NULL CHECK (product <> ''),
        places integer NOT NULL CHECK (places > 0),
        taken integer NOT NULL DEFAULT 0 CHECK (taken BETWEEN 0 AND places),
        deadline timestamptz NOT NULL,
        state varchar NOT NULL CHECK (state IN ('open', 'closed')),
        leader_id bigint NOT NULL REFERENCES members (id),
        next_sequence integer NOT NULL DEFAULT 1,
        opened_at timestamptz NOT NULL,
        remind_at timestamptz NOT NULL,
        reminded_at timestamptz,
        closed_at timestamptz,
        CHECK (opened_at < deadline)
    )""",
    "CREATE UNIQUE INDEX chains_one_open_per_product ON chains (group_id, product) WHERE state = 'open'",
    "CREATE INDEX chains_open_deadline ON chains (deadline) WHERE state = 'open'",
    """CREATE TABLE chain_entries (
        chain_id bigint NOT NULL REFERENCES chains (id),
        sequence bigint NOT NULL,
        member_id bigint NOT NULL REFERENCES members (id),
        masked_name varchar NOT NULL,
        joined_at timestamptz NOT NULL,
        left_at timestamptz,
        PRIMARY KEY (chain_id, sequence)
    )""",
    "CREATE UNIQUE INDEX chain_entries_one_per_person ON chain_entries (chain_id, member_id) WHERE left_at IS NULL",
    """CREATE TABLE inbox (
        bot_id bigint NOT NULL,
        update_id bigint NOT NULL,
        payload jsonb NOT NULL,
        state varchar NOT NULL DEFAULT 'new' CHECK (state IN ('new', 'done', 'parked')),
        attempts integer NOT NULL DEFAULT 0,
        outcome jsonb,
        fault varchar,
        received_at timestamptz NOT NULL,
        ended_at timestamptz,
        PRIMARY KEY (bot_id, update_id)
    )""",
    "CREATE INDEX inbox_new ON inbox (bot_id, update_id) WHERE state = 'new'",
    """CREATE TABLE deliveries (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        campaign varchar NOT NULL,
        step varchar NOT NULL,
        recipient bigint NOT NULL,
        kind varchar NOT NULL CHECK (kind IN ('service', 'marketing', 'card')),
        method varchar NOT NULL,
        payload jsonb NOT NULL,
        state varchar NOT NULL CHECK (state IN ('planned', 'retry', 'dispatching', 'sent', 'failed',
            'suppressed', 'held_out', 'cancelled', 'unknown')),
        reason varchar,
        detail varchar,
        priority integer NOT NULL,
        due_at timestamptz NOT NULL,
        expires_at timestamptz,
        pin boolean NOT NULL DEFAULT false,
        origin_chat bigint,
        attempts integer NOT NULL DEFAULT 0,
        repeats integer NOT NULL DEFAULT 0 CHECK (repeats <= 1),
        owner varchar,
        message_id bigint,
        awaits_release boolean NOT NULL DEFAULT false,
        planned_at timestamptz NOT NULL,
        ended_at timestamptz,
        UNIQUE (campaign, step, recipient)
    )""",
    """CREATE INDEX deliveries_due ON deliveries (priority, due_at, id)
        WHERE state IN ('planned', 'retry') AND NOT awaits_release""",
    "CREATE INDEX deliveries_open ON deliveries (state) WHERE state IN ('dispatching', 'unknown')",
    "CREATE INDEX deliveries_marketing ON deliveries (recipient, due_at) WHERE kind = 'marketing'",
    """CREATE TABLE conversations (
        key varchar PRIMARY KEY,
        state varchar,
        data jsonb NOT NULL
    )""",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
