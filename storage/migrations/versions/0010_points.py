"""The points ledger: partners, campaigns with their contract, accounts, and movements that alone change balances."""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

STATEMENTS = (
    """CREATE TABLE partners (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        name varchar NOT NULL UNIQUE CHECK (name <> ''),
        kind varchar NOT NULL CHECK (kind IN ('bank', 'merchant', 'property', 'partner'))
    )""",
    """CREATE TABLE points_campaigns (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        title varchar NOT NULL CHECK (title <> ''),
        group_id bigint REFERENCES groups (id),
        price integer NOT NULL CHECK (price > 0),
        valid_days integer NOT NULL CHECK (valid_days > 0),
        ends_at timestamptz NOT NULL,
        state varchar NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'closed')),
        closed_at timestamptz,
        CHECK ((state = 'closed') = (closed_at IS NOT NULL))
    )""",
    """CREATE TABLE points_shares (
        campaign_id bigint NOT NULL REFERENCES points_campaigns (id),
        partner_id bigint NOT NULL REFERENCES partners (id),
        basis_points integer NOT NULL CHECK (basis_points BETWEEN 1 AND 10000),
        PRIMARY KEY (campaign_id, partner_id)
    )""",
    """CREATE TABLE points_accounts (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        kind varchar NOT NULL CHECK (kind IN ('issue', 'budget', 'member', 'held', 'claimed', 'expired', 'void')),
        campaign_id bigint NOT NULL REFERENCES points_campaigns (id),
        owner bigint NOT NULL,
        expires_on date NOT NULL,
        balance bigint NOT NULL DEFAULT 0,
        UNIQUE (campaign_id, kind, owner, expires_on),
        CONSTRAINT points_never_negative CHECK (balance >= 0 OR kind = 'issue')
    )""",
    "CREATE INDEX points_accounts_of ON points_accounts (owner, expires_on) WHERE kind = 'member' AND balance > 0",
    "CREATE INDEX points_accounts_lapsing ON points_accounts (expires_on) WHERE kind = 'member' AND balance > 0",
    """CREATE TABLE points_movements (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        key varchar NOT NULL UNIQUE,
        person_key varchar UNIQUE,
        source_id bigint NOT NULL REFERENCES points_accounts (id),
        target_id bigint NOT NULL REFERENCES points_accounts (id),
        points bigint NOT NULL CHECK (points > 0),
        reason varchar NOT NULL,
        price integer NOT NULL CHECK (price > 0),
        made_at timestamptz NOT NULL,
        CHECK (source_id <> target_id)
    )""",
    "CREATE INDEX points_movements_out ON points_movements (source_id, id)",
    "CREATE INDEX points_movements_in ON points_movements (target_id, id)",
    # A balance is nothing but the sum of its movements: only this trigger writes it, both sides in one statement.
    # Budgets are locked before members and these before the rest, in every transaction, so that none waits in a ring.
    """CREATE FUNCTION apply_points_movements() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM 1 FROM points_accounts
            WHERE id IN (SELECT source_id FROM made UNION SELECT target_id FROM made)
            ORDER BY array_position(ARRAY['budget', 'member'], kind::text) NULLS LAST, id FOR UPDATE;
        UPDATE points_accounts a SET balance = balance + moved.points
        FROM (
            SELECT id, sum(points) AS points FROM (
                SELECT target_id AS id, points FROM made UNION ALL SELECT source_id, -points FROM made
            ) sides GROUP BY id
        ) moved WHERE moved.id = a.id;
        RETURN NULL;
    END $$""",
    """CREATE TRIGGER points_movements_apply AFTER INSERT ON points_movements
        REFERENCING NEW TABLE AS made FOR EACH STATEMENT EXECUTE FUNCTION apply_points_movements()""",
    """CREATE FUNCTION keep_points_movements() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'Movements of points are never changed: post another one.';
    END $$""",
    """CREATE TRIGGER points_movements_kept BEFORE UPDATE OR DELETE ON points_movements
        FOR EACH STATEMENT EXECUTE FUNCTION keep_points_movements()""",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
