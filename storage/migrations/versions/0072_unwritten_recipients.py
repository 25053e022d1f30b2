"""Whom a promotion planned and nothing left to may be planned by its next version; whom it held out never is."""

from alembic import op

revision = "0072"
down_revision = "0071"
branch_labels = None
depends_on = None

STATEMENTS = (
    "ALTER TABLE promotion_recipients ADD COLUMN is_free boolean NOT NULL DEFAULT false",
    "DROP INDEX promotion_recipients_once",
    # What ended before: nothing left, and nobody had to say whether something had.
    """UPDATE promotion_recipients r SET is_free = true FROM promotion_versions v
        WHERE (v.promotion_id, v.version) = (r.promotion_id, r.version) AND v.state IN ('closed', 'evaluated')
            AND r.place = 'arm'
            AND NOT EXISTS (SELECT FROM deliveries d WHERE d.campaign = 'promotion:' || r.promotion_id
                AND split_part(d.step, ':', 1) = 'v' || r.version AND d.recipient = r.member_id
                AND (d.state NOT IN ('cancelled', 'suppressed', 'failed') OR starts_with(d.detail, 'resolved by ')))
            AND NOT EXISTS (SELECT FROM channel_messages m WHERE m.campaign = 'promotion:' || r.promotion_id
                AND split_part(m.step, ':', 1) = 'v' || r.version AND m.customer_id = r.customer_id
                AND (m.state NOT IN ('cancelled', 'suppressed', 'failed') OR starts_with(m.detail, 'resolved by ')))""",
    # Versions used to hold the same customers out once more: who was written to counts as such, else the first.
    """UPDATE promotion_recipients r SET is_free = true FROM (
            SELECT promotion_id, version, customer_id, row_number() OVER (
                PARTITION BY promotion_id, customer_id ORDER BY place = 'arm' DESC, version) AS turn
            FROM promotion_recipients WHERE place IS NOT NULL AND NOT is_free) o
        WHERE o.turn > 1
            AND (r.promotion_id, r.version, r.customer_id) = (o.promotion_id, o.version, o.customer_id)""",
    # Once per customer and promotion, whatever the version: written to, or kept to compare with.
    """CREATE UNIQUE INDEX promotion_recipients_once ON promotion_recipients (promotion_id, customer_id)
        WHERE place IS NOT NULL AND NOT is_free""",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
