"""The demo world: a small invented bank, and the script of people who meet in its first welfare group."""

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from campaigns.groups.rules import title_for
from campaigns.members.model import Language
from handlers.wording import chains, consents, members
from segmentation.intake.phones import normalise_phone

MERCHANT = "幸福里"
RIGHTS = ["can_pin_messages", "can_delete_messages", "can_invite_users"]
CHAIN = "联名信用卡"
SOON = "亲子卡开卡礼"
ZH = Language.ZH

Step = dict[str, Any]


@dataclass(frozen=True)
class Contact:
    """An invented customer's name and number."""

    name: str
    phone: str


def read_contacts(folder: Path) -> list[Contact]:
    """The contacts department of a demo delivery."""
    with (folder / "contacts.csv").open(encoding="utf-8", newline="") as file:
        return [Contact(row["name"], normalise_phone(row["phone"]) or row["phone"]) for row in csv.DictReader(file)]


def script(bank: str, invitation: str, contacts: list[Contact]) -> dict[str, Any]:
    """What the demo's people do before the visitor comes; every word that they wait for or tap is the bot's own.

    At the end a chain runs, another is about to remind its group, and the manager has an offer ready to confirm.
    """
    people: dict[str, Any] = {
        "manager": {"first_name": "李敏", "role": "manager"},
        "merchant": {"first_name": "陈老板", "role": "merchant"},
    }
    keys = [f"customer{at}" for at, _ in enumerate(contacts)]
    for key, contact in zip(keys, contacts, strict=True):
        people[key] = {"first_name": contact.name, "phone": contact.phone, "role": "customer"}
    steps = [
        *_manager_opens_the_group(bank, invitation),
        {"who": "merchant", "joins": "group"},
        {"together": [_customer_arrives(key) for key in keys]},
        *_manager_opens_chains(),
        {"together": [_customer_joins(key) for key in keys[: len(keys) // 2]]},
        {"who": "manager", "opens": "bot"},
        {"who": "manager", "says": "/offer"},
    ]
    return {"people": people, "steps": steps}


def _manager_opens_the_group(bank: str, invitation: str) -> list[Step]:
    who = {"who": "manager"}
    return [
        who | {"starts": f"staff_{invitation}"},
        who | {"sees": "/help"},
        who | {"makes": "group", "title": title_for(bank, MERCHANT)},
        who | {"adds_bot": RIGHTS, "parameter": "register"},
        who | {"sees": "群公告"},
    ]


def _customer_arrives(key: str) -> list[Step]:
    """Join, bind the number after consent, agree to offers."""
    who = {"who": key}
    return [
        who | {"joins": "group"},
        who | {"starts": "bind"},
        who | {"taps": members.AGREE.say(ZH)},
        who | {"sees": members.SHARE.say(ZH)},
        who | {"shares_contact": True},
        who | {"sees": members.BOUND.say(ZH)},
        who | {"taps": consents.AGREE_BUTTON.say(ZH)},
    ]


def _manager_opens_chains() -> list[Step]:
    who = {"who": "manager"}
    return [
        who | {"says": f"/chain {SOON} 5 10分钟"},
        who | {"sees": f"【接龙】{SOON}"},
        who | {"says": f"/chain {CHAIN} 10 3天"},
        who | {"sees": f"【接龙】{CHAIN}"},
    ]


def _customer_joins(key: str) -> list[Step]:
    return [{"who": key, "opens": "group"}, {"who": key, "taps": chains.JOIN_LABEL.say(ZH)}]
