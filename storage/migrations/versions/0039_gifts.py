"""Gifts of medals with their stock and budget, merchants' coupons, tastings counted at booths, settled rallies."""

from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

STATEMENTS = (
    """CREATE TABLE gift_budgets (
        rally_id bigint PRIMARY KEY REFERENCES rallies (id),
        budget_fen bigint NOT NULL,
        spent_fen bigint NOT NULL DEFAULT 0,
        CHECK (spent_fen BETWEEN 0 AND budget_fen)
    )""",
    """CREATE TABLE gift_stocks (
        rally_id bigint NOT NULL REFERENCES gift_budgets (rally_id),
        target_code varchar NOT NULL,
        is_substitute boolean NOT NULL,
        stock integer NOT NULL,
        given integer NOT NULL DEFAULT 0,
        PRIMARY KEY (rally_id, target_code, is_substitute),
        CHECK (given BETWEEN 0 AND stock)
    )""",
    """CREATE TABLE gift_handouts (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        rally_id bigint NOT NULL REFERENCES rallies (id),
        target_code varchar NOT NULL,
        member_id bigint NOT NULL REFERENCES members (id),
        customer_id uuid REFERENCES customers (id),
        token_hash bytea UNIQUE,
        short_index bytea UNIQUE,
        code_until timestamptz,
        state varchar NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'handed_out')),
        made_at timestamptz NOT NULL,
        is_substitute boolean,
        worth_fen bigint,
        handed_at timestamptz,
        handed_by bigint REFERENCES members (id),
        undone integer NOT NULL DEFAULT 0,
        followed_at timestamptz,
        UNIQUE (rally_id, target_code, member_id),
        FOREIGN KEY (rally_id, target_code, member_id) REFERENCES medals (rally_id, target_code, member_id),
        CHECK ((state = 'handed_out') = (handed_at IS NOT NULL AND handed_by IS NOT NULL AND is_substitute IS NOT NULL
            AND worth_fen IS NOT NULL))
    )""",
    """CREATE UNIQUE INDEX gift_handouts_of_a_customer ON gift_handouts (rally_id, target_code, customer_id)
        WHERE state = 'handed_out' AND customer_id IS NOT NULL""",
    "CREATE INDEX gift_handouts_of_a_member ON gift_handouts (member_id)",
    "CREATE INDEX gift_handouts_given ON gift_handouts (rally_id, handed_at) WHERE state = 'handed_out'",
    """CREATE INDEX gift_handouts_to_follow ON gift_handouts (member_id)
        WHERE state = 'handed_out' AND followed_at IS NULL""",
    """CREATE TABLE coupon_stocks (
        rally_id bigint NOT NULL REFERENCES rallies (id),
        code varchar NOT NULL,
        partner_id bigint NOT NULL REFERENCES partners (id),
        stock integer NOT NULL,
        issued integer NOT NULL DEFAULT 0,
        PRIMARY KEY (rally_id, code),
        CHECK (issued BETWEEN 0 AND stock)
    )""",
    """CREATE TABLE coupons (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        rally_id bigint NOT NULL,
        code varchar NOT NULL,
        partner_id bigint NOT NULL REFERENCES partners (id),
        member_id bigint NOT NULL REFERENCES members (id),
        customer_id uuid REFERENCES customers (id),
        worth_fen bigint NOT NULL,
        token_hash bytea UNIQUE,
        short_index bytea UNIQUE,
        code_until timestamptz,
        state varchar NOT NULL DEFAULT 'issued' CHECK (state IN ('issued', 'redeemed', 'expired', 'void')),
        issued_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL,
        remind_at timestamptz,
        ended_at timestamptz,
        ended_by bigint REFERENCES members (id),
        undone integer NOT NULL DEFAULT 0,
        UNIQUE (rally_id, code, member_id),
        FOREIGN KEY (rally_id, code) REFERENCES coupon_stocks (rally_id, code),
        CHECK ((state = 'issued') = (ended_at IS NULL))
    )""",
    """CREATE UNIQUE INDEX coupons_of_a_customer ON coupons (rally_id, code, customer_id)
        WHERE customer_id IS NOT NULL""",
    "CREATE INDEX coupons_of_a_member ON coupons (member_id)",
    "CREATE INDEX coupons_ending ON coupons (expires_at) WHERE state = 'issued'",
    "CREATE INDEX coupons_to_remind ON coupons (remind_at) WHERE state = 'issued' AND remind_at IS NOT NULL",
    """CREATE TABLE tastings (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        booth_id bigint NOT NULL REFERENCES booths (id),
        pieces integer NOT NULL CHECK (pieces <> 0),
        given_by bigint NOT NULL REFERENCES members (id),
        at timestamptz NOT NULL
    )""",
    "CREATE INDEX tastings_of ON tastings (booth_id)",
    """CREATE TABLE rally_settlements (
        rally_id bigint PRIMARY KEY REFERENCES rallies (id),
        settled_at timestamptz NOT NULL,
        sheet jsonb NOT NULL
    )""",
    """ALTER TABLE consents DROP CONSTRAINT consents_purpose_check,
        ADD CONSTRAINT consents_purpose_check CHECK (purpose IN ('binding', 'marketing', 'contact'))""",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
