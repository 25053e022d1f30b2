"""Models that may say the potential value, the judgements on them, and which model a run's potential is from."""

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

STATEMENTS = (
    """CREATE TABLE outlook_models (
        digest char(64) PRIMARY KEY,
        profile varchar NOT NULL,
        trained_on date NOT NULL,
        body bytea NOT NULL,
        accepted_by varchar NOT NULL,
        accepted_at timestamptz NOT NULL,
        retired_by varchar,
        retired_at timestamptz,
        CHECK ((retired_by IS NULL) = (retired_at IS NULL))
    )""",
    # A model's file is compressed already.
    "ALTER TABLE outlook_models ALTER COLUMN body SET STORAGE EXTERNAL",
    """CREATE TABLE model_judgements (
        digest char(64) NOT NULL REFERENCES outlook_models (digest),
        as_of date NOT NULL,
        outcome char(64) NOT NULL,
        holds boolean NOT NULL,
        metrics jsonb NOT NULL,
        made_by varchar NOT NULL,
        made_at timestamptz NOT NULL,
        PRIMARY KEY (digest, as_of, outcome)
    )""",
    "ALTER TABLE segmentation_runs ADD COLUMN potential_model char(64) REFERENCES outlook_models (digest)",
    "ALTER TABLE segmentation_runs DROP CONSTRAINT segmentation_runs_key",
    """ALTER TABLE segmentation_runs ADD CONSTRAINT segmentation_runs_key UNIQUE NULLS NOT DISTINCT
        (as_of, classifier, policy_version, data_digest, previous_run, potential_model)""",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
