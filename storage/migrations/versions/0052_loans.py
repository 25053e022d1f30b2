"""Loan requests of small firms, their histories and consents."""

from alembic import op

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None

STATEMENTS = (
    """CREATE TABLE loan_requests (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        mark uuid NOT NULL UNIQUE,
        member_id bigint NOT NULL REFERENCES members (id),
        customer_id uuid NOT NULL REFERENCES customers (id),
        firm bytea,
        registration bytea,
        registration_index bytea,
        amount_yuan integer NOT NULL CHECK (amount_yuan > 0),
        months integer NOT NULL CHECK (months > 0),
        use varchar,
        turnover varchar,
        contact varchar,
        enquiry boolean,
        state varchar NOT NULL CHECK (state IN
            ('draft', 'asked', 'contacted', 'documents', 'approved', 'declined', 'withdrawn')),
        owner_id bigint REFERENCES members (id),
        asked_at timestamptz NOT NULL,
        state_since timestamptz NOT NULL,
        version integer NOT NULL DEFAULT 0,
        reason varchar,
        CHECK ((state = 'draft') = (owner_id IS NULL)),
        CHECK ((state = 'declined') = (reason IS NOT NULL)),
        CHECK ((firm IS NULL) = (registration IS NULL))
    )""",
    """CREATE UNIQUE INDEX loan_requests_one_of_a_customer ON loan_requests (customer_id)
        WHERE state IN ('asked', 'contacted', 'documents')""",
    """CREATE UNIQUE INDEX loan_requests_one_of_a_firm ON loan_requests (registration_index)
        WHERE state IN ('asked', 'contacted', 'documents')""",
    "CREATE UNIQUE INDEX loan_requests_one_draft ON loan_requests (member_id) WHERE state = 'draft'",
    "CREATE INDEX loan_requests_of_a_member ON loan_requests (member_id)",
    """CREATE INDEX loan_requests_of_an_owner ON loan_requests (owner_id)
        WHERE state IN ('asked', 'contacted', 'documents')""",
    """CREATE TABLE loan_moves (
        loan_id bigint NOT NULL REFERENCES loan_requests (id),
        version integer NOT NULL,
        at timestamptz NOT NULL,
        moved_by bigint NOT NULL REFERENCES members (id),
        state varchar NOT NULL,
        reason varchar,
        PRIMARY KEY (loan_id, version)
    )""",
    """CREATE FUNCTION keep_loan_moves() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'moves of loan requests are never changed or removed';
    END $$""",
    """CREATE TRIGGER loan_moves_kept BEFORE UPDATE OR DELETE ON loan_moves
        FOR EACH ROW EXECUTE FUNCTION keep_loan_moves()""",
    """CREATE TABLE loan_consents (
        loan_id bigint PRIMARY KEY REFERENCES loan_requests (id),
        wording varchar NOT NULL CHECK (wording <> ''),
        agreed_at timestamptz NOT NULL,
        withdrawn_at timestamptz
    )""",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
