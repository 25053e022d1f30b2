"""Referrals: programmes that never change, links, referrals one per newcomer ever, their history, account events."""

from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

STAGES = "('pending', 'named', 'opened', 'paid', 'held', 'void', 'clawed_back')"

STATEMENTS = (
    """CREATE TABLE referral_programmes (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        points_campaign_id bigint NOT NULL REFERENCES points_campaigns (id),
        version integer NOT NULL CHECK (version > 0),
        title_zh varchar NOT NULL CHECK (title_zh <> ''),
        title_en varchar NOT NULL CHECK (title_en <> ''),
        condition_zh varchar NOT NULL CHECK (condition_zh <> ''),
        condition_en varchar NOT NULL CHECK (condition_en <> ''),
        points bigint NOT NULL CHECK (points > 0),
        places integer NOT NULL CHECK (places > 0),
        free_months integer NOT NULL CHECK (free_months >= 0),
        cooling_days integer NOT NULL CHECK (cooling_days > 0),
        patience_days integer NOT NULL CHECK (patience_days > 0),
        burst integer NOT NULL CHECK (burst > 0),
        starts_at timestamptz NOT NULL,
        ends_at timestamptz NOT NULL CHECK (ends_at > starts_at),
        opened_at timestamptz NOT NULL,
        stopped_at timestamptz,
        closed_at timestamptz,
        UNIQUE (title_zh, version),
        CONSTRAINT referral_programmes_one_at_a_time
            EXCLUDE USING gist (tstzrange(starts_at, greatest(starts_at, coalesce(stopped_at, ends_at))) WITH &&)
    )""",
    """CREATE TABLE referral_links (
        token varchar PRIMARY KEY CHECK (length(token) >= 22),
        programme_id bigint NOT NULL REFERENCES referral_programmes (id),
        member_id bigint NOT NULL REFERENCES members (id),
        customer_id uuid NOT NULL REFERENCES customers (id),
        made_at timestamptz NOT NULL,
        UNIQUE (programme_id, member_id)
    )""",
    # One newcomer, one referral, whoever asks and through however many accounts in the chat: one level, once, ever.
    f"""CREATE TABLE referrals (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        programme_id bigint NOT NULL REFERENCES referral_programmes (id),
        referrer_id bigint NOT NULL REFERENCES members (id),
        newcomer_id bigint NOT NULL UNIQUE REFERENCES members (id),
        made_at timestamptz NOT NULL,
        stage varchar NOT NULL CHECK (stage IN {STAGES}),
        doubt varchar,
        resumes varchar CHECK (resumes IN ('pending', 'named', 'opened')),
        customer_id uuid UNIQUE REFERENCES customers (id),
        opened_on date,
        pays_at timestamptz,
        free_until date,
        missing_referrer bigint NOT NULL DEFAULT 0 CHECK (missing_referrer >= 0),
        missing_newcomer bigint NOT NULL DEFAULT 0 CHECK (missing_newcomer >= 0),
        CHECK (referrer_id <> newcomer_id),
        CHECK ((stage = 'held') = (resumes IS NOT NULL)),
        CHECK (stage <> 'held' OR doubt IS NOT NULL),
        CONSTRAINT referrals_reward_needs_account CHECK (
            stage NOT IN ('opened', 'paid', 'clawed_back') OR (opened_on IS NOT NULL AND customer_id IS NOT NULL))
    )""",
    "CREATE INDEX referrals_of_referrer ON referrals (referrer_id, made_at)",
    "CREATE INDEX referrals_of_programme ON referrals (programme_id)",
    "CREATE INDEX referrals_due ON referrals (pays_at) WHERE stage = 'opened'",
    "CREATE INDEX referrals_waiting ON referrals (id) WHERE stage IN ('pending', 'named', 'held')",
    """CREATE TABLE referral_history (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        referral_id bigint NOT NULL REFERENCES referrals (id),
        at timestamptz NOT NULL,
        from_stage varchar,
        stage varchar NOT NULL,
        doubt varchar,
        decided_by bigint REFERENCES members (id)
    )""",
    "CREATE INDEX referral_history_of ON referral_history (referral_id, id)",
    """CREATE TABLE account_events (
        customer_id uuid NOT NULL REFERENCES customers (id),
        event varchar NOT NULL CHECK (event IN ('opened', 'closed')),
        happened_on date NOT NULL,
        told_at timestamptz NOT NULL,
        PRIMARY KEY (customer_id, event, happened_on)
    )""",
    """CREATE FUNCTION keep_referral_programmes() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF to_jsonb(OLD) - ARRAY['stopped_at', 'closed_at'] <> to_jsonb(NEW) - ARRAY['stopped_at', 'closed_at']
            OR OLD.closed_at IS NOT NULL THEN
            RAISE EXCEPTION 'An open programme never changes: open the next version.';
        END IF;
        RETURN NEW;
    END $$""",
    """CREATE TRIGGER referral_programmes_kept BEFORE UPDATE ON referral_programmes
        FOR EACH ROW EXECUTE FUNCTION keep_referral_programmes()""",
    """CREATE FUNCTION keep_referral_history() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'The history of referrals is never changed.';
    END $$""",
    """CREATE TRIGGER referral_history_kept BEFORE UPDATE OR DELETE ON referral_history
        FOR EACH STATEMENT EXECUTE FUNCTION keep_referral_history()""",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
