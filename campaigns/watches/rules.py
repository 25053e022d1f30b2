"""Pure rules of the risk watch: which counts are over a line, and whether that holds sends."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from campaigns.watches.model import CampaignCounts, CodeCounts, Finding, Outflow, Signal, WatchPolicy

BEGINS = time(8, 30)


def look_due(now: datetime, zone: ZoneInfo) -> date | None:
    """The day whose look is due: from half past eight on in the bank's zone; None before."""
    local = now.astimezone(zone)
    return local.date() if local.time() >= BEGINS else None


def judge_campaign(counts: CampaignCounts, policy: WatchPolicy) -> Iterator[Finding]:
    """Opt-outs and complaints over their line hold the campaign; refusals and blocks are told."""
    asked = (
        (Signal.OPT_OUTS, counts.opted_out, counts.reached, policy.opt_outs, True),
        (Signal.COMPLAINTS, counts.complained, counts.reached, policy.complaints, True),
        (Signal.REFUSALS, counts.refused, counts.closed, policy.refusals, False),
        (Signal.BLOCKS, counts.blocked, counts.reached + counts.blocked, policy.blocks, False),
    )
    for signal, heads, of, line, holds in asked:
        if heads >= policy.fewest and heads > line * of:
            yield Finding(signal, counts.campaign, heads / of, line, holds)


def judge_code(counts: CodeCounts, policy: WatchPolicy) -> Iterator[Finding]:
    """A day of many more redemptions than usual is told."""
    line = policy.redemptions * counts.usual
    if counts.today >= policy.redemptions_fewest and counts.today > line:
        yield Finding(Signal.REDEMPTIONS, counts.code, counts.today, line)


def judge_outflows(found: Sequence[Outflow], policy: WatchPolicy) -> Iterator[Finding]:
    """Customers who took much of their money away, the largest first."""
    fell = [
        each
        for each in found
        if each.before_fen - each.after_fen >= max(policy.outflow_fen, policy.outflow * each.before_fen)
    ]
    fell.sort(key=lambda each: each.after_fen - each.before_fen)
    for each in fell:
        yield Finding(Signal.OUTFLOW, each.number, each.before_fen - each.after_fen, policy.outflow_fen)
