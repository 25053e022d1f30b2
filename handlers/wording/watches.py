"""What compliance reads of the risk watch."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from campaigns.deliveries.model import Button, Message
from campaigns.members.model import Language
from campaigns.watches.model import Finding, Look, Signal
from handlers.wording.paging import Leaf, leaf
from handlers.wording.phrase import Phrase

NAME = "风险监测 risk watch"
HEAD = Phrase("⚠️ 风险监测", "⚠️ Risk watch")
SIGNALS = {
    Signal.OPT_OUTS: Phrase(
        "{subject}：退订率 {value:.1%}（线 {line:.1%}）", "{subject}: {value:.1%} opted out (line {line:.1%})"
    ),
    Signal.COMPLAINTS: Phrase(
        "{subject}：投诉率 {value:.1%}（线 {line:.1%}）", "{subject}: {value:.1%} complained (line {line:.1%})"
    ),
    Signal.REFUSALS: Phrase(
        "{subject}：跟进中 {value:.0%} 被拒绝（线 {line:.0%}）",
        "{subject}: {value:.0%} of follow-ups refused (line {line:.0%})",
    ),
    Signal.BLOCKS: Phrase(
        "{subject}：{value:.1%} 已拉黑机器人（线 {line:.1%}）",
        "{subject}: {value:.1%} blocked the bot (line {line:.1%})",
    ),
    Signal.REDEMPTIONS: Phrase(
        "券 {subject}：一天核销 {value:,.0f} 张（线 {line:,.0f}）",
        "voucher {subject}: {value:,.0f} redeemed in a day (line {line:,.0f})",
    ),
}
OUTFLOW = Phrase("客户 {subject}：资产流出 {yuan:,.0f} 元", "customer {subject}: assets fell by {yuan:,.0f} yuan")
HELD = Phrase("，已停发，核实后用 /halt 解除", "; held: /halt lifts it once it is looked into")
SUSPENDED = Phrase(
    "另有 {count} 位客户（投诉未结或多次拒绝）暂停营销，事了自动恢复。",
    "Nothing is offered to {count} more customers (an open complaint, or refused again and again) until that is over.",
)
LAST = 4  # Digits of a customer's number that are shown.
ON_A_PAGE, LONGEST_SUBJECT = 20, 80  # Both together fit a message.
PAGE_DATA = "watch_page"
EPOCH, MICROSECOND = datetime(1970, 1, 1, tzinfo=UTC), timedelta(microseconds=1)


class WatchWords:
    """Implements `campaigns.watches.service.WatchWording`."""

    def alert(self, look: Look, language: Language) -> Message:
        """What compliance reads of a look: what is held first, a line each, customers by the end of their number.

        What one page does not hold is on the next ones: a button turns to them.
        """
        shown = leaf(sorted(look.findings, key=lambda each: not each.holds), 1, ON_A_PAGE)
        said = page(shown, language)
        if look.suspended:
            said += "\n" + SUSPENDED.say(language, count=look.suspended)
        turn = Button("▶", f"{PAGE_DATA}:{(look.at - EPOCH) // MICROSECOND}:2")
        return Message(said, ((turn,),) if shown.pages > 1 else ())

    def reason(self, finding: Finding) -> str:
        """Why a campaign is held, in both languages, since everybody concerned reads it."""
        plain = Finding(finding.signal, finding.subject, finding.value, finding.line)
        return " / ".join(finding_words(plain, language) for language in Language)

    def name(self) -> str:
        """By whom: nobody's own hand."""
        return NAME


def page(shown: Leaf[Finding], language: Language) -> str:
    """A page of what a look found."""
    lines = (finding_words(replace(each, subject=each.subject[-LONGEST_SUBJECT:]), language) for each in shown.items)
    return "\n".join([shown.head(HEAD.say(language), language), *lines])


def finding_words(found: Finding, language: Language) -> str:
    """One finding with its figure and its line."""
    if found.signal is Signal.OUTFLOW:
        return OUTFLOW.say(language, subject=f"…{found.subject[-LAST:]}", yuan=found.value / 100)
    said = SIGNALS[found.signal].say(language, subject=found.subject, value=found.value, line=found.line)
    return said + (HELD.say(language) if found.holds else "")
