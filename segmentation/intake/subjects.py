"""Subjects: what a department's rows can tell, the fields that each subject has, and which of them must be filled."""

from collections.abc import Mapping
from dataclasses import dataclass, field

MONEY = frozenset({"yuan", "fen"})
COUNT = frozenset({"count"})
MOMENT = frozenset({"moment"})
DAY = frozenset({"date", "birth_number"})
NUMBER = frozenset({"number"})
CODE = frozenset({"code", "birth_number_sex"})
DATE = frozenset({"date"})
TEXT = frozenset({"text", "code"})
NAME = frozenset({"name"})
PHONE = frozenset({"phone"})
CONTACTS = "contacts"
SENSITIVE = frozenset({"name", "phone", "birth_number", "birth_number_sex"})


@dataclass(frozen=True)
class Subject:
    """Fields by name with the column types that can fill them, the fields that may be absent, and allowed codes.

    Of a *record* subject a customer may have many rows; they are kept whole as delivered and looked at as of a day.
    """

    fields: Mapping[str, frozenset[str]]
    optional: frozenset[str] = frozenset()
    is_record: bool = False
    codes: Mapping[str, frozenset[str]] = field(default_factory=dict)


# What is told of a person: facts that stay, and what ages and must be asked again.
FACTS = ("birth_date", "sex", "customer_since")
AGEING = ("cards", "occupation", "income_band", "district", "credit_grade", "risk_appetite", "consumption")
TRAITS = (*FACTS, *AGEING)
TOLD_ON = "told_on"
CREDIT_GRADES = ("poor", "fair", "good", "excellent")
ENTERPRISES = "enterprises"
ENTERPRISE_GRADES = ("C", "B", "BB", "BBB", "A", "AA", "AAA")
INDUSTRIES = (
    "manufacturing", "technology", "energy", "trade", "agriculture", "construction", "real_estate", "logistics",
    "healthcare", "services", "other",
)  # fmt: skip
CHANNELS = ("counter", "atm", "transfer", "online")
USES = tuple(f"{channel}_uses" for channel in CHANNELS)
SUBJECTS: Mapping[str, Subject] = {
    "balances": Subject(
        {
            "structured_deposit": MONEY,
            "time_deposit": MONEY,
            "demand_deposit": MONEY,
            "wealth_products": MONEY,
            "funds": MONEY,
            "asset_plans": MONEY,
            "large_certificates": MONEY,
            "loans": MONEY,
        }
    ),
    "activity": Subject(
        {
            "logins": COUNT,
            "transfers": COUNT,
            "transfers_in": COUNT,
            "transfers_in_amount": MONEY,
            "transfers_out": COUNT,
            "transfers_out_amount": MONEY,
            "last_transfer_at": MOMENT,
            **dict.fromkeys(USES, COUNT),
        },
        optional=frozenset(USES),
    ),
    "deposits": Subject({"balance": MONEY, "products": COUNT}),
    "traits": Subject(
        {
            "birth_date": DAY,
            "sex": CODE,
            "customer_since": DAY,
            "cards": COUNT,
            "occupation": CODE,
            "income_band": CODE,
            "district": TEXT,
            "credit_grade": CODE,
            "risk_appetite": CODE,
            "consumption": MONEY,
            TOLD_ON: DATE,
        },
        optional=frozenset({*TRAITS, TOLD_ON}),
        codes={
            "sex": frozenset({"f", "m"}),
            "occupation": frozenset(
                {"employee", "public_servant", "self_employed", "student", "retired", "homemaker", "other"}
            ),
            "income_band": frozenset({"low", "middle", "upper", "high"}),
            "credit_grade": frozenset(CREDIT_GRADES),
            "risk_appetite": frozenset({"C1", "C2", "C3", "C4", "C5"}),
        },
    ),
    ENTERPRISES: Subject(
        {
            "industry": CODE,
            "loans": MONEY,
            "deposits": MONEY,
            "registered_capital": MONEY,
            "turnover": MONEY,
            "employees": COUNT,
            "credit_grade": CODE,
            "settlement_volume": MONEY,
            "cross_border": CODE,
            "representative": NUMBER,
        },
        optional=frozenset(
            {
                "registered_capital",
                "turnover",
                "employees",
                "credit_grade",
                "settlement_volume",
                "cross_border",
                "representative",
            }
        ),
        codes={
            "industry": frozenset(INDUSTRIES),
            "credit_grade": frozenset(ENTERPRISE_GRADES),
            "cross_border": frozenset({"yes", "no"}),
        },
    ),
    CONTACTS: Subject({"name": NAME, "phone": PHONE}),
    "holders": Subject(
        {"account": NUMBER, "holder": NUMBER, "role": CODE},
        optional=frozenset({"holder"}),
        is_record=True,
        codes={"role": frozenset({"owner", "user"})},
    ),
    "accounts": Subject({"opened_on": DAY}, is_record=True),
    "cards": Subject({"issued_on": DAY}, is_record=True),
    "loans": Subject({"opened_on": DAY, "amount": MONEY, "months": COUNT, "monthly": MONEY}, is_record=True),
    "transactions": Subject(
        {"id": NUMBER, "day": DAY, "direction": CODE, "amount": MONEY, "balance": MONEY, "channel": CODE, "kind": CODE},
        optional=frozenset({"id", "balance", "channel", "kind"}),
        is_record=True,
        codes={
            "direction": frozenset({"in", "out"}),
            "channel": frozenset({*CHANNELS, "none"}),
            "kind": frozenset({"salary", "interest", "fee", "other"}),
        },
    ),
}
