"""What people read about chains."""

from dataclasses import dataclass
from datetime import datetime
from typing import assert_never
from zoneinfo import ZoneInfo

from campaigns.chains.model import (
    Chain,
    ChainState,
    ClaimCode,
    ClaimOutcome,
    CloseRefusal,
    Entry,
    Phase,
)
from campaigns.chains.order_reading import LABELS
from campaigns.chains.rules import phase
from campaigns.deliveries.model import Button, Message
from campaigns.members.model import Language
from campaigns.members.rules import masked
from handlers.wording import groupbuys, openings
from handlers.wording.phrase import Phrase
from handlers.wording.times import lasting, when

LONGEST = 4096  # Telegram takes no longer message.
SHOWN_NAMES = 100
ELLIPSIS = 40
PHASES = {
    Phase.RUNNING: Phrase("进行中", "open"),
    Phase.ENDING: Phrase("即将结束", "about to end"),
    Phase.ENDED: Phrase("已结束", "over"),
}

JOIN_LABEL = Phrase("我要接龙", "Join")
LEAVE_LABEL = Phrase("退出接龙", "Leave")
CONFIRM_LABEL = Phrase("确认名额", "Confirm my place")
APP_LABEL = Phrase("团购小程序", "Open the page")
DECLINE_LABEL = Phrase("不要了", "No, thank you")

JOINED = Phrase("已报名，你是第 {place} 位（{taken}/{places}）。", "You are in: number {place} ({taken}/{places}).")
WAITLISTED = Phrase(
    "名额已满（{taken}/{places}），你在候补第 {waiting} 位，有空位我会私聊你。",
    "All places are taken ({taken}/{places}). You are number {waiting} on the waitlist; I will write when one is free.",
)
WAITLISTED_FOR_MORE = Phrase(
    "只剩 {free} 份，不够 {quantity} 份，先排在候补第 {waiting} 位。改少一些就可以马上报上，例如：改成{free}份。",
    "Only {free} left, too few for {quantity}: you are number {waiting} on the waitlist. Fewer would be in at once.",
)
CONFIRMED = Phrase("名额已确认，你是第 {place} 位。", "Your place is confirmed: number {place}.")
EDITED = Phrase("已改好，现在共 {quantity} 份。", "Changed: {quantity} in all now.")
LEFT = Phrase("已退出接龙，名额让给下一位。", "You left the chain; your place is free.")
UNDONE = Phrase("已撤销，现在共 {quantity} 份。", "Undone: {quantity} in all now.")
TWICE = Phrase("你已经报名，第 {place} 位，每人一个名额。", "You are in already: number {place}. One place each.")
TWICE_OF_MANY = Phrase(
    "你已经报名，第 {place} 位，共 {quantity} 份。要改数量请发「改成2份」（每人最多 {limit} 份）。",
    "You are in already: number {place}, {quantity} in all. To change that send “change 2” ({limit} each at most).",
)
WAITING = Phrase("你已经在候补名单上，第 {waiting} 位。", "You are on the waitlist already: number {waiting}.")
JOINED_FOR = Phrase(
    "已帮 {name} 报名，第 {place} 位（{taken}/{places}）。", "{name} is in: number {place} ({taken}/{places})."
)
WAITLISTED_FOR = Phrase(
    "名额已满（{taken}/{places}），{name} 在候补第 {waiting} 位，有空位我会私聊你。",
    "All places are taken ({taken}/{places}). {name} is number {waiting} on the waitlist; I will write to you.",
)
TWICE_FOR = Phrase("你已经帮 {name} 报过 {quantity} 份。", "You signed {name} up already: {quantity}.")
LEFT_FOR = Phrase("已取消 {name} 的报名。", "{name} is out of the chain.")
FULL = Phrase("名额和候补都满了，谢谢你的支持。", "All places and the waitlist are full. Thank you.")
CLOSED = Phrase("接龙已结束，下次请早。", "This chain is over.")
NOT_IN = Phrase("你还没有报名。", "You are not in this chain.")
NO_CHAIN = Phrase("没有找到这个接龙，请看群里最新的卡片。", "There is no such chain; see the newest card in the group.")
NO_ROOM = Phrase(
    "剩下的名额不够（{taken}/{places}），先按原来的 {quantity} 份保留。",
    "Too few places are left ({taken}/{places}); you keep your {quantity}.",
)
OVER_LIMIT = Phrase("每人最多 {limit} 份。", "{limit} each at most.")
WHICH_ITEM = Phrase("请说明要哪一种，例如：A2。", "Please say which item, for example: A2.")
WHICH_ENTRY = Phrase(
    "你有几条报名，请说明是哪一条，例如：A改成2份，或：取消帮王阿姨。",
    "You have several entries: say which one, for example “A change 2”.",
)
MANY_PROXIES = Phrase("每人最多帮 5 位报名。", "You may sign up 5 others at most.")
NOTHING_TO_CONFIRM = Phrase("你没有待确认的名额。", "No place waits for your confirmation.")
NOTHING_TO_UNDO = Phrase("没有可以撤销的操作（5 分钟内有效）。", "There is nothing to undo (possible for 5 minutes).")
NO_OPEN_CHAIN = Phrase("本群现在没有进行中的接龙。", "No chain is open in this group.")

