"""What those read who decide on doubtful referrals."""

from zoneinfo import ZoneInfo

from campaigns.members.model import Language
from campaigns.referrals.model import DecideCode, Doubt, Doubtful
from campaigns.referrals.service import Desk
from handlers.wording.phrase import Phrase
from handlers.wording.points import day_words
from handlers.wording.times import when

NOTHING_HELD = Phrase("没有待核实的老带新。", "No referral waits for a decision.")
HELD_TITLE = Phrase("待核实的老带新（{heads} 条）：", "Referrals that wait for a decision ({heads}):")
HELD_LINE = Phrase(
    "#{id} {referrer} → {newcomer}\n原因：{reason}\n{made} 报名；{referrer} 共邀请 {brought} 人，前后一分钟内 "
    "{together} 人{known}{opened}",
    "#{id} {referrer} → {newcomer}\nReason: {reason}\nCame {made}; {referrer} brought {brought}, {together} within a "
    "minute{known}{opened}",
)
KNOWN = Phrase("；{since} 起为本行客户", "; known to the bank since {since}")
OPENED = Phrase("；{on} 开户", "; account opened {on}")
STAFF_REASONS = {
    Doubt.SELF: Phrase("邀请人和新客是同一位客户", "both sides are one customer"),
    Doubt.EXISTING_CUSTOMER: Phrase("邀请之前已是本行客户", "the bank knew the customer before"),
    Doubt.RING: Phrase("邀请关系成环", "the invitations run in a ring"),
    Doubt.BURST: Phrase("同一邀请人一分钟内新客过多", "too many newcomers of one member within a minute"),
}
UNRETURNED_TITLE = Phrase("销户后未能收回：", "Could not be taken back:")
UNRETURNED_LINE = Phrase(
    "#{id} {referrer} 少 {left} 波豆，{newcomer} 少 {right} 波豆",
    "#{id} {referrer} {left} points short, {newcomer} {right} short",
)
RELEASE = Phrase("#{id} 放行", "#{id} let it go on")
REJECT = Phrase("#{id} 驳回", "#{id} reject")
DECISIONS = {
    DecideCode.RELEASED: Phrase("已放行，已记录。", "It goes on; recorded."),
    DecideCode.REJECTED: Phrase("已驳回，已记录。", "Rejected; recorded."),
    DecideCode.SETTLED_ALREADY: Phrase("这一条已处理过。", "This one was settled before."),
    DecideCode.OWN: Phrase("与您本人有关，请由同事处理。", "You are one of its sides: a colleague must decide."),
    DecideCode.UNKNOWN: Phrase("没有这一条。", "There is no such referral."),
}


def held(desk: Desk, zone: ZoneInfo, language: Language) -> str:
    """What those who decide read."""
    parts = [_doubtful(each, zone, language) for each in desk.doubtful]
    title = HELD_TITLE.say(language, heads=desk.waiting) if desk.waiting else NOTHING_HELD.say(language)
    if desk.unreturned:
        lines = [
            UNRETURNED_LINE.say(
                language,
                id=each.referral_id,
                referrer=each.referrer,
                newcomer=each.newcomer,
                left=f"{each.missing.referrer:,}",
                right=f"{each.missing.newcomer:,}",
            )
            for each in desk.unreturned
        ]
        parts.append("\n".join([UNRETURNED_TITLE.say(language), *lines]))
    return "\n\n".join([title, *parts])


def _doubtful(each: Doubtful, zone: ZoneInfo, language: Language) -> str:
    referral, since = each.referral, each.known_since
    opened = OPENED.say(language, on=day_words(referral.opened_on, language)) if referral.opened_on else ""
    return HELD_LINE.say(
        language,
        id=referral.id,
        referrer=each.referrer,
        newcomer=each.newcomer,
        reason=STAFF_REASONS[referral.doubt].say(language) if referral.doubt in STAFF_REASONS else "",
        made=when(referral.made_at, zone, language),
        brought=each.brought,
        together=each.together,
        known=KNOWN.say(language, since=day_words(since, language)) if since else "",
        opened=opened,
    )
