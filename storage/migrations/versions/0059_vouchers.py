"""Vouchers with stock, budget and cap, their movements, what customers bought; packs and their rounds."""

from alembic import op

revision = "0059"
down_revision = "0058"
branch_labels = None
depends_on = None

STATEMENTS = (
    """CREATE TABLE voucher_versions (
        version integer PRIMARY KEY CHECK (version > 0),
        body jsonb NOT NULL,
        made_by varchar NOT NULL CHECK (made_by <> ''),
        made_at timestamptz NOT NULL,
        reason varchar NOT NULL,
        override varchar CHECK (override <> '')
    )""",
    """CREATE TABLE voucher_stocks (
        code varchar PRIMARY KEY,
        stock integer NOT NULL,
        budget_fen bigint NOT NULL,
        liability_fen bigint NOT NULL,
        issued integer NOT NULL,
        open integer NOT NULL CHECK (open >= 0),
        redeemed integer NOT NULL CHECK (redeemed >= 0),
        expired integer NOT NULL CHECK (expired >= 0),
        clawed_back integer NOT NULL CHECK (clawed_back >= 0),
        open_fen bigint NOT NULL CHECK (open_fen >= 0),
        redeemed_fen bigint NOT NULL CHECK (redeemed_fen >= 0),
        clawed_back_fen bigint NOT NULL CHECK (clawed_back_fen >= 0),
        CHECK (issued = open + redeemed + expired + clawed_back),
        CHECK (issued <= stock),
        CHECK (open_fen <= liability_fen),
        CHECK (open_fen + redeemed_fen <= budget_fen)
    )""",
    """CREATE TABLE vouchers (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        version integer NOT NULL REFERENCES voucher_versions (version),
        code varchar NOT NULL REFERENCES voucher_stocks (code),
        customer_id uuid NOT NULL REFERENCES customers (id),
        member_id bigint NOT NULL REFERENCES members (id),
        value_fen bigint NOT NULL CHECK (value_fen > 0),
        need_fen bigint NOT NULL CHECK (need_fen >= 0),
        claimed_at timestamptz NOT NULL,
        counts_from date NOT NULL,
        last_day date NOT NULL,
        expires_at timestamptz NOT NULL,
        state varchar NOT NULL CHECK (state IN ('claimed', 'met', 'asked', 'redeemed', 'expired', 'clawed_back')),
        progress_fen bigint NOT NULL CHECK (progress_fen >= 0),
        product varchar,
        met_at timestamptz,
        asked_at timestamptz,
        ended_at timestamptz,
        ended_by bigint REFERENCES members (id),
        reason varchar,
        UNIQUE (code, customer_id),
        CHECK ((ended_at IS NULL) = (state IN ('claimed', 'met', 'asked')))
    )""",
    "CREATE INDEX vouchers_of ON vouchers (customer_id)",
    "CREATE INDEX vouchers_ending ON vouchers (expires_at) WHERE state IN ('claimed', 'met')",
    """CREATE TABLE voucher_movements (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        voucher_id bigint NOT NULL REFERENCES vouchers (id),
        kind varchar NOT NULL CHECK (kind IN
            ('claimed', 'met', 'unmet', 'asked', 'sent_back', 'redeemed', 'expired', 'clawed_back')),
        value_fen bigint NOT NULL,
        at timestamptz NOT NULL,
        by bigint REFERENCES members (id),
        reason varchar
    )""",
    "CREATE INDEX voucher_movements_of ON voucher_movements (voucher_id)",
    """CREATE TABLE voucher_purchases (
        reference varchar PRIMARY KEY CHECK (reference <> ''),
        customer_id uuid NOT NULL REFERENCES customers (id),
        event varchar NOT NULL CHECK (event IN ('bought', 'returned')),
        product varchar NOT NULL,
        kind varchar NOT NULL CHECK (kind <> 'deposit'),
        risk integer CHECK (risk BETWEEN 1 AND 5),
        amount_fen bigint NOT NULL CHECK (amount_fen > 0),
        day date NOT NULL,
        reason varchar,
        imported_at timestamptz NOT NULL
    )""",
    "CREATE INDEX voucher_purchases_of ON voucher_purchases (customer_id, day)",
    """CREATE TABLE pack_versions (
        version integer PRIMARY KEY CHECK (version > 0),
        body jsonb NOT NULL,
        made_by varchar NOT NULL CHECK (made_by <> ''),
        made_at timestamptz NOT NULL,
        reason varchar NOT NULL
    )""",
    """CREATE TABLE pack_rounds (
        pack varchar,
        round varchar,
        planned_at timestamptz NOT NULL,
        planned integer NOT NULL CHECK (planned >= 0),
        PRIMARY KEY (pack, round)
    )""",
    """CREATE FUNCTION keep_voucher_books() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'rows of % are never changed or removed: add a new one', TG_TABLE_NAME;
    END $$""",
    *(
        f"""CREATE TRIGGER {table}_kept BEFORE UPDATE OR DELETE ON {table}
            FOR EACH ROW EXECUTE FUNCTION keep_voucher_books()"""
        for table in ("voucher_versions", "voucher_movements", "voucher_purchases", "pack_versions")
    ),
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
