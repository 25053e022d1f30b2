"""What people read about draws."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from campaigns.announcements.model import Announcement
from campaigns.deliveries.model import Button, Message
from campaigns.draws.model import (
    Draw,
    DrawCode,
    DrawFault,
    DrawKind,
    DrawOutcome,
    DrawPhase,
    Finding,
    Mismatch,
    Prize,
    PublishedDraw,
    PublishRefusal,
)
from campaigns.draws.rules import phase_of
from campaigns.members.model import Language
from handlers.wording.announcements import percent
from handlers.wording.phrase import Phrase
from handlers.wording.times import when

RECEIPT_SHOWN = 8

TAKE = {DrawKind.JOIN: Phrase("抽波豆", "Draw"), DrawKind.WHEEL: Phrase("转盘", "Spin")}
KINDS = {DrawKind.JOIN: Phrase("入群抽波豆", "Join draw"), DrawKind.WHEEL: Phrase("幸运转盘", "Wheel")}
PHASES = {
    DrawPhase.UPCOMING: Phrase("即将开始", "starts soon"),
    DrawPhase.RUNNING: Phrase("进行中", "open"),
    DrawPhase.ENDING: Phrase("即将结束", "ends soon"),
    DrawPhase.ENDED: Phrase("已结束", "over"),
}
DREW = {
    DrawKind.JOIN: Phrase("🎁 第 {number} 号：{prize}。", "🎁 Ticket {number}: {prize}."),
    DrawKind.WHEEL: Phrase(
        "🎡 转盘停在：{prize}（第 {number} 号）。", "🎡 The wheel stops at: {prize} (ticket {number})."
    ),
}
WON = Phrase("{name}，{points} 波豆已到账", "{name}, {points} points are yours")
TWICE = Phrase(
    "您已参加过，每位客户限一次。您是第 {number} 号：{prize}。",
    "You took part already, once per customer. Your ticket {number}: {prize}.",
)
RECEIPT = Phrase("凭证 {receipt}", "Receipt {receipt}")
NOT_BOUND = Phrase(
    "先绑定手机号才能参加：私聊我发 /bind，绑定后回来再点一次。",
    "Please link your number first: send me /bind in private, then come back and tap again.",
)
NOT_OPEN = Phrase("现在不在活动时间内。", "This draw is not open now.")
NO_DRAW = Phrase("没有找到这个抽奖，请看群里最新的卡片。", "There is no such draw; see the newest card in the group.")
NO_OPEN_DRAW = Phrase("本群现在没有进行中的抽奖。", "No draw is open in this group.")
ALL_ARE_WELCOME = Phrase(
    "抽奖请在群里点「抽波豆」，或在群里发「抽奖」。", "Tap “Draw” in your group, or send /draw there."
)

PUBLISH = Phrase("发布", "Publish")
DROP = Phrase("取消", "Cancel")
PREVIEW = Phrase(
    "将在「{title}」发布以下规则，发布后不可修改：\n\n{page}",
    "This will be published in “{title}”, and not be changed afterwards:\n\n{page}",
)
PUBLISHED = Phrase(
    "第 {id} 号抽奖已发布，公告和卡片已发到群里。", "Draw {id} is published; rules and card are in the group."
)
DROPPED = Phrase("好的，没有发布。", "All right, nothing was published.")
NOTHING_TO_PUBLISH = Phrase(
    "没有待发布的抽奖，请重新发 /newdraw。", "Nothing waits to be published: send /newdraw again."
)
NO_GROUPS = Phrase(
    "您还没有登记商户福利群，请先发 /newgroup。", "You have no registered group yet: send /newgroup first."
)
ASK_GROUP = Phrase("在哪个群发布？", "In which group?")
ASK_KIND = Phrase(
    "发布哪一种？也可以直接把 YAML 或 JSON 文件发给我（发「取消」结束）",
    "Which kind? You may also send me a YAML or JSON file (“cancel” ends)",
)
ASK_TITLE = Phrase(
    "活动叫什么？（可写「中文 | English」）", "What is it called? (“中文 | English” gives both languages)"
)
ASK_PRIZES = Phrase(
    "奖品一行一个：名称 波豆 概率% 数量；最后一行是没中奖的说法，概率自动补足。例如：\n"
    "一等奖 888 0.1% 2\n二等奖 88 9.9% 50\n谢谢参与",
    "One prize a line: name points odds% stock; the last line is the consolation and gets the odds that remain:\n"
    "First 888 0.1% 2\nSecond 88 9.9% 50\nThank you",
)
ASK_CLOSES = Phrase(
    "什么时候结束？例如：明天20:00、12-31 18:00、3天", "When does it end? For example: tomorrow 20:00, 3d"
)
ASK_CONDITIONS = Phrase(
    "还有什么参加条件或说明？没有请写「无其他条件」。",
    "Any other condition or remark? If not, write “no other condition”.",
)
ASK_COMPLAINTS = Phrase("投诉与咨询找谁？（电话或地址）", "Where do complaints and questions go? (phone or address)")
IN_PRIVATE = Phrase("请私聊我发 /newdraw。", "Please send /newdraw to me in private.")
FILE_TOO_LARGE = Phrase(
    "文件太大，请发 20 KB 以内的 YAML 或 JSON。", "Too large: a YAML or JSON file of 20 KB at most, please."
)
CANCELLED = Phrase("好的，没有发布抽奖。", "All right, no draw was published.")

REFUSALS = {
    PublishRefusal.NO_GROUP: Phrase("这个群还没有登记，请先在群里发 /register。", "This group is not registered yet."),
    PublishRefusal.NOT_YOUR_GROUP: Phrase(
        "这个群由另一位理财经理管理。", "Another wealth manager looks after this group."
    ),
    PublishRefusal.NO_POINTS: Phrase(
        "这个群还没有进行中的波豆活动，奖品无处支付，请先开波豆活动。",
        "This group has no open points campaign that could pay the prizes: open one first.",
    ),
    PublishRefusal.OVER_ALREADY: Phrase("结束时间已经过去了。", "Its end is in the past."),
    PublishRefusal.SAME_KIND_OPEN: Phrase(
        "这个群已有同一种抽奖在进行，结束后才能开下一个。",
        "A draw of this kind is open in the group: wait for its end.",
    ),
    PublishRefusal.BUDGET_TOO_SMALL: Phrase(
        "波豆预算不够：要留足全部奖品。请减少奖品或数量。", "The points budget does not cover all prizes: offer fewer."
    ),
    PublishRefusal.BEYOND_CAMPAIGN: Phrase(
        "抽奖要在波豆活动结束之前结束。", "The draw must end before its points campaign does."
    ),
}
FAULTS = {
    DrawFault.UNREADABLE: Phrase(
        "看不懂这里：{place}。请改好再发。", "I cannot read this: {place}. Please mend it and send again."
    ),
    DrawFault.EMPTY_TERM: Phrase(
        "参加条件、主办、投诉渠道都要写明。", "Conditions, organiser and complaints must all be filled in."
    ),
    DrawFault.TOO_LONG: Phrase(
        "这里太长了：{place}（名称 40 字，条款 300 字）。", "Too long: {place} (names 40, terms 300)."
    ),
    DrawFault.ENDS_EARLY: Phrase("结束时间要晚于开始时间。", "It must end after it opens."),
    DrawFault.FEW_PRIZES: Phrase(
        "至少两行奖品，最后一行是没中奖的说法。", "At least two prizes; the last one is the consolation."
    ),
    DrawFault.MANY_PRIZES: Phrase("奖品最多 12 种。", "12 prizes at most."),
    DrawFault.NO_NAME: Phrase("活动和每个奖品都要有名称。", "The activity and every prize need a name."),
    DrawFault.ODDS: Phrase("概率加起来要正好 100%。", "The odds must add up to exactly 100%."),
    DrawFault.LAST_PRIZE: Phrase(
        "最后一个奖品是没中奖的说法：不带波豆，不限数量。", "The last prize is the consolation: no points, no stock."
    ),
    DrawFault.NO_STOCK: Phrase("其他奖品都要写波豆和数量。", "Every other prize needs points and a stock."),
    DrawFault.TOO_DEAR: Phrase(
        "单个奖品价值不得超过 50,000 元（反不正当竞争法）。",
        "A prize may be worth 50,000 yuan at most (Anti-Unfair Competition Law).",
    ),
    DrawFault.FORBIDDEN_WORD: Phrase("广告里不能说：{place}。", "This may not be said in advertising: {place}."),
}

ASK_NUMBER = Phrase("请写抽奖的编号，例如：/verify 3", "Please give the draw's number, for example: /verify 3")
UNKNOWN_DRAW = Phrase("没有第 {id} 号抽奖。", "There is no draw {id}.")
STILL_OPEN = Phrase(
    "第 {id} 号抽奖 {when} 结束，之后公布口令，届时可以核对。承诺：{commitment}",
    "Draw {id} ends {when}; its secret is shown then and can be checked. Promise: {commitment}",
)
CHECKED = Phrase(
    "第 {id} 号抽奖核对：\n"
    "1. 口令的 SHA-256 与开奖前公布的承诺：{secret}\n"
    "2. 用口令重算 {count} 张号码的奖品（概率、库存、顺序）：{results}\n"
    "3. 每张凭证接着上一张，首尾相连：{receipts}\n{verdict}\n自己重算：{link}",
    "Draw {id}, computed again:\n"
    "1. SHA-256 of the secret and the promise published before: {secret}\n"
    "2. The prize of each of {count} tickets by the secret (odds, stock, order): {results}\n"
    "3. Every receipt follows the one before, to the last: {receipts}\n{verdict}\nCompute it yourself: {link}",
)
RIGHT, WRONG = Phrase("✓ 一致", "✓ right"), Phrase("✗ 不一致", "✗ wrong")
WRONG_AT = Phrase("✗ 第 {numbers} 号不一致", "✗ wrong at {numbers}")
ALL_RIGHT = Phrase("结论：全部一致。", "Everything is as promised.")
NOT_RIGHT = Phrase("结论：有不一致，请联系投诉渠道：{complaints}", "Something is wrong. Please complain: {complaints}")
NUMBERS_SHOWN = 10


def outcome_words(outcome: DrawOutcome, language: Language) -> str:
    """The answer to one tap or word; fits the 200 characters of a callback answer."""
    ticket = outcome.ticket
    if outcome.prize is None or ticket is None:
        refused = {DrawCode.NOT_BOUND: NOT_BOUND, DrawCode.NOT_OPEN: NOT_OPEN}
        return refused.get(outcome.code, NO_DRAW).say(language)
    said = TWICE if outcome.code is DrawCode.TWICE else DREW[outcome.kind]
    words = said.say(language, number=ticket.number, prize=_prize_words(outcome.prize, language))
    return f"{words}\n{RECEIPT.say(language, receipt=ticket.receipt[:RECEIPT_SHOWN])}"


def page_link(address: str, draw_id: int) -> str:
    """Where the rules, and later the secret and all tickets, can be read."""
    return f"{address}/draws/{draw_id}"


def fault_words(fault: DrawFault, place: str, language: Language) -> str:
    """What is wrong with a plan."""
    return FAULTS[fault].say(language, place=place)


def verdict(published: PublishedDraw, findings: Sequence[Finding], link: str, language: Language) -> str:
    """What was checked of a closed draw, and what was found."""
    draw = published.draw
    bad = any(finding.mismatch is Mismatch.SECRET for finding in findings)
    chained = {Mismatch.RECEIPT, Mismatch.NUMBER, Mismatch.HEAD}
    complaints = draw.terms.complaints_zh if language is Language.ZH else draw.terms.complaints_en
    return CHECKED.say(
        language,
        id=draw.id,
        count=len(published.tickets),
        secret=(WRONG if bad else RIGHT).say(language),
        results=_found(findings, {Mismatch.RESULT}, language),
        receipts=_found(findings, chained, language),
        verdict=(NOT_RIGHT if findings else ALL_RIGHT).say(language, complaints=complaints),
        link=link,
    )


def _found(findings: Sequence[Finding], kinds: set[Mismatch], language: Language) -> str:
    found = [finding for finding in findings if finding.mismatch in kinds]
    numbers = [str(finding.number) for finding in found if finding.number is not None]
    if not numbers:
        return (WRONG if found else RIGHT).say(language)
    more = "…" if len(numbers) > NUMBERS_SHOWN else ""
    return WRONG_AT.say(language, numbers=", ".join(numbers[:NUMBERS_SHOWN]) + more)


def _prize_words(prize: Prize, language: Language) -> str:
    name = prize.title_zh if language is Language.ZH else prize.title_en
    return WON.say(language, name=name, points=prize.points) if prize.points else name


@dataclass(frozen=True)
class DrawWords:
    """The sentences that draws put into the ledger (`campaigns.draws.hosting.DrawWording`)."""

    zone: ZoneInfo
    address: str
    language: Language = Language.ZH

    def card(self, draw: Draw, now: datetime) -> Message:
        """The group's card: state, prizes with their odds, how many took part."""
        head = Phrase("【{kind}】{title} · {phase}", "[{kind}] {title} · {phase}")
        phase = phase_of(draw, now)
        moment = draw.opens_at if phase is DrawPhase.UPCOMING else draw.closes_at
        until = (
            Phrase("开始 {when}", "starts {when}") if moment == draw.opens_at else Phrase("截止 {when}", "ends {when}")
        )
        lines = [
            head.say(
                self.language,
                kind=KINDS[draw.kind].say(self.language),
                title=self._title(draw),
                phase=PHASES[phase].say(self.language),
            ),
            *(self._line(prize) for prize in draw.prizes),
            Phrase("{n} 人已参与 · {until}", "{n} took part · {until}").say(
                self.language, n=draw.drawn, until=until.say(self.language, when=when(moment, self.zone, self.language))
            ),
            Phrase("规则与核对：{link}", "Rules and proof: {link}").say(
                self.language, link=page_link(self.address, draw.id)
            ),
        ]
        return Message("\n".join(lines), () if phase is DrawPhase.ENDED else self._buttons(draw, self.language))

    def announcement(self, draw: Draw, announcement: Announcement) -> Message:
        """The rules that are pinned in the group, with their hash and the page's address."""
        tail = Phrase(
            "规则页（版本 {version}）：{link}\n规则校验码：{digest}",
            "Rules (version {version}): {link}\nTheir hash: {digest}",
        ).say(
            self.language,
            version=announcement.version,
            link=page_link(self.address, draw.id),
            digest=announcement.digest,
        )
        text = announcement.text_zh if self.language is Language.ZH else announcement.text_en
        return Message(f"📢 {text}\n{tail}", self._page_button(draw))

    def invitation(self, draw: Draw, language: Language) -> Message:
        """What a bound newcomer hears in private: one thing, one button."""
        title = draw.title_zh if language is Language.ZH else draw.title_en
        text = Phrase(
            "🎁 您可以参加「{title}」，每位客户一次，{when} 截止。规则：{link}",
            "🎁 You can take part in “{title}”, once per customer, until {when}. Rules: {link}",
        ).say(
            language, title=title, when=when(draw.closes_at, self.zone, language), link=page_link(self.address, draw.id)
        )
        return Message(text, self._buttons(draw, language))

    def revealed(self, published: PublishedDraw) -> Message:
        """What the group hears at the end: the secret, and where it can be checked."""
        draw = published.draw
        text = Phrase(
            "🔓「{title}」已结束，{n} 人参与。开奖口令：\n{secret}\n它的 SHA-256 就是开奖前公布的承诺。"
            "核对每一张号码：发 /verify {id}，或打开\n{link}",
            "🔓 “{title}” is over, {n} took part. The secret:\n{secret}\nIts SHA-256 is what was promised before. "
            "Check every ticket: send /verify {id}, or open\n{link}",
        )
        facts = {"title": self._title(draw), "n": draw.drawn, "secret": published.secret, "id": draw.id}
        return Message(text.say(self.language, link=page_link(self.address, draw.id), **facts), self._page_button(draw))

    def _title(self, draw: Draw) -> str:
        return draw.title_zh if self.language is Language.ZH else draw.title_en

    def _line(self, prize: Prize) -> str:
        name = prize.title_zh if self.language is Language.ZH else prize.title_en
        if prize.stock is None:
            return f"· {name} {percent(prize.odds)}"
        line = Phrase("· {name} {points} 波豆 × {stock}（{odds}）", "· {name} {points} points × {stock} ({odds})")
        return line.say(self.language, name=name, points=prize.points, stock=prize.stock, odds=percent(prize.odds))

    def _buttons(self, draw: Draw, language: Language) -> tuple[tuple[Button, ...], ...]:
        return ((Button(TAKE[draw.kind].say(language), f"draw:{draw.id}"),),)

    def _page_button(self, draw: Draw) -> tuple[tuple[Button, ...], ...]:
        """The platform takes no button to a machine of one's own: there the address in the text must do."""
        if not self.address.startswith("https://"):
            return ()
        return (
            (Button(Phrase("规则与核对", "Rules and proof").say(self.language), url=page_link(self.address, draw.id)),),
        )
