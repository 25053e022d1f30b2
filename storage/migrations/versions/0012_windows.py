"""Windows and seasons of single transactions beside the balances of a day."""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

COLUMNS = {
    "known_days": "integer",
    "count_in_7": "integer",
    "count_in_30": "integer",
    "count_in_90": "integer",
    "count_in_365": "integer",
    "count_out_7": "integer",
    "count_out_30": "integer",
    "count_out_90": "integer",
    "count_out_365": "integer",
    "amount_in_7": "bigint",
    "amount_in_30": "bigint",
    "amount_in_365": "bigint",
    "amount_out_7": "bigint",
    "amount_out_30": "bigint",
    "amount_out_365": "bigint",
    "counter_365": "integer",
    "atm_365": "integer",
    "transfer_365": "integer",
    "online_365": "integer",
    "trend_in": "double precision",
    "trend_out": "double precision",
    "salary_day": "integer",
    "salary_months": "integer",
    "salary_share": "double precision",
    "salary_concentration": "double precision",
    "salary_stay_days": "double precision",
    "income_months": "integer",
    "transfer_out_share": "double precision",
    "festival_out_share": "double precision",
}


def upgrade() -> None:
    op.execute(
        "ALTER TABLE customer_snapshots " + ", ".join(f"ADD COLUMN {name} {kind}" for name, kind in COLUMNS.items())
    )
