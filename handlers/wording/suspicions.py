"""What organisers read about doubtful visitors: why, and what a person may decide."""

from campaigns.members.model import Language
from campaigns.rallies.model import Rally
from campaigns.suspicions.model import Case, Sign, SuspicionState
from handlers.wording.phrase import Phrase
from handlers.wording.rally_pages import of

NONE_HELD = Phrase("没有待核实的疑点。", "Nobody's gift is held.")
HEAD = Phrase(
    "【疑点】{title}：{held} 人的礼品待人工核实（印章不受影响）",
    "[Doubts] {title}: {held} gifts wait for you (stamps do not)",
)
CASE = Phrase("· {name} · {score} 分：{reasons}", "· {name} · {score} points: {reasons}")
REASONS = {
    Sign.TOO_FAST: Phrase("{n} 次赶到下个摊位快过跑步", "{n}× at the next booth faster than running"),
    Sign.STALE_CODES: Phrase("{n} 次用早已过期的码", "{n}× with a code long over"),
    Sign.SHARED_CODE: Phrase("{n} 次与异常多的人同用一个码", "{n}× on a code that unusually many used"),
    Sign.FORGED_CODES: Phrase("{n} 次用伪造的码", "{n}× with a forged code"),
    Sign.RING: Phrase("处处与另外 {n} 人同一时刻盖章", "stamps with {n} others within seconds everywhere"),
    Sign.UNEARNED: Phrase("印章作废后，{n} 枚勋章的章不够了", "{n} medals lack stamps since some were taken back"),
    Sign.PARTY: Phrase("常与另外 {n} 人一起盖章", "often stamps together with {n} others"),
}
CLEAR_BUTTON = Phrase("放行 {name}", "Clear {name}")
CONFIRM_BUTTON = Phrase("不发 {name}", "Refuse {name}")
DECIDED = {
    SuspicionState.CLEARED: Phrase("已放行，可以领礼品。", "Cleared: the gift may be fetched."),
    SuspicionState.CONFIRMED: Phrase("已记为作弊，礼品不发。", "Recorded as cheating: no gift."),
}
DECIDED_BEFORE = Phrase("这一条已经有人处理了。", "Somebody has decided this already.")


def cases(rally: Rally, shown: list[Case], names: dict[int, str], held: int, language: Language) -> str:
    """An event's doubtful visitors whose gifts are held, by their masked names."""
    lines = (
        CASE.say(
            language,
            name=names.get(each.suspicion.member_id, "-"),
            score=each.suspicion.score,
            reasons="；".join(REASONS[reason.sign].say(language, n=reason.times) for reason in each.suspicion.reasons),
        )
        for each in shown
    )
    return "\n".join([HEAD.say(language, title=of(rally, "title", language), held=held), *lines])
