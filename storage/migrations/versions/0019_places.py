"""Places, prepared groups and templates, the source of every member, and what group care took away."""

from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

STATEMENTS = (
    """CREATE TABLE places (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        kind varchar NOT NULL CHECK (kind IN ('community', 'merchant', 'branch')),
        name varchar NOT NULL CHECK (name <> ''),
        community_id bigint REFERENCES places (id),
        branch_id bigint REFERENCES places (id),
        partner_id bigint REFERENCES partners (id),
        UNIQUE NULLS NOT DISTINCT (kind, name, community_id),
        CHECK (kind = 'merchant' OR (community_id IS NULL AND branch_id IS NULL AND partner_id IS NULL))
    )""",
    "ALTER TABLE groups ADD COLUMN place_id bigint REFERENCES places (id)",
    "ALTER TABLE groups ADD COLUMN number integer NOT NULL DEFAULT 1 CHECK (number > 0)",
    "ALTER TABLE groups ADD COLUMN filled_at timestamptz",
    "ALTER TABLE groups ADD COLUMN greeted_at timestamptz",
    "ALTER TABLE groups ADD COLUMN invite_link varchar",
    "CREATE INDEX groups_of_place ON groups (place_id, number)",
    "ALTER TABLE group_members ADD COLUMN source varchar NOT NULL DEFAULT 'unknown'",
    "ALTER TABLE group_members ADD COLUMN added_by bigint",
    "CREATE INDEX group_members_of_person ON group_members (member_id)",
    """CREATE TABLE group_plans (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        token varchar NOT NULL UNIQUE,
        manager_id bigint NOT NULL REFERENCES members (id),
        place_id bigint NOT NULL REFERENCES places (id),
        number integer NOT NULL CHECK (number > 0),
        title varchar NOT NULL,
        made_at timestamptz NOT NULL,
        group_id bigint REFERENCES groups (id),
        opened_at timestamptz,
        UNIQUE (place_id, number),
        CHECK ((group_id IS NULL) = (opened_at IS NULL))
    )""",
    """CREATE TABLE group_templates (
        place_id bigint REFERENCES places (id),
        body jsonb NOT NULL,
        set_at timestamptz NOT NULL,
        UNIQUE NULLS NOT DISTINCT (place_id)
    )""",
    """CREATE TABLE care_cases (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        group_id bigint NOT NULL REFERENCES groups (id),
        member_id bigint NOT NULL REFERENCES members (id),
        message_id bigint NOT NULL,
        reason varchar NOT NULL,
        digest bytea NOT NULL,
        words bytea NOT NULL,
        found_at timestamptz NOT NULL,
        state varchar NOT NULL CHECK (state IN ('removed', 'restored', 'muted')),
        decided_by bigint,
        decided_at timestamptz,
        UNIQUE (group_id, message_id, digest),
        CHECK ((state = 'removed') = (decided_by IS NULL))
    )""",
    "CREATE INDEX care_cases_allowed ON care_cases (group_id, digest) WHERE state = 'restored'",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
