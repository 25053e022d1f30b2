"""Pure decisions on applications: which move is allowed, who owns one, when it is due, what the bank's file means."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from types import MappingProxyType

from campaigns.applications.model import (
    Application,
    Assignment,
    Candidate,
    Entrant,
    HandOverReason,
    MoveRefusal,
    Reason,
    Stage,
    Terms,
    Verdict,
)

PATH = (
    Stage.SIGNED,
    Stage.CONTACTED,
    Stage.CONSENTED,
    Stage.APPLIED,
    Stage.APPROVED,
    Stage.DELIVERED,
    Stage.VISIT_BOOKED,
    Stage.ACTIVATED,
    Stage.DEBIT_CARD_ISSUED,
    Stage.FIRST_USE,
)
ENDED = frozenset({Stage.FIRST_USE, Stage.DECLINED, Stage.WITHDRAWN, Stage.LOST})
OPEN = frozenset(PATH) - ENDED
WITH_THE_BANK = frozenset(PATH[PATH.index(Stage.APPLIED) :])
_ENDS = (Stage.WITHDRAWN, Stage.LOST)

# What may follow a stage, the usual one first; leaving one out is allowed where it can happen by itself.
NEXT: Mapping[Stage, tuple[Stage, ...]] = MappingProxyType(
    {
        Stage.SIGNED: (Stage.CONTACTED, Stage.CONSENTED, *_ENDS),
        Stage.CONTACTED: (Stage.CONSENTED, *_ENDS),
        Stage.CONSENTED: (Stage.APPLIED, *_ENDS),
        Stage.APPLIED: (Stage.APPROVED, Stage.DECLINED, *_ENDS),
        Stage.APPROVED: (Stage.DELIVERED, *_ENDS),
        Stage.DELIVERED: (Stage.VISIT_BOOKED, Stage.ACTIVATED, *_ENDS),
        Stage.VISIT_BOOKED: (Stage.ACTIVATED, *_ENDS),
        Stage.ACTIVATED: (Stage.DEBIT_CARD_ISSUED, Stage.FIRST_USE, *_ENDS),
        Stage.DEBIT_CARD_ISSUED: (Stage.FIRST_USE, *_ENDS),
        Stage.FIRST_USE: (),
        Stage.DECLINED: (),
        Stage.WITHDRAWN: (),
        Stage.LOST: (),
    }
)
REASONS: Mapping[Stage, tuple[Reason, ...]] = MappingProxyType(
    {
        Stage.DECLINED: (Reason.POLICY, Reason.PAPERS, Reason.DEBT, Reason.HELD, Reason.BANK_FILE),
        Stage.WITHDRAWN: (Reason.ASKED, Reason.DATA, Reason.LEFT_CHAIN),
        Stage.LOST: (Reason.NO_ANSWER, Reason.NO_INTEREST, Reason.OTHER_BANK, Reason.INELIGIBLE),
    }
)
BACK = (Reason.MISTAKE, Reason.CAME_BACK, Reason.NO_SHOW, Reason.VISIT_OFF, Reason.BANK_FILE)

# Working days in each stage before the next move is due; a version of the terms may say otherwise.
DAYS: Mapping[Stage, int] = MappingProxyType(
    {
        Stage.SIGNED: 1,
        Stage.CONTACTED: 2,
        Stage.CONSENTED: 2,
        Stage.APPLIED: 7,
        Stage.APPROVED: 5,
        Stage.DELIVERED: 5,
        Stage.VISIT_BOOKED: 3,
        Stage.ACTIVATED: 5,
        Stage.DEBIT_CARD_ISSUED: 10,
    }
)
DEFAULT_TERMS = Terms(1, dict(DAYS))
# Stages in which the next step is the customer's.
CUSTOMERS_TURN = frozenset({Stage.DELIVERED, Stage.ACTIVATED, Stage.DEBIT_CARD_ISSUED})


def move(
    application: Application, to: Stage, reason: Reason | None, now: datetime, due_on: date | None
) -> Application | MoveRefusal:
    """Move to a stage that may follow; ends other than the first use need a reason of their own list."""
    if to not in NEXT[application.stage]:
        return MoveRefusal.JUMP
    if (to in REASONS) != (reason is not None) or (reason is not None and reason not in REASONS[to]):
        return MoveRefusal.NEEDS_REASON
    return _moved(application, to, now, due_on)


def correct(
    application: Application, to: Stage, reason: Reason | None, now: datetime, due_on: date | None
) -> Application | MoveRefusal:
    """Go back as a recorded correction: on the path to a stage before, from an end to where it came from or before."""
    if to not in backward(application):
        return MoveRefusal.JUMP
    if reason not in BACK:
        return MoveRefusal.NEEDS_REASON
    return _moved(application, to, now, due_on)


def adopt(application: Application, to: Stage, now: datetime, due_on: date | None) -> Application | MoveRefusal:
    """Take over what the bank's file says because a person settled it so: the one way to jump."""
    return MoveRefusal.JUMP if to is application.stage else _moved(application, to, now, due_on)


