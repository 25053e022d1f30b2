"""Checklists of promotions: what each department has ready, and a lead's word in spite of the rest."""

from alembic import op

revision = "0062"
down_revision = "0061"
branch_labels = None
depends_on = None

STATEMENTS = (
    """CREATE TABLE checklist_marks (
        promotion_id bigint NOT NULL,
        version integer NOT NULL,
        item varchar NOT NULL CHECK (item <> ''),
        member_id bigint NOT NULL REFERENCES members (id),
        at timestamptz NOT NULL,
        PRIMARY KEY (promotion_id, version, item),
        FOREIGN KEY (promotion_id, version) REFERENCES promotion_versions (promotion_id, version)
    )""",
    """CREATE TABLE checklist_overrides (
        promotion_id bigint NOT NULL,
        version integer NOT NULL,
        reason varchar NOT NULL CHECK (reason <> ''),
        member_id bigint NOT NULL REFERENCES members (id),
        at timestamptz NOT NULL,
        PRIMARY KEY (promotion_id, version),
        FOREIGN KEY (promotion_id, version) REFERENCES promotion_versions (promotion_id, version)
    )""",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
