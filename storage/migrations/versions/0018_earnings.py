"""Rules of earning, partners' own staff, reminders of points that end, and hand-outs that can be taken back."""

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

STATEMENTS = (
    """CREATE TABLE partner_staff (
        member_id bigint NOT NULL REFERENCES members (id),
        partner_id bigint NOT NULL REFERENCES partners (id),
        PRIMARY KEY (member_id, partner_id)
    )""",
    """CREATE TABLE partner_invitations (
        token_hash bytea PRIMARY KEY REFERENCES invitations (token_hash),
        partner_id bigint NOT NULL REFERENCES partners (id)
    )""",
    """CREATE TABLE earn_rules (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        campaign_id bigint NOT NULL REFERENCES points_campaigns (id),
        event varchar NOT NULL
            CHECK (event IN ('join', 'bind', 'check_in', 'task', 'product', 'referral', 'deposit')),
        points integer NOT NULL CHECK (points > 0),
        limited_to varchar NOT NULL CHECK (limited_to IN ('once', 'daily', 'each')),
        title_zh varchar NOT NULL CHECK (title_zh <> ''),
        title_en varchar NOT NULL CHECK (title_en <> ''),
        product varchar CHECK ((event = 'product') = (product IS NOT NULL)),
        state varchar NOT NULL CHECK (state IN ('draft', 'active', 'stopped')),
        activated_at timestamptz,
        -- Notice 48 (2018): whatever the program says, no rule that pays for deposits is ever active.
        CONSTRAINT earn_rules_no_deposits CHECK (event <> 'deposit' OR state <> 'active')
    )""",
    "CREATE INDEX earn_rules_of_campaign ON earn_rules (campaign_id)",
    """CREATE UNIQUE INDEX earn_rules_one_active ON earn_rules (campaign_id, event, coalesce(product, ''))
        WHERE state = 'active' AND event IN ('join', 'bind', 'check_in', 'product')""",
    """CREATE TABLE earn_arrivals (
        rule_id bigint NOT NULL REFERENCES earn_rules (id),
        member_id bigint NOT NULL REFERENCES members (id),
        code varchar NOT NULL,
        judged_at timestamptz NOT NULL,
        PRIMARY KEY (rule_id, member_id)
    )""",
    """CREATE TABLE points_reminders (
        member_id bigint NOT NULL,
        ends_on date NOT NULL,
        PRIMARY KEY (member_id, ends_on)
    )""",
    "ALTER TABLE redemptions ADD COLUMN undone integer NOT NULL DEFAULT 0",
    "ALTER TABLE redemptions ADD COLUMN occasion varchar UNIQUE",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
