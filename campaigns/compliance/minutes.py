"""What the gate was asked about one offer and what it answered, in few plain words that the ledger keeps."""

from datetime import datetime
from typing import Any

from campaigns.compliance.model import Facts, GatePolicy
from campaigns.compliance.rules import Defer, GateVerdict, Pass, Suppress
from campaigns.deliveries.model import Delivery


def minutes(
    delivery: Delivery, facts: Facts, policy: GatePolicy, verdict: GateVerdict, now: datetime
) -> dict[str, Any]:
    """The verdict with every fact that it rests on; what was not known is left out."""
    locked = delivery.locked_days or None
    asked: dict[str, Any] = {"group": delivery.recipient, "risk": delivery.risk, "locked_days": locked}
    if delivery.is_private:
        asked = {
            "chat": facts.private_chat,
            "standing": facts.standing,
            "zone": facts.zone or policy.zone,
            "risk": delivery.risk,
            "appetite": facts.appetite,
            "locked_days": locked,
            "horizon": facts.horizon if locked else None,
            "is_horizon_told": (facts.is_horizon_told or None) if locked else None,
            "needs_review": facts.needs_review or None,
            "has_it": facts.has_it or None,
            "offered": len(facts.offered_at) or None,
            "shown": len(facts.shown_at) or None,
        }
    known = {name: value for name, value in asked.items() if value is not None}
    return {"at": now.isoformat(), "policy": policy.version, **_answer(verdict), "asked": known}


def _answer(verdict: GateVerdict) -> dict[str, str]:
    match verdict:
        case Pass():
            return {"verdict": "pass"}
        case Suppress(reason):
            return {"verdict": "suppress", "reason": reason}
        case Defer(until, reason):
            return {"verdict": "defer", "reason": reason, "until": until.isoformat()}
