"""Points of group-buys: the campaign behind each, what was paid, what was taken back."""

from alembic import op

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None

STATEMENTS = (
    """CREATE TABLE groupbuy_funds (
        groupbuy_id bigint PRIMARY KEY REFERENCES groupbuys (id),
        campaign_id bigint NOT NULL REFERENCES points_campaigns (id),
        points integer NOT NULL CHECK (points > 0),
        released_at timestamptz
    )""",
    "CREATE INDEX groupbuy_funds_open ON groupbuy_funds (groupbuy_id) WHERE released_at IS NULL",
    """CREATE TABLE groupbuy_rewards (
        chain_id bigint NOT NULL,
        sequence bigint NOT NULL,
        stage integer NOT NULL,
        points integer NOT NULL CHECK (points >= 0),
        code varchar,
        is_returned boolean NOT NULL,
        paid_at timestamptz NOT NULL,
        taken_back integer CHECK (taken_back BETWEEN 0 AND points),
        taken_back_at timestamptz,
        PRIMARY KEY (chain_id, sequence, stage),
        FOREIGN KEY (chain_id, sequence, stage) REFERENCES groupbuy_benefits (chain_id, sequence, stage),
        CHECK ((code IS NULL) = (points = 0)),
        CHECK ((taken_back IS NULL) = (taken_back_at IS NULL))
    )""",
    """CREATE INDEX groupbuy_rewards_returned ON groupbuy_rewards (chain_id)
        WHERE code = 'granted' AND is_returned AND taken_back IS NULL""",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