NOT_LATER = Phrase("新的截止时间要比原来的晚。", "The new deadline must be later than the old one.")
NO_CHAINS = Phrase("你的群里还没有接龙。发 /chain 开一个。", "Your groups have no chains yet. Send /chain to open one.")
NOT_YOURS = Phrase("只有开接龙的经理可以结束它。", "Only the manager who opened the chain can close it.")
CLOSED_ALREADY = Phrase("这个接龙已经结束了。", "This chain is over already.")
CLOSE_BUTTON = Phrase("结束「{product}」", "Close “{product}”")
CLOSED_NOW = Phrase("接龙「{product}」已结束，共 {taken} 人。", "The chain “{product}” is closed with {taken} people.")

_CLAIMS = {
    ClaimCode.JOINED: JOINED,
    ClaimCode.WAITLISTED: WAITLISTED,
    ClaimCode.CONFIRMED: CONFIRMED,
    ClaimCode.EDITED: EDITED,
    ClaimCode.LEFT: LEFT,
    ClaimCode.UNDONE: UNDONE,
    ClaimCode.TWICE: TWICE,
    ClaimCode.WAITING: WAITING,
    ClaimCode.FULL: FULL,
    ClaimCode.CLOSED: CLOSED,
    ClaimCode.NOT_IN: NOT_IN,
    ClaimCode.NO_CHAIN: NO_CHAIN,
    ClaimCode.NOT_ELIGIBLE: groupbuys.ASK_THE_CARD,
    ClaimCode.NO_ROOM: NO_ROOM,
    ClaimCode.OVER_LIMIT: OVER_LIMIT,
    ClaimCode.WHICH_ITEM: WHICH_ITEM,
    ClaimCode.WHICH_ENTRY: WHICH_ENTRY,
    ClaimCode.MANY_PROXIES: MANY_PROXIES,
    ClaimCode.NOTHING_TO_CONFIRM: NOTHING_TO_CONFIRM,
    ClaimCode.NOTHING_TO_UNDO: NOTHING_TO_UNDO,
}

_FOR_OTHERS = {
    ClaimCode.JOINED: JOINED_FOR,
    ClaimCode.WAITLISTED: WAITLISTED_FOR,
    ClaimCode.TWICE: TWICE_FOR,
    ClaimCode.LEFT: LEFT_FOR,
}


def claim(outcome: ClaimOutcome, language: Language, proxy: str | None = None) -> str:
    """The answer to one tap; fits the 200 characters of a callback answer, and is for the claimant's eyes alone.

    `proxy` is the full name of somebody else whom the claim is for.
    """
    if outcome.unmet is not None:
        return groupbuys.unmet(outcome.unmet, outcome.elsewhere, language)
    facts = {
        "place": outcome.place,
        "waiting": outcome.waiting,
        "taken": outcome.taken,
        "places": outcome.places,
        "quantity": outcome.quantity,
        "limit": outcome.limit,
        "free": outcome.places - outcome.taken,
    }
    if outcome.code is ClaimCode.WAITLISTED and outcome.taken < outcome.places:
        return WAITLISTED_FOR_MORE.say(language, **facts)
    if proxy is not None and outcome.code in _FOR_OTHERS:
        return _FOR_OTHERS[outcome.code].say(language, name=masked(proxy), **facts)
    many = outcome.code is ClaimCode.TWICE and outcome.limit > 1
    return (TWICE_OF_MANY if many else _CLAIMS[outcome.code]).say(language, **facts)


