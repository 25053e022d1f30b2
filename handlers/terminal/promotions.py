"""Promotions on the terminal: versions, what they say, what changed, and a dry run."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from rich.console import Console

from campaigns.catalogue.model import Change
from campaigns.deliveries.model import State
from campaigns.deliveries.rules import Closing
from campaigns.members.model import Language
from campaigns.promotions.dry_runs import DryRun
from campaigns.promotions.model import Review, Version
from campaigns.promotions.records import flat, plain
from campaigns.promotions.sending import PER_SECOND
from campaigns.promotions.supplies import RunOut
from handlers.terminal import editions, say, table_of
from handlers.wording.compliance import reason_words
from handlers.wording.promotion_dry_runs import hours_lines, supply_lines
from handlers.wording.promotions import CHANNELS, EXCLUSIONS

YUAN = 100


def versions_json(found: Sequence[Version]) -> str:
    """The newest versions as one JSON list."""
    return json.dumps([_made(each) for each in found], ensure_ascii=False)


def print_versions(found: Sequence[Version], console: Console) -> None:
    """One line a promotion."""
    if not found:
        say("There are no promotions yet; `promotions load` keeps one.", console)
        return
    table = table_of("Promotions", "code", "version", "state", "title", "send at", "until", "hash")
    for each in found:
        plan = each.plan
        table.add_row(
            each.code,
            str(each.number),
            f"{each.state}, called off" if each.cancelled_at else each.state,
            plan.title.zh,
            _time(plan.send_at),
            _time(plan.closes_at),
            each.digest[:12],
        )
    console.print(table)


def version_json(found: Version, reviews: Sequence[Review], closing: Closing, suppressed: Mapping[str, int]) -> str:
    """A version with everything that it says, its reviews, its equation and why the gate suppressed what it did."""
    return json.dumps(
        {
            **_made(found),
            **plain(found.plan),
            "reviews": [_review(each) for each in reviews],
            "deliveries": {"planned": closing.planned, **{str(state): n for state, n in closing.by_state.items()}},
            "suppressed": dict(suppressed),
        },
        ensure_ascii=False,
    )


def print_version(
    found: Version, reviews: Sequence[Review], closing: Closing, suppressed: Mapping[str, int], console: Console
) -> None:
    """What it says place by place, who reviewed it, and how its messages stand."""
    say(f"{found.code} version {found.number}: {found.state}, by member {found.author_id}.", console)
    say(f"SHA-256 {found.digest}", console)
    for name, moment in _stamps(found).items():
        say(f"{name.removesuffix('_at').replace('_', ' ')}: {_time(moment)}", console)
    for place, said in flat(found.plan).items():
        say(f"  {place}: {said}", console)
    if found.basis is not None:
        basis = found.basis
        say(f"Scheduled by run {basis.run}, model {basis.classifier}, policy {basis.policy_version}.", console)
    for each in reviews:
        reason = f": {each.reason}" if each.reason else ""
        say(f"{each.decision} by member {each.reviewer_id}, {_time(each.at)}{reason}.", console)
    counts = ", ".join(f"{state} {closing.by_state[state]:,}" for state in State if closing.by_state.get(state))
    if closing.planned:
        say(f"planned {closing.planned:,} = {counts}", console)
    for why, heads in suppressed.items():
        say(f"suppressed, {reason_words(why, Language.EN)}: {heads:,}", console)


def loaded_json(found: Version, changes: Sequence[Change]) -> str:
    """The draft and what it changed."""
    return json.dumps({**_made(found), "changes": [vars(each) for each in changes]}, ensure_ascii=False)


def print_loaded(found: Version, changes: Sequence[Change], console: Console) -> None:
    """That it is kept, and what it changed against the version before."""
    say(f"{found.code} version {found.number} is a draft now (hash {found.digest[:12]}).", console)
    if found.number > 1:
        editions.print_changes(changes, console)


def changes_json(code: str, changes: Sequence[Change]) -> str:
    """What differs between two versions."""
    return json.dumps({"code": code, "changes": [vars(each) for each in changes]}, ensure_ascii=False)


def print_changes(changes: Sequence[Change], console: Console) -> None:
    """What differs, place by place."""
    if not changes:
        say("Nothing changed.", console)
    editions.print_changes(changes, console)


def dry_run_json(found: DryRun) -> str:
    """Everything that a dry run tells; money in fen, the smallest lift as a share."""
    return json.dumps(
        {
            "code": found.version.code,
            "version": found.version.number,
            "audience": found.audience,
            "undecided": found.undecided,
            "recipients": found.treated,
            "held_out": found.held_out,
            "global_control": found.global_control,
            "classes": [
                {
                    "class": str(row.standing),
                    "channel": str(row.touch or row.channel),
                    "recipients": row.treated,
                    "arms": dict(row.arms),
                    "held_out": row.held_out,
                    "global_control": row.global_control,
                    "cost_fen": row.cost_fen,
                }
                for row in found.rows
            ],
            "excluded": {str(reason): heads for reason, heads in found.excluded.items()},
            "cost_fen": found.cost_fen,
            "budget_fen": found.version.plan.budget_fen,
            "transaction_fen_per_10000_yuan": {str(way): fen for way, fen in found.transaction_fen.items()},
            "private_messages": found.private,
            "per_second": PER_SECOND,
            "seconds": found.seconds,
            "starts_at": found.sending.starts_at.isoformat(),
            "held_by_quiet_hours": found.sending.held,
            "too_late_for_the_window": found.sending.too_late,
            "last_leaves_at": found.sending.last_at and found.sending.last_at.isoformat(),
            "gives": found.run_out and _run_out(found.run_out),
            "smallest_lift": found.smallest_lift,
            "sample": [each.as_json() for each in found.sample],
        },
        ensure_ascii=False,
    )


def print_dry_run(found: DryRun, zone: ZoneInfo, console: Console) -> None:
    """Recipients by class and channel, why not the others, cost, time, supply, what can be shown, and a sample."""
    version = found.version
    say(f"{version.code} version {version.number}: {found.audience:,} customers belong to the audience now.", console)
    table = table_of("Recipients", "class", "channel", "written to", "arms", "held out", "global control", "yuan")
    for row in found.rows:
        arms = ", ".join(f"{arm} {heads:,}" for arm, heads in row.arms.items())
        heads = (f"{row.treated:,}", arms, f"{row.held_out:,}", f"{row.global_control:,}")
        channel = CHANNELS[row.channel].say(Language.EN) + (f" ({row.touch})" if row.touch else "")
        table.add_row(str(row.standing), channel, *heads, _yuan(row.cost_fen))
    console.print(table)
    for reason, count in found.excluded.items():
        say(f"left out, {EXCLUSIONS[reason].say(Language.EN)}: {count:,}", console)
    budget = _yuan(version.plan.budget_fen)
    say(f"Contacts cost {_yuan(found.cost_fen)} yuan of {budget} in the budget.", console)
    ways = ", ".join(f"{_yuan(fen)} {way}" for way, fen in found.transaction_fen.items())
    say(f"Apart from that, concluding costs per 10,000 yuan invested: {ways}.", console)
    say(f"{found.private:,} private messages at {PER_SECOND}/s take {found.seconds:,} s.", console)
    for line in hours_lines(found.sending, zone, Language.EN):
        say(line, console)
    for line in supply_lines(found.run_out, zone, Language.EN) if found.run_out else []:
        say(line, console)
    if found.smallest_lift is None:
        say("Nobody is held out, or nobody is written to: what it changed cannot be told.", console)
    else:
        base, lift = version.plan.base_rate / 100, found.smallest_lift * 100
        say(f"The smallest effect it can show: {lift:.2f} points on a base of {base:g} % (power 80 %).", console)
    for each in found.sample:
        known = ", ".join(str(part) for part in (each.letter, each.band, each.lifecycle) if part)
        say(f"  {each.number}  {known}{f'  ({each.unreachable})' if each.unreachable else ''}", console)


def _made(found: Version) -> dict[str, Any]:
    times = {name: moment.isoformat() for name, moment in _stamps(found).items()}
    basis = found.basis
    by = {
        "run": str(basis.run) if basis.run else None,
        "classifier": basis.classifier,
        "policy_version": basis.policy_version,
        "page": basis.page,
        "page_digest": basis.page_digest,
    } if basis else None  # fmt: skip
    named = {"code": found.code, "version": found.number, "state": str(found.state), "digest": found.digest}
    return {**named, "author": found.author_id, **times, "basis": by}


def _run_out(found: RunOut) -> dict[str, Any]:
    supply, rate = found.supply, found.rate
    return {
        "subject": supply.subject,
        "rooms": [vars(room) for room in supply.rooms],
        "ends_first": vars(supply.first) if supply.first else None,
        "addressed": found.addressed,
        "rate": rate.share,
        "rate_from": str(rate.source),
        "rate_version": rate.version,
        "expected": round(found.expected),
        "runs_out_at": found.ends_at and found.ends_at.isoformat(),
        "is_short": found.is_short,
    }


def _stamps(found: Version) -> dict[str, datetime]:
    """When it was made, checked, submitted, scheduled, started, cancelled, ended, as far as it came."""
    names = ("made_at", "checked_at", "submitted_at", "scheduled_at", "started_at", "cancelled_at", "ended_at")
    return {name: moment for name in names if (moment := getattr(found, name)) is not None}


def _review(each: Review) -> dict[str, Any]:
    who = {"reviewer": each.reviewer_id, "decision": str(each.decision), "reason": each.reason}
    return {**who, "digest": each.digest, "at": each.at.isoformat()}


def _time(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M %Z}"


def _yuan(fen: int) -> str:
    return f"{fen / YUAN:,.2f}"
