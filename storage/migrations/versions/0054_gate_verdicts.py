"""What a delivery sells and what the gate said of it; clearances of high-risk customers; recalls; two more caps."""

from alembic import op

revision = "0054"
down_revision = "0053"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for statement in (
        """ALTER TABLE deliveries
            ADD COLUMN product varchar,
            ADD COLUMN risk smallint CHECK (risk BETWEEN 1 AND 5),
            ADD COLUMN gate jsonb""",
        """ALTER TABLE gate_policies
            ADD COLUMN per_month integer NOT NULL DEFAULT 8 CHECK (per_month >= 0),
            ADD COLUMN pressure_per_week integer NOT NULL DEFAULT 14 CHECK (pressure_per_week >= 0)""",
        """CREATE TABLE customer_clearances (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            customer_id uuid NOT NULL REFERENCES customers (id),
            reason varchar NOT NULL CHECK (reason <> ''),
            cleared_by varchar NOT NULL,
            cleared_at timestamptz NOT NULL,
            until timestamptz NOT NULL CHECK (until > cleared_at)
        )""",
        "CREATE INDEX customer_clearances_of ON customer_clearances (customer_id, until)",
        """CREATE TABLE recalls (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            campaign varchar NOT NULL CHECK (campaign <> ''),
            reason varchar NOT NULL CHECK (reason <> ''),
            made_by varchar NOT NULL,
            made_at timestamptz NOT NULL
        )""",
        """CREATE TABLE recalled_deliveries (
            delivery_id bigint PRIMARY KEY REFERENCES deliveries (id),
            recall_id bigint NOT NULL REFERENCES recalls (id),
            way varchar NOT NULL CHECK (way IN ('delete', 'edit', 'correct')),
            state varchar NOT NULL CHECK (state IN ('pending', 'recalled', 'corrected', 'failed')),
            correction varchar NOT NULL,
            ended_at timestamptz
        )""",
        "CREATE INDEX recalled_deliveries_open ON recalled_deliveries (recall_id) WHERE state = 'pending'",
    ):
        op.execute(statement)
