"""The public page of a pledge and its JSON; both say the same, and neither names a customer."""

from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment

from campaigns.donations.model import Standing
from handlers.pages.templates import templates_in
from handlers.wording import donations as words

ROOM = Path(__file__).parent / "templates"


def donation_page(found: Standing, zone: ZoneInfo) -> str:
    """The page as HTML; it loads its own style and nothing from anywhere else."""
    return (
        _templates()
        .get_template("donation.html")
        .render(pledge=found.kept.pledge, books=found.books, payments=found.payments, zone=zone)
    )


def donation_json(found: Standing) -> dict[str, Any]:
    """All that is public of a pledge, for programs; money in fen."""
    pledge, books = found.kept.pledge, found.books
    return {
        "code": pledge.code,
        "name": vars(pledge.name),
        "recipient": vars(pledge.recipient),
        "purpose": vars(pledge.purpose),
        "agreement": pledge.agreement,
        "from": pledge.first.isoformat(),
        "until": pledge.last.isoformat(),
        "fen_per_account": pledge.fen_each,
        "cap_fen": pledge.cap_fen,
        "accounts": books.accounts,
        "accrued_fen": books.accrued_fen,
        "paid_fen": books.paid_fen,
        "owed_fen": books.owed_fen,
        "payments": [
            {"reference": each.reference, "fen": each.fen, "paid_at": each.paid_at.isoformat()}
            for each in found.payments
        ],
    }


@cache
def style() -> str:
    """The page's style."""
    return (ROOM / "donation.css").read_text("utf-8")


@cache
def _templates() -> Environment:
    return templates_in(ROOM, words)
