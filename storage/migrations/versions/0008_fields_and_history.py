"""Fields that age with how far each department is trusted, and what corrections replace, kept with its time."""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

FIELDS = """
    ADD COLUMN occupation varchar,
    ADD COLUMN income_band varchar,
    ADD COLUMN district varchar,
    ADD COLUMN credit_grade varchar CHECK (credit_grade IN ('poor', 'fair', 'good', 'excellent')),
    ADD COLUMN risk_appetite char(2) CHECK (risk_appetite IN ('C1', 'C2', 'C3', 'C4', 'C5')),
    ADD COLUMN consumption bigint
"""
STATEMENTS = (
    """CREATE TABLE delivery_departments (
        name varchar PRIMARY KEY,
        title varchar NOT NULL,
        subject varchar NOT NULL,
        confidence double precision NOT NULL CHECK (confidence BETWEEN 0 AND 1),
        stale_after integer NOT NULL CHECK (stale_after > 0)
    )""",
    f"ALTER TABLE customer_traits ADD COLUMN told_on date, {FIELDS}",
    f"ALTER TABLE customer_snapshots {FIELDS}",
    "CREATE INDEX customer_traits_of ON customer_traits (customer_id)",
    """CREATE TABLE published_parts (
        relation varchar NOT NULL,
        department varchar NOT NULL,
        day date NOT NULL,
        known_since timestamptz NOT NULL,
        PRIMARY KEY (relation, department, day)
    )""",
    """CREATE TABLE replaced_parts (
        relation varchar NOT NULL,
        department varchar NOT NULL,
        day date NOT NULL,
        known_since timestamptz NOT NULL,
        known_until timestamptz NOT NULL,
        part integer NOT NULL,
        body bytea NOT NULL,
        PRIMARY KEY (relation, department, day, known_since, part)
    )""",
    # The bodies are compressed already.
    "ALTER TABLE replaced_parts ALTER COLUMN body SET STORAGE EXTERNAL",
    # What is there was published last by the newest delivery that speaks of it.
    """INSERT INTO published_parts SELECT 'customer_snapshots', '', as_of, max(published_at) FROM intakes
       WHERE as_of IN (SELECT as_of FROM customer_snapshots) GROUP BY as_of""",
    *(
        f"""INSERT INTO published_parts SELECT '{relation}', f.department, f.true_at, max(i.published_at)
            FROM intake_files f JOIN intakes i ON i.id = f.intake_id
            WHERE (f.department, f.true_at) IN (SELECT department, as_of FROM {relation})
            GROUP BY f.department, f.true_at"""  # noqa: S608 - the names are this revision's own.
        for relation in ("customer_deposits", "customer_orphans", "customer_traits")
    ),
    # Traits of records stand under the day of the import, which may be none of their files' days.
    """INSERT INTO published_parts SELECT 'customer_traits', f.department, i.as_of, max(i.published_at)
       FROM intake_files f JOIN intakes i ON i.id = f.intake_id
       WHERE (f.department, i.as_of) IN (SELECT department, as_of FROM customer_traits)
       GROUP BY f.department, i.as_of ON CONFLICT DO NOTHING""",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
