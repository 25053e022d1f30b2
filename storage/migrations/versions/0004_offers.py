"""The catalogue of offers, the campaigns that send it, and the gate's policy, each with its first version."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

STATEMENTS = (
    """CREATE TABLE offers (
        version integer NOT NULL,
        code varchar NOT NULL CHECK (code <> ''),
        letter char(1) NOT NULL CHECK (letter IN ('A', 'B', 'C', 'D')),
        title_zh varchar NOT NULL,
        title_en varchar NOT NULL,
        terms_zh varchar NOT NULL,
        terms_en varchar NOT NULL,
        condition_zh varchar NOT NULL,
        condition_en varchar NOT NULL,
        valid_days integer NOT NULL CHECK (valid_days >= 1),
        organiser_zh varchar NOT NULL,
        organiser_en varchar NOT NULL,
        complaints_zh varchar NOT NULL,
        complaints_en varchar NOT NULL,
        risk varchar CHECK (risk IN ('R1', 'R2', 'R3', 'R4', 'R5')),
        risk_notice_zh varchar,
        risk_notice_en varchar,
        made_by varchar NOT NULL,
        made_at timestamptz NOT NULL,
        PRIMARY KEY (version, code),
        UNIQUE (version, letter),
        CHECK (num_nulls(risk, risk_notice_zh, risk_notice_en) IN (0, 3))
    )""",
    """CREATE TABLE offer_campaigns (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        manager_id bigint NOT NULL REFERENCES members (id),
        catalogue integer NOT NULL,
        state varchar NOT NULL CHECK (state IN ('draft', 'planning', 'planned')),
        made_at timestamptz NOT NULL,
        confirmed_at timestamptz,
        after_member bigint NOT NULL DEFAULT 0,
        planned integer NOT NULL DEFAULT 0 CHECK (planned >= 0),
        CHECK ((state = 'draft') = (confirmed_at IS NULL))
    )""",
    "CREATE INDEX offer_campaigns_of ON offer_campaigns (manager_id, id)",
    "CREATE INDEX offer_campaigns_unfinished ON offer_campaigns (id) WHERE state = 'planning'",
    # The last guard of "one offer per person and campaign", even when a class changes between two plannings.
    """CREATE UNIQUE INDEX deliveries_one_offer ON deliveries (campaign, recipient)
        WHERE kind = 'marketing' AND method = 'sendMessage' AND campaign LIKE 'offer:%'""",
    """CREATE TABLE gate_policies (
        version integer PRIMARY KEY,
        quiet_from time NOT NULL,
        quiet_until time NOT NULL,
        per_day integer NOT NULL CHECK (per_day >= 0),
        per_week integer NOT NULL CHECK (per_week >= 0),
        zone varchar NOT NULL,
        made_by varchar NOT NULL,
        made_at timestamptz NOT NULL
    )""",
    """INSERT INTO gate_policies VALUES
        (1, '21:00', '09:00', 1, 3, 'Asia/Shanghai', 'default', '2025-01-01T00:00:00Z')""",
)

COMPLAINTS = {
    "complaints_zh": "拨打本行客服热线，或到任一网点",
    "complaints_en": "our customer hotline or any branch",
}
NO_RISK = {"risk": None, "risk_notice_zh": None, "risk_notice_en": None}
OFFERS: tuple[dict[str, object], ...] = (
    {
        "code": "utilities",
        "letter": "A",
        "title_zh": "生活缴费立减",
        "title_en": "Money off utility bills",
        "terms_zh": "用手机银行缴水费、电费、燃气费，单笔满100元立减5元，每人限2次，共2000份，用完即止",
        "terms_en": "5 yuan off each water, power or gas bill of 100 yuan or more paid in the mobile bank; "
        "twice per person, 2,000 in all while they last",
        "condition_zh": "已开通手机银行，单笔缴费满100元",
        "condition_en": "mobile bank in use, a bill of 100 yuan or more",
        "valid_days": 30,
        "organiser_zh": "个人金融部",
        "organiser_en": "Personal Banking",
        **COMPLAINTS,
        **NO_RISK,
    },
    {
        "code": "voucher",
        "letter": "B",
        "title_zh": "满10万元抵用500元",
        "title_en": "500 yuan off when you add 100,000",
        "terms_zh": "新增购买参加活动的理财产品满10万元，可用500元抵用券一张，每人限1张，共300张，用完即止；存款不参加",
        "terms_en": "a 500 yuan voucher when you newly buy 100,000 yuan of the wealth products in this offer; "
        "one per person, 300 in all while they last; deposits do not count",
        "condition_zh": "新增购买满10万元；须先在本行渠道完成风险测评，测评等级不低于产品等级，并在本行渠道签约",
        "condition_en": "new purchases of 100,000 yuan or more; a risk assessment not below the product's level, "
        "and the contract, both in the bank's own channels",
        "valid_days": 30,
        "organiser_zh": "财富管理部",
        "organiser_en": "Wealth Management",
        **COMPLAINTS,
        "risk": "R2",
        "risk_notice_zh": "理财非存款、产品有风险、投资须谨慎。",
        "risk_notice_en": "Wealth products are not deposits; products carry risk; invest with care.",
    },
    {
        "code": "lobby",
        "letter": "C",
        "title_zh": "厅堂专属服务预约",
        "title_en": "Your appointment at the branch",
        "terms_zh": "可预约网点厅堂专人接待，到店优先办理；大额存单等产品请到厅堂咨询",
        "terms_en": "book a personal reception at your branch and be served first; "
        "ask there about certificates of deposit and other plain products",
        "condition_zh": "提前一个工作日与理财经理约好时间",
        "condition_en": "arrange a time with your wealth manager one working day ahead",
        "valid_days": 60,
        "organiser_zh": "网点服务部",
        "organiser_en": "Branch Services",
        **COMPLAINTS,
        **NO_RISK,
    },
    {
        "code": "self_service",
        "letter": "D",
        "title_zh": "信用卡与自助服务",
        "title_en": "Credit card and self-service",
        "terms_zh": "可在手机银行申请信用卡和个人信贷；网点自助机可办存取款、打印流水",
        "terms_en": "apply for a credit card or a personal loan in the mobile bank; "
        "the machines at the branch take and pay cash and print statements",
        "condition_zh": "信用卡和个人信贷须年满18周岁并经本行审核，请按需使用、按时还款",
        "condition_en": "cards and loans from age 18 and subject to approval; borrow what you need and pay on time",
        "valid_days": 60,
        "organiser_zh": "个人金融部",
        "organiser_en": "Personal Banking",
        **COMPLAINTS,
        **NO_RISK,
    },
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
    table = sa.table("offers", *(sa.column(name) for name in ("version", "made_by", "made_at", *OFFERS[0])))
    seed = {"version": 1, "made_by": "default", "made_at": sa.text("'2025-01-01T00:00:00Z'::timestamptz")}
    for offer in OFFERS:
        op.execute(table.insert().values(**offer, **seed))