def claim_in_group(outcome: ClaimOutcome, language: Language, proxy: str | None = None) -> str:
    """The answer to a word in a group, which everybody reads: why somebody may not take part is not for them."""
    return claim(outcome, language, proxy) if outcome.unmet is None else groupbuys.ASK_THE_CARD.say(language)


def close_refusal(refusal: CloseRefusal, language: Language) -> str:
    """Why a chain was not closed."""
    match refusal:
        case CloseRefusal.NO_CHAIN:
            return NO_CHAIN.say(language)
        case CloseRefusal.NOT_YOURS:
            return NOT_YOURS.say(language)
        case CloseRefusal.CLOSED_ALREADY:
            return CLOSED_ALREADY.say(language)
        case CloseRefusal.PAST_DEADLINE:
            return NOT_LATER.say(language)
        case CloseRefusal.SAME_PRODUCT_OPEN:
            return openings.SAME_PRODUCT.say(language)
        case CloseRefusal.IS_GROUPBUY:
            return groupbuys.EXTEND_OWN_WAY.say(language)
        case _:
            assert_never(refusal)


@dataclass(frozen=True)
class ChainWords:
    """The sentences that the chain's use cases put into the ledger (`campaigns.chains.service.ChainWording`).

    `app` is what a link to the Mini App begins with, None where there is none.
    """

    zone: ZoneInfo
    language: Language = Language.ZH
    app: str | None = None

    def card(self, chain: Chain, now: datetime) -> Message:
        """The group's card: public progress only, masked names; as many lines as one message takes."""
        head = [self._head(chain, now), self._progress(chain), *self._sums(chain)]
        head += [*groupbuys.terms(chain, self.language), ""]
        tail = self._tail(chain)
        room = LONGEST - sum(map(units, (*head, *tail))) - len(head) - len(tail) - ELLIPSIS
        lines = []
        for place, entry in enumerate(chain.entries[:SHOWN_NAMES], start=1):
            line = self._line(chain, place, entry)
            room -= units(line) + 1
            if room < 0:
                break
            lines.append(line)
        if len(chain.entries) > len(lines):
            more = Phrase("…… 共 {n} 条", "… {n} entries in all").say(self.language, n=len(chain.entries))
            lines.append(more)
        return Message("\n".join((*head, *lines, *tail)), self._buttons(chain))

    def reminder(self, chain: Chain, now: datetime) -> Message:
        """What the group reads before the deadline."""
        left = lasting((chain.deadline - now).total_seconds(), self.language)
        free = chain.free
        text = Phrase(
            "⏰ 接龙「{product}」还有 {left} 截止，{taken}/{places} 人已报名，还剩 {free} 个名额。",
            "⏰ The chain “{product}” ends in {left}: {taken}/{places} are in, {free} places left.",
        ).say(
            self.language,
            product=chain.product,
            left=left,
            taken=chain.taken,
            places=chain.places,
            free=free,
        )
        return Message(text, self._buttons(chain))

    def ended(self, chain: Chain) -> Message:
        """What the leader hears in private when the chain is over."""
        text = Phrase(
            "接龙「{product}」已结束，{taken}/{places} 人报名。发 /chains 看完整名单。",
            "The chain “{product}” is over with {taken}/{places} people. Send /chains for the full list.",
        )
        if chain.groupbuy is not None:
            return Message(groupbuys.ended(chain, self.language))
        return Message(text.say(self.language, product=chain.product, taken=chain.taken, places=chain.places))

    def offered(self, chain: Chain, entry: Entry) -> Message:
        """What a candidate hears in private whose turn has come."""
        assert entry.confirm_by is not None
        text = Phrase(
            "接龙「{product}」有空位了，轮到你（{quantity} 份）。请在 {until} 前点「确认名额」，过时让给下一位。",
            "A place in the chain “{product}” is free for you ({quantity}). Please confirm before {until}; "
            "after that it goes to the next.",
        )
        until = when(entry.confirm_by, self.zone, self.language)
        confirm = Button(CONFIRM_LABEL.say(self.language), f"chain:confirm:{chain.id}")
        decline = Button(DECLINE_LABEL.say(self.language), f"chain:leave:{chain.id}")
        words = text.say(self.language, product=chain.product, quantity=entry.quantity, until=until)
        return Message(words, ((confirm, decline),))

    def lapsed(self, chain: Chain, entry: Entry) -> Message:
        """What a candidate hears in private who did not confirm in time."""
        text = Phrase(
            "接龙「{product}」留给你的名额没有及时确认，已让给下一位。想要的话可以再报名。",
            "Your place in the chain “{product}” was not confirmed in time and went to the next. You may join again.",
        )
        return Message(text.say(self.language, product=chain.product))

    def _line(self, chain: Chain, place: int, entry: Entry) -> str:
        """One masked line of the card: whom for, what, how many, by whom written."""
        item = f" {chain.items[entry.item - 1]}" if entry.item else ""
        quantity = f" ×{entry.quantity}" if chain.limit > 1 or chain.items else ""
        by = Phrase("（{name} 代报）", " (by {name})").say(self.language, name=entry.masked_name) if entry.proxy else ""
        unsure = Phrase("（待确认）", " (to confirm)").say(self.language) if entry.confirm_by else ""
        return f"{place}. {entry.shown_name}{item}{quantity}{by}{unsure}"

    def _tail(self, chain: Chain) -> list[str]:
        if not chain.entries:
            return [Phrase("还没有人报名，来做第一个吧。", "Nobody yet: be the first.").say(self.language)]
        if not chain.waiting:
            return []
        waits = Phrase("候补 {n} 人，有空位按先后递补", "{n} on the waitlist, first come, first served")
        return ["", waits.say(self.language, n=len(chain.waiting))]

    def _sums(self, chain: Chain) -> list[str]:
        """How many units of each item are held."""
        parts = []
        for number, item in enumerate(chain.items, start=1):
            held = sum(entry.quantity for entry in chain.entries if entry.item == number)
            parts.append(f"{LABELS[number - 1]}. {item} {held}")
        return [" · ".join(parts)] if parts else []

    def _head(self, chain: Chain, now: datetime) -> str:
        full = chain.is_full and chain.state is ChainState.OPEN
        state = PHASES[phase(chain, now)]
        state = Phrase("已满员", "full") if full else state
        head = Phrase("【接龙】{product} · {state}", "[Chain] {product} · {state}")
        if chain.groupbuy is not None:
            head = Phrase("【拼团】{product} · {state}", "[Group-buy] {product} · {state}")
            state = state if full else groupbuys.STATES[chain.groupbuy.state]
        return head.say(self.language, product=chain.product, state=state.say(self.language))

    def _progress(self, chain: Chain) -> str:
        line = Phrase("已报名 {taken}/{places} · 截止 {when}", "{taken}/{places} are in · ends {when}")
        deadline = when(chain.deadline, self.zone, self.language)
        return line.say(self.language, taken=chain.taken, places=chain.places, when=deadline)

    def _buttons(self, chain: Chain) -> tuple[tuple[Button, ...], ...]:
        """Join (or one button for each item) and leave; a button to confirm while somebody must."""
        if chain.state is ChainState.CLOSED:
            return ()
        join = Button(JOIN_LABEL.say(self.language), f"chain:join:{chain.id}")
        leave = Button(LEAVE_LABEL.say(self.language), f"chain:leave:{chain.id}")
        confirm = Button(CONFIRM_LABEL.say(self.language), f"chain:confirm:{chain.id}")
        confirming = ((confirm,),) if any(entry.confirm_by for entry in chain.entries) else ()
        more = (*confirming, *self._app_row(chain))
        if not chain.items:
            return ((join, leave), *more)
        items = [
            Button(f"{LABELS[n]}. {item} +1", f"chain_item:{chain.id}:{n + 1}") for n, item in enumerate(chain.items)
        ]
        rows = [tuple(items[start : start + 2]) for start in range(0, len(items), 2)]
        return (*rows, (leave,), *more)

    def _app_row(self, chain: Chain) -> tuple[tuple[Button, ...], ...]:
        """The group-buy's page in the Mini App; a link, since groups take no buttons of apps."""
        if chain.groupbuy is None or self.app is None:
            return ()
        return ((Button(APP_LABEL.say(self.language), url=f"{self.app}chain_{chain.id}"),),)


def units(text: str) -> int:
    """The length of a text as Telegram counts it: in UTF-16 units."""
    return len(text.encode("utf-16-le")) // 2


def fitting(texts: list[str]) -> str:
    """As many whole lists as one message takes, at least the first one's beginning."""
    text = texts[0][:LONGEST]
    for more in texts[1:]:
        if len(text) + 2 + len(more) > LONGEST:
            break
        text += f"\n\n{more}"
    return text