def backward(application: Application) -> tuple[Stage, ...]:
    """The stages to which a correction may lead, the nearest first."""
    if application.stage in PATH:
        passed = PATH[: PATH.index(application.stage)]
    else:
        last = application.ended_from or Stage.SIGNED
        passed = PATH[: PATH.index(last) + 1]
    return tuple(reversed(passed))


def by_leaving(application: Application) -> Stage | None:
    """What leaving the chain makes of an application: withdrawn until the bank has it, then nothing by itself."""
    is_early = application.stage in OPEN and application.stage not in WITH_THE_BANK
    return Stage.WITHDRAWN if is_early else None


def judge(stage: Stage, event: Stage) -> Verdict:
    """Hold an event of the bank's file against the chat: what may follow moves, what was passed agrees."""
    if event in NEXT[stage]:
        return Verdict.MOVES
    if event is stage:
        return Verdict.AGREES
    if event in PATH and stage in PATH and PATH.index(event) <= PATH.index(stage):
        return Verdict.AGREES
    if stage is Stage.DECLINED and event is Stage.APPLIED:
        return Verdict.AGREES
    return Verdict.DISAGREES


def assign(entrants: Sequence[Entrant], candidates: Sequence[Candidate]) -> list[Assignment]:
    """Give each an owner: who had the customer before, else of those at work the same language, then the least load.

    Each assignment counts for the next one. `candidates` must hold the manager of the group.
    """
    load = {candidate.member_id: candidate.load for candidate in candidates}
    found = []
    for entrant in entrants:
        if entrant.known_owner is not None:
            owner, reason = entrant.known_owner, HandOverReason.OWN_CUSTOMER
        else:
            owner, reason = _fittest(entrant, candidates, load), HandOverReason.LOAD
        load[owner] = load.get(owner, 0) + 1
        found.append(Assignment(entrant.member_id, owner, reason))
    return found


def _fittest(entrant: Entrant, candidates: Sequence[Candidate], load: Mapping[int, int]) -> int:
    def rank(candidate: Candidate) -> tuple[bool, bool, int, bool, int]:
        foreign = candidate.language != entrant.language
        return candidate.is_absent, foreign, load[candidate.member_id], not candidate.leads_group, candidate.member_id

    return min(candidates, key=rank).member_id


def _moved(application: Application, to: Stage, now: datetime, due_on: date | None) -> Application:
    ended_from = None
    if to in ENDED and to is not Stage.FIRST_USE:
        ended_from = application.stage if application.stage in PATH else application.ended_from
    return replace(
        application,
        stage=to,
        stage_since=now,
        due_on=due_on if to in OPEN else None,
        version=application.version + 1,
        ended_from=ended_from,
    )
