"""A plan in JSON's types and back, and the hash of its canonical form."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from campaigns.catalogue.model import CLASSES, Class, ProductKind
from campaigns.channels.model import Channel, Touch
from campaigns.customers.enterprises import Tier
from campaigns.offers.model import Risk, Text
from campaigns.promotions.model import Copy, Costs, Measure, Plan, ProductLine, Way

_CLASSES: Mapping[str, Class] = {each.value: each for each in CLASSES}


def plain(plan: Plan) -> dict[str, Any]:
    """The plan in JSON's types; the same plan is always the same data."""
    product = plan.product
    return {
        "title": _text(plan.title),
        "copies": [{"arm": each.arm, "weight": each.weight, "text": _text(each.text)} for each in plan.copies],
        "audience": plan.audience,
        "channels": {str(each): str(plan.channels[each]) for each in CLASSES if each in plan.channels},
        "touches": {str(each): str(plan.touches[each]) for each in CLASSES if each in plan.touches},
        "enterprises": sorted(map(str, plan.enterprises)),
        "opens_at": _moment(plan.opens_at),
        "send_at": _moment(plan.send_at),
        "closes_at": _moment(plan.closes_at),
        "organiser": _text(plan.organiser),
        "complaints": _text(plan.complaints),
        "salt": plan.salt,
        "hold_out": plan.hold_out,
        "budget_fen": plan.budget_fen,
        "contact_fen": {name: plan.costs.contact[name] for name in sorted(plan.costs.contact)},
        "transaction_fen": {str(each): plan.costs.transaction[each] for each in Way},
        "product": product
        and {
            "code": product.code,
            "kind": str(product.kind),
            "risk": product.risk and str(product.risk),
            "edition": product.edition,
            **({"locked_days": product.locked_days} if product.locked_days else {}),
        },
        "targets": {str(each): plan.targets[each] for each in Measure if each in plan.targets},
        "rule_page": plan.rule_page,
        "prize_yuan": plan.prize_yuan,
        "base_rate": plan.base_rate,
        "may_overlap": plan.may_overlap,
        # What was hashed before there was such a field stays as it was hashed.
        **({"gives": plan.gives} if plan.gives else {}),
    }


def restored(told: Mapping[str, Any]) -> Plan:
    """The plan behind its stored form."""
    product = told["product"]
    return Plan(
        title=Text(**told["title"]),
        copies=tuple(Copy(each["arm"], Text(**each["text"]), each["weight"]) for each in told["copies"]),
        audience=told["audience"],
        channels={_CLASSES[name]: Channel(way) for name, way in told["channels"].items()},
        opens_at=datetime.fromisoformat(told["opens_at"]),
        send_at=datetime.fromisoformat(told["send_at"]),
        closes_at=datetime.fromisoformat(told["closes_at"]),
        organiser=Text(**told["organiser"]),
        complaints=Text(**told["complaints"]),
        salt=told["salt"],
        hold_out=told["hold_out"],
        budget_fen=told["budget_fen"],
        costs=Costs(
            dict(told["contact_fen"]),
            {Way(name): fen for name, fen in told["transaction_fen"].items()},
        ),
        product=_product(product) if product else None,
        targets={Measure(name): value for name, value in told["targets"].items()},
        rule_page=told["rule_page"],
        prize_yuan=told["prize_yuan"],
        base_rate=told["base_rate"],
        may_overlap=told["may_overlap"],
        touches={_CLASSES[name]: Touch(touch) for name, touch in told["touches"].items()},
        enterprises=frozenset(map(Tier, told["enterprises"])),
        gives=told.get("gives"),
    )


def canonical(code: str, number: int, plan: Plan) -> str:
    """What is hashed: the code, the version's number and the plan, in one form only."""
    said = {"code": code, "version": number, **plain(plan)}
    return json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest_of(code: str, number: int, plan: Plan) -> str:
    """The SHA-256 of the canonical form, in hexadecimal; an approval binds to it."""
    return sha256(canonical(code, number, plan).encode()).hexdigest()


def flat(plan: Plan) -> dict[str, str]:
    """Every place of a plan with what stands there, for comparing two versions."""
    return dict(_places("", plain(plan)))


def _places(place: str, found: Any) -> list[tuple[str, str]]:
    if isinstance(found, list) and found and isinstance(found[0], dict):
        found = {each["arm"]: each for each in found}
    if isinstance(found, list):
        found = ", ".join(found) or None
    if not isinstance(found, dict):
        return [] if found is None else [(place, str(found))]
    return [pair for name, value in found.items() for pair in _places(f"{place}.{name}" if place else name, value)]


def _product(told: Mapping[str, Any]) -> ProductLine:
    risk = Risk(told["risk"]) if told["risk"] else None
    return ProductLine(told["code"], ProductKind(told["kind"]), risk, told["edition"], told.get("locked_days", 0))


def _text(text: Text) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()
