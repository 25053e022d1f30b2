"""Applications with their moves, owners and terms; absences of staff."""

from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

STAGES = (
    "'signed', 'contacted', 'consented', 'applied', 'approved', 'delivered', 'visit_booked', 'activated',"
    " 'debit_card_issued', 'first_use', 'declined', 'withdrawn', 'lost'"
)
ENDED = "'first_use', 'declined', 'withdrawn', 'lost'"
STATEMENTS = (
    f"""CREATE TABLE applications (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        chain_id bigint NOT NULL REFERENCES chains (id),
        campaign varchar NOT NULL CHECK (campaign <> ''),
        member_id bigint NOT NULL REFERENCES members (id),
        customer_id uuid REFERENCES customers (id),
        product varchar NOT NULL,
        stage varchar NOT NULL CHECK (stage IN ({STAGES})),
        ended_from varchar CHECK (ended_from IN ({STAGES})),
        owner_id bigint NOT NULL REFERENCES members (id),
        opened_at timestamptz NOT NULL,
        stage_since timestamptz NOT NULL,
        version integer NOT NULL CHECK (version >= 0),
        due_on date,
        reminded boolean NOT NULL,
        escalate_on date,
        escalations integer NOT NULL CHECK (escalations >= 0),
        nudge_on date,
        UNIQUE (campaign, member_id),
        CHECK ((due_on IS NULL) = (stage IN ({ENDED}))),
        CHECK ((ended_from IS NOT NULL) = (stage IN ('declined', 'withdrawn', 'lost')))
    )""",
    "CREATE INDEX applications_of ON applications (member_id)",
    "CREATE INDEX applications_customer ON applications (customer_id) WHERE customer_id IS NOT NULL",
    "CREATE INDEX applications_open ON applications (owner_id, due_on, id) WHERE due_on IS NOT NULL",
    "CREATE INDEX applications_to_remind ON applications (due_on) WHERE due_on IS NOT NULL AND NOT reminded",
    "CREATE INDEX applications_to_escalate ON applications (escalate_on) WHERE escalate_on IS NOT NULL",
    "CREATE INDEX applications_to_nudge ON applications (nudge_on) WHERE nudge_on IS NOT NULL",
    f"""CREATE TABLE application_moves (
        application_id bigint NOT NULL REFERENCES applications (id),
        version integer NOT NULL,
        at timestamptz NOT NULL,
        moved_by bigint REFERENCES members (id),
        from_stage varchar CHECK (from_stage IN ({STAGES})),
        stage varchar NOT NULL CHECK (stage IN ({STAGES})),
        reason varchar,
        PRIMARY KEY (application_id, version),
        CHECK ((from_stage IS NULL) = (version = 0))
    )""",
    """CREATE TABLE application_owners (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        application_id bigint NOT NULL REFERENCES applications (id),
        owner_id bigint NOT NULL REFERENCES members (id),
        since timestamptz NOT NULL,
        reason varchar NOT NULL CHECK (reason IN ('own_customer', 'load', 'handed_over')),
        handed_by bigint REFERENCES members (id)
    )""",
    "CREATE INDEX application_owners_of ON application_owners (application_id, id)",
    """CREATE FUNCTION keep_applications_history() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'The history of applications is never changed.';
    END $$""",
    """CREATE TRIGGER application_moves_kept BEFORE UPDATE OR DELETE ON application_moves
        FOR EACH STATEMENT EXECUTE FUNCTION keep_applications_history()""",
    """CREATE TRIGGER application_owners_kept BEFORE UPDATE OR DELETE ON application_owners
        FOR EACH STATEMENT EXECUTE FUNCTION keep_applications_history()""",
    """CREATE TABLE application_terms (
        version integer PRIMARY KEY,
        days jsonb NOT NULL,
        escalate_after integer[] NOT NULL,
        nudge_after integer NOT NULL CHECK (nudge_after > 0),
        made_by varchar NOT NULL,
        made_at timestamptz NOT NULL
    )""",
    """INSERT INTO application_terms VALUES (1, '{"signed": 1, "contacted": 2, "consented": 2, "applied": 7,
        "approved": 5, "delivered": 5, "visit_booked": 3, "activated": 5, "debit_card_issued": 10}',
        '{3, 5, 7}', 2, 'the product', now())""",
    """CREATE TABLE staff_absences (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        member_id bigint NOT NULL REFERENCES members (id),
        starts_on date NOT NULL,
        ends_on date NOT NULL,
        stand_in_id bigint NOT NULL REFERENCES members (id),
        made_at timestamptz NOT NULL,
        CHECK (starts_on <= ends_on),
        CHECK (stand_in_id <> member_id)
    )""",
    "CREATE INDEX staff_absences_of ON staff_absences (member_id)",
    "CREATE INDEX staff_absences_until ON staff_absences (ends_on)",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement.replace(":", "\\:") if "INSERT" in statement else statement)
