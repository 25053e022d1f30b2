"""Classes with bands, lifecycle, values in yuan, churn and steps; runs that know the run before them; policy notes."""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

STATEMENTS = (
    "ALTER TABLE segmentation_policies ADD COLUMN note varchar NOT NULL DEFAULT ''",
    "ALTER TABLE segmentation_runs ADD COLUMN previous_run uuid REFERENCES segmentation_runs (id)",
    "ALTER TABLE segmentation_runs ADD COLUMN report jsonb NOT NULL DEFAULT '{}'",
    # A constraint's own name would be longer than a name may be, so PostgreSQL has cut it.
    """DO $$ DECLARE found name; BEGIN
        SELECT conname INTO STRICT found FROM pg_constraint
        WHERE conrelid = 'segmentation_runs'::regclass AND contype = 'u';
        EXECUTE format('ALTER TABLE segmentation_runs DROP CONSTRAINT %I', found);
    END $$""",
    """ALTER TABLE segmentation_runs ADD CONSTRAINT segmentation_runs_key
        UNIQUE NULLS NOT DISTINCT (as_of, classifier, policy_version, data_digest, previous_run)""",
    """ALTER TABLE customer_classes
        ADD COLUMN provisional boolean NOT NULL DEFAULT false,
        ADD COLUMN runner_up char(1) CHECK (runner_up IN ('A', 'B', 'C', 'D')),
        ADD COLUMN gap real,
        ADD COLUMN steps jsonb NOT NULL DEFAULT '[]',
        ADD COLUMN quadrant char(1) CHECK (quadrant IN ('A', 'B', 'C', 'D')),
        ADD COLUMN band varchar CHECK (band IN ('high_net_worth', 'middle', 'small')),
        ADD COLUMN lifecycle varchar CHECK (lifecycle IN ('new', 'growing', 'mature', 'churn_warning')),
        ADD COLUMN current_value bigint,
        ADD COLUMN value_parts jsonb NOT NULL DEFAULT '{}',
        ADD COLUMN potential_reasons jsonb NOT NULL DEFAULT '[]',
        ADD COLUMN churn real CHECK (churn BETWEEN 0 AND 100),
        ADD COLUMN churn_reasons jsonb NOT NULL DEFAULT '[]',
        ADD COLUMN development real CHECK (development BETWEEN 0 AND 100)""",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
