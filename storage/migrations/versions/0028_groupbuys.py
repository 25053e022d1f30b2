"""Group-buys: conditions of a chain, campaigns with stages, one seat per member and customer, what was earned."""

from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

STATEMENTS = (
    "ALTER TABLE chains ADD conditions jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(conditions) = 'array')",
    """CREATE TABLE groupbuys (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        manager_id bigint NOT NULL REFERENCES members (id),
        stages jsonb NOT NULL CHECK (jsonb_array_length(stages) BETWEEN 1 AND 5),
        leader_rule varchar NOT NULL CHECK (leader_rule IN ('next', 'ends')),
        ends_at_top boolean NOT NULL,
        opened_at timestamptz NOT NULL
    )""",
    """CREATE TABLE groupbuy_chains (
        chain_id bigint PRIMARY KEY REFERENCES chains (id),
        groupbuy_id bigint NOT NULL REFERENCES groupbuys (id),
        token varchar NOT NULL UNIQUE CHECK (length(token) >= 22),
        state varchar NOT NULL CHECK (state IN ('running', 'formed', 'failed')),
        formed integer CHECK (formed > 0),
        settled_at timestamptz,
        extended_at timestamptz,
        extended_by bigint REFERENCES members (id),
        UNIQUE (groupbuy_id, chain_id),
        CHECK ((state = 'running') = (settled_at IS NULL)),
        CHECK ((state = 'formed') = (formed IS NOT NULL)),
        CHECK ((extended_at IS NULL) = (extended_by IS NULL))
    )""",
    # A person in three groups of a campaign is in one of them, whatever account is used: the last guard.
    """CREATE TABLE groupbuy_seats (
        groupbuy_id bigint NOT NULL,
        member_id bigint NOT NULL REFERENCES members (id),
        customer_id uuid REFERENCES customers (id),
        chain_id bigint NOT NULL,
        taken_at timestamptz NOT NULL,
        CONSTRAINT groupbuy_seats_one_per_member PRIMARY KEY (groupbuy_id, member_id),
        CONSTRAINT groupbuy_seats_one_per_customer UNIQUE (groupbuy_id, customer_id),
        FOREIGN KEY (groupbuy_id, chain_id) REFERENCES groupbuy_chains (groupbuy_id, chain_id)
    )""",
    "CREATE INDEX groupbuy_seats_of_chain ON groupbuy_seats (chain_id)",
    "CREATE INDEX groupbuy_seats_of_member ON groupbuy_seats (member_id)",
    """CREATE TABLE groupbuy_benefits (
        chain_id bigint NOT NULL REFERENCES groupbuy_chains (chain_id),
        sequence bigint NOT NULL,
        stage integer NOT NULL CHECK (stage > 0),
        member_id bigint NOT NULL REFERENCES members (id),
        customer_id uuid REFERENCES customers (id),
        benefit varchar NOT NULL CHECK (benefit <> ''),
        earned_at timestamptz NOT NULL,
        PRIMARY KEY (chain_id, sequence, stage),
        UNIQUE (chain_id, member_id, stage),
        UNIQUE (chain_id, customer_id, stage),
        FOREIGN KEY (chain_id, sequence) REFERENCES chain_entries (chain_id, sequence)
    )""",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
