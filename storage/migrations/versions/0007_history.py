"""Records kept as delivered, rows in quarantine, traits by department, and what they add to a snapshot."""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

STATEMENTS = (
    """CREATE TABLE delivered_records (
        sha256 char(64) NOT NULL,
        mapping char(64) NOT NULL,
        part integer NOT NULL,
        body bytea NOT NULL,
        PRIMARY KEY (sha256, mapping, part)
    )""",
    # The parts are Parquet, compressed already.
    "ALTER TABLE delivered_records ALTER COLUMN body SET STORAGE EXTERNAL",
    """CREATE TABLE quarantined_rows (
        sha256 char(64) NOT NULL,
        mapping char(64) NOT NULL,
        true_at date NOT NULL,
        line integer NOT NULL,
        code varchar NOT NULL,
        problem varchar NOT NULL,
        body varchar,
        PRIMARY KEY (sha256, mapping, true_at, line)
    )""",
    """CREATE TABLE customer_traits (
        department varchar NOT NULL,
        as_of date NOT NULL,
        customer_id uuid NOT NULL REFERENCES customers (id),
        birth_date date,
        sex char(1) CHECK (sex IN ('f', 'm')),
        customer_since date,
        cards integer CHECK (cards >= 0),
        PRIMARY KEY (department, as_of, customer_id)
    )""",
    """ALTER TABLE customer_snapshots
        ADD COLUMN birth_date date,
        ADD COLUMN sex char(1) CHECK (sex IN ('f', 'm')),
        ADD COLUMN customer_since date,
        ADD COLUMN cards integer CHECK (cards >= 0),
        ADD COLUMN counter_uses integer,
        ADD COLUMN atm_uses integer,
        ADD COLUMN transfer_uses integer,
        ADD COLUMN online_uses integer""",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
