"""Customers, their snapshots and deposits, contacts, deliveries and their staging, segmentation runs and classes."""

from alembic import op

revision = "0003"
down_revision = "0001"
branch_labels = None
depends_on = None

STATEMENTS = (
    """CREATE TABLE intakes (
        id uuid PRIMARY KEY,
        profile varchar NOT NULL,
        as_of date NOT NULL,
        published_at timestamptz NOT NULL,
        report jsonb NOT NULL
    )""",
    """CREATE TABLE intake_files (
        intake_id uuid NOT NULL REFERENCES intakes (id),
        department varchar NOT NULL,
        true_at date NOT NULL,
        subject varchar NOT NULL,
        name varchar NOT NULL,
        sha256 char(64) NOT NULL,
        mapping char(64) NOT NULL,
        rows integer NOT NULL,
        PRIMARY KEY (intake_id, department, true_at)
    )""",
    """CREATE TABLE staged_files (
        sha256 char(64) NOT NULL,
        mapping char(64) NOT NULL,
        true_at date NOT NULL,
        relation varchar NOT NULL UNIQUE,
        rows integer NOT NULL,
        quality jsonb NOT NULL,
        staged_at timestamptz NOT NULL,
        PRIMARY KEY (sha256, mapping, true_at)
    )""",
    """CREATE TABLE customers (
        id uuid PRIMARY KEY,
        number varchar NOT NULL UNIQUE CHECK (number <> ''),
        first_as_of date NOT NULL
    )""",
    """CREATE TABLE customer_snapshots (
        as_of date NOT NULL,
        customer_id uuid NOT NULL REFERENCES customers (id),
        structured_deposit bigint NOT NULL CHECK (structured_deposit >= 0),
        time_deposit bigint NOT NULL CHECK (time_deposit >= 0),
        demand_deposit bigint NOT NULL CHECK (demand_deposit >= 0),
        wealth_products bigint NOT NULL CHECK (wealth_products >= 0),
        funds bigint NOT NULL CHECK (funds >= 0),
        asset_plans bigint NOT NULL CHECK (asset_plans >= 0),
        large_certificates bigint NOT NULL CHECK (large_certificates >= 0),
        assets bigint GENERATED ALWAYS AS (structured_deposit + time_deposit + demand_deposit + wealth_products
            + funds + asset_plans + large_certificates) STORED,
        loans bigint NOT NULL CHECK (loans >= 0),
        logins integer,
        transfers integer,
        transfers_in integer,
        transfers_in_amount bigint,
        transfers_out integer,
        transfers_out_amount bigint,
        last_transfer_at timestamptz,
        has_activity boolean NOT NULL,
        PRIMARY KEY (as_of, customer_id)
    )""",
    """CREATE TABLE customer_deposits (
        department varchar NOT NULL,
        as_of date NOT NULL,
        customer_id uuid NOT NULL REFERENCES customers (id),
        balance bigint NOT NULL,
        products integer NOT NULL,
        PRIMARY KEY (department, as_of, customer_id)
    )""",
    """CREATE TABLE customer_orphans (
        department varchar NOT NULL,
        as_of date NOT NULL,
        number varchar NOT NULL,
        PRIMARY KEY (department, as_of, number)
    )""",
    """CREATE TABLE customer_contacts (
        customer_id uuid PRIMARY KEY REFERENCES customers (id),
        name bytea NOT NULL,
        phone bytea NOT NULL,
        phone_index bytea NOT NULL,
        as_of date NOT NULL
    )""",
    "CREATE INDEX customer_contacts_phone ON customer_contacts (phone_index)",
    """CREATE TABLE segmentation_policies (
        version integer PRIMARY KEY,
        body jsonb NOT NULL,
        made_by varchar NOT NULL,
        made_at timestamptz NOT NULL
    )""",
    """CREATE TABLE segmentation_runs (
        id uuid PRIMARY KEY,
        as_of date NOT NULL,
        classifier varchar NOT NULL,
        policy_version integer NOT NULL REFERENCES segmentation_policies (version),
        data_digest char(64) NOT NULL,
        made_at timestamptz NOT NULL,
        summary jsonb NOT NULL,
        UNIQUE (as_of, classifier, policy_version, data_digest)
    )""",
    """CREATE TABLE customer_classes (
        run_id uuid NOT NULL REFERENCES segmentation_runs (id),
        customer_id uuid NOT NULL REFERENCES customers (id),
        letter char(1) NOT NULL CHECK (letter IN ('A', 'B', 'C', 'D')),
        current real NOT NULL CHECK (current BETWEEN 0 AND 100),
        potential real NOT NULL CHECK (potential BETWEEN 0 AND 100),
        reasons jsonb NOT NULL,
        confidence real NOT NULL CHECK (confidence BETWEEN 0 AND 1),
        missing varchar[] NOT NULL,
        PRIMARY KEY (run_id, customer_id)
    )""",
    "CREATE INDEX customer_classes_of ON customer_classes (customer_id)",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
