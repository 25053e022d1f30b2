"""The shelf that points buy from, and redemptions in two steps."""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

STATEMENTS = (
    """CREATE TABLE shelf_items (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        partner_id bigint NOT NULL REFERENCES partners (id),
        title_zh varchar NOT NULL CHECK (title_zh <> ''),
        title_en varchar NOT NULL CHECK (title_en <> ''),
        points bigint NOT NULL CHECK (points > 0),
        stock integer NOT NULL CONSTRAINT shelf_items_stock CHECK (stock >= 0),
        starts_on date NOT NULL,
        ends_on date NOT NULL CHECK (ends_on >= starts_on),
        per_person integer NOT NULL CHECK (per_person > 0),
        offset_fen bigint CHECK (offset_fen > 0)
    )""",
    """CREATE TABLE redemptions (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        item_id bigint NOT NULL REFERENCES shelf_items (id),
        member_id bigint NOT NULL REFERENCES members (id),
        customer_id uuid,
        points bigint NOT NULL CHECK (points > 0),
        token_hash bytea NOT NULL UNIQUE,
        state varchar NOT NULL CHECK (state IN ('held', 'handed_over', 'cancelled', 'lapsed')),
        made_at timestamptz NOT NULL,
        lapses_at timestamptz NOT NULL,
        ended_at timestamptz,
        ended_by bigint REFERENCES members (id),
        CHECK ((state = 'held') = (ended_at IS NULL))
    )""",
    "CREATE INDEX redemptions_of_member ON redemptions (member_id, item_id)",
    "CREATE INDEX redemptions_of_customer ON redemptions (customer_id, item_id)",
    "CREATE INDEX redemptions_open ON redemptions (lapses_at) WHERE state = 'held'",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
