"""Reading what members write on a chain in their group: understood, asked back, or small talk; never guessed.

The forms are those of WeChat groups: +1, 加二, 接龙 两份, A2 B1, 苹果 2箱, 帮王阿姨报2份, 改成3份, 撤销; both scripts.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from campaigns.chains.model import Chain, Entry, Order, Verb
from campaigns.chains.numerals import NUMBER, NUMERALS, read_number
from campaigns.chains.order_reading import Orders, read_orders
from campaigns.chains.reading import normal

LONGEST = 60
LONGEST_NOTE = 40
_QUESTION = (
    r"[?？嘛么麼谁誰哪]|[吗嗎呢]|怎|几点|幾點|几号|多少|能不能|可以|如果|要不要|是不是|没有|還沒|还没|\d{7}|https?:"
)
_CHAIN = "接[龙龍]"
_NAMED = "[报報]名"
_GROUP = "[团團]"
_JOIN = rf"我要{_CHAIN}|我要{_NAMED}|{_CHAIN}|[参參]{_GROUP}|跟{_GROUP}|拼{_GROUP}|{_NAMED}|我[报報]|join"
_SURE_LEAVE = rf"退出{_CHAIN}|取消{_CHAIN}|取消{_NAMED}|退{_GROUP}|leave"
_LEAVE = rf"{_SURE_LEAVE}|取消|退出|不接了|不要了|不[报報]了|不[参參]加了|退掉?|不要"
_EDIT = r"改成|改[为為]|改到|改|change to|change"
_FOR = r"[帮幫替代]|for\s"
_SIGNING = rf"{_NAMED}|[报報]|{_CHAIN}|[参參]{_GROUP}|接|加|join|(?=[+])"
_PERSON = re.compile(
    r"[\u4e00-\u9fff·]{2,4}|[\u4e00-\u9fff]{2,4}·[\u4e00-\u9fff]{2,6}|[A-Za-z][A-Za-z .'-]{0,18}[A-Za-z]"
)
_NOBODY = re.compile(
    r"[你他她它您咱].*|大家|我.*|.*们|別人|别人|[谁誰].*|忙.*|所有.*|客[户戶].*"
    r"|.*[点點送取].*|.*[晚早上下]上.*|.*[上下]午.*|[今明后後]天.*"
)
_POLITE = re.compile(
    r"(?:[谢謝]+|感[谢謝]|多[谢謝]|麻[烦煩]|辛苦|拜托|[请請]|好的|收到|好|ok|thanks|thank you|please"
    r"|哈|呀|啦|了|吧|哦|喔|啊|的|我|要|想要|一起|也)+",
    re.IGNORECASE,
)


class Doubt(StrEnum):
    """What must be asked back."""

    WHO = "who"
    NOTE = "note"
    ITEM = "item"
    FEWER = "fewer"
    SURE = "sure"
    UNREAD = "unread"


@dataclass(frozen=True)
class Wish:
    """What one message asks of a chain; no `orders` means one unit when joining, else everything that is there."""

    verb: Verb
    orders: tuple[Order, ...] = ()
    note: str = field(default="", repr=False)
    proxy: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Question:
    """What is asked back, with the answers to choose from; `words` are those that were not understood."""

    doubt: Doubt
    answers: tuple[Wish, ...] = ()
    words: str = field(default="", repr=False)


Read = Wish | Question | None


def read_entry(text: str, chain: Chain, member_id: int, own_name: str, *, addressed: bool = False) -> Read:
    """What a message in a group means for its open chain; None for small talk.

    Args:
        text: as typed.
        chain: the chain with its entries, since an edit depends on what is there.
        member_id: who wrote.
        own_name: the writer's name, which a sign-up may repeat.
        addressed: the message answers the bot or names it, so that a bare 两个 is no small talk.
    """
    said = normal(text)
    if not said or len(said) > LONGEST or "\n" in text.strip() or re.search(_QUESTION, said):
        return None
    if chain.product not in chain.items:
        said = " ".join(said.replace(chain.product, " ").split())
    said, note = _note(said)
    reader = _Reader(chain, chain.of(member_id), normal(own_name), note, addressed)
    for read in (reader.undo, reader.confirm, reader.edit, reader.leave, reader.fewer, reader.more, reader.proxy):
        if found := read(said):
            return found
    return reader.join(said)


def read_among(
    chains: Sequence[Chain], text: str, member_id: int, own_name: str, *, addressed: bool = False
) -> list[tuple[Chain, Wish | Question]]:
    """The open chains that a message can mean, each with what it says there; one that names a product means that one.

    Whoever is in one of them alone means that one, except when joining.
    """
    named = [chain for chain in chains if chain.product in normal(text)]
    read = [
        (chain, said)
        for chain in named or chains
        if (said := read_entry(text, chain, member_id, own_name, addressed=addressed))
    ]
    own = [(chain, said) for chain, said in read if chain.of(member_id) and not _joins(said)]
    return own if len(read) > 1 and len(own) == 1 else read


def _joins(said: Wish | Question) -> bool:
    return any(wish.verb is Verb.JOIN for wish in (said.answers if isinstance(said, Question) else (said,)))


@dataclass(frozen=True)
class _Reader:
    """One message of one member: each method reads one kind of act and is None where it is not meant."""

    chain: Chain
    mine: Sequence[Entry]
    own_name: str
    note: str
    addressed: bool

    def undo(self, said: str) -> Read:
        """撤销."""
        return Wish(Verb.UNDO) if _match(r"撤[销銷]|撤回|undo", _bare(said)) else None

    def confirm(self, said: str) -> Read:
        """确认名额; a bare 确认 only from somebody who was offered a place."""
        waits = any(entry.confirm_by for entry in self.mine)
        words = r"[确確][认認](?:名[额額])?|confirm" if waits else r"[确確][认認]名[额額]"
        return Wish(Verb.CONFIRM) if _match(words, _bare(said)) else None

    def edit(self, said: str) -> Read:
        """改成3份, 把苹果改成2箱, 帮王阿姨改成3份, 备注改成晚上送."""
        found = _match(rf"把?(?P<whose>.{{0,12}}?)(?:的|[数數]量)?\s?(?:{_EDIT})\s?(?P<what>.*)", said)
        if found is None:
            return None
        if _match("[备備][注註]", found["whose"]) and found["what"]:
            return Wish(Verb.EDIT, note=found["what"][:LONGEST_NOTE])
        if self.note and not found["whose"] and not found["what"]:
            return Wish(Verb.EDIT, note=self.note)
        proxy, whose = self._proxy_first(found["whose"])
        orders = self._orders(f"{whose} {found['what']}")
        if orders.orders and not _meaning(orders.rest):
            return Wish(Verb.EDIT, orders.orders, self.note, proxy)
        return Question(Doubt.UNREAD, words=said) if self.mine and _match("我?要?改[成为為到]?", said) else None

    def leave(self, said: str) -> Read:
        """退出接龙, 取消帮王阿姨, 退出A; a word that may be small talk is asked back."""
        found = _match(rf"(?P<before>.{{0,12}}?)\s?(?P<word>{_LEAVE})\s?(?P<what>.*)", said)
        if found is None:
            return None
        proxy, rest = self._proxy_first(f"{found['before']} {found['what']}")
        orders = self._orders(rest)
        if _meaning(orders.rest) or orders.is_unclear:
            return None
        wish = Wish(Verb.LEAVE, orders.orders, proxy=proxy)
        if _match(_SURE_LEAVE, found["word"]) or proxy or self.addressed or (orders.has_items and self.mine):
            return wish
        return Question(Doubt.SURE, (wish,)) if self.mine else None

    def fewer(self, said: str) -> Read:
        """-1 gives the only unit back; of more than one, the writer says what is meant."""
        found = _match(rf"(?:-|[减減])\s?(?P<number>{NUMBER})\s?[份个個位]?", _bare(said))
        number = read_number(found["number"]) if found else None
        if not number:
            return None
        own = [entry for entry in self.mine if entry.proxy is None]
        if len(own) > 1:
            return Question(Doubt.SURE, (Wish(Verb.LEAVE),))
        held = own[0].quantity if own else 1
        if number < held:
            return Question(Doubt.FEWER, (Wish(Verb.EDIT, (Order(held - number),)), Wish(Verb.LEAVE)))
        return Wish(Verb.LEAVE) if number == held else None

    def more(self, said: str) -> Read:
        """再来一份 adds to what is there; 再来一个 may be said to a singer, and is asked back."""
        words = rf"(?:再[来來加要报報]|多加)\s?(?P<number>{NUMBER})\s?(?P<unit>[份个個位]?)"
        found = _match(words, _bare(said))
        number = read_number(found["number"]) if found else None
        own = [entry for entry in self.mine if entry.proxy is None]
        if found is None or not number or self.chain.items:
            return None
        wish = Wish(Verb.EDIT, (Order(own[0].quantity + number),)) if own else Wish(Verb.JOIN, (Order(number),))
        return wish if found["unit"] == "份" or self.addressed else Question(Doubt.SURE, (wish,))

    def proxy(self, said: str) -> Read:
        """帮王阿姨报2份, 代报 王阿姨 2份, +1 帮王阿姨."""
        lead = rf"(?:(?:{_JOIN})\s?)?(?P<lead>[+]\s?{NUMBER})?\s?"
        called = _match(rf"{lead}(?:{_FOR})(?:{_SIGNING})\s?:?\s?(?P<name>\S{{1,12}}?)(?P<what>(?:\s.*)?)", said)
        found = called or _match(rf"{lead}(?:{_FOR})\s?(?P<name>.{{1,19}}?)\s?(?:{_SIGNING})(?P<what>.*)", said)
        found = found or _match(rf"{lead}(?:{_FOR})\s?(?P<name>\S{{1,12}}?)(?P<what>(?:\s.*)?)", said)
        if found is None:
            return None
        orders = self._orders(f"{found['lead'] or ''} {found['what']}")
        if found["name"] == "我":
            return self._joining(orders, None, strong=False) if orders.orders else None
        is_bare = found is not called and not re.search(rf"(?:{_FOR}).*(?:{_SIGNING})", said)
        if not is_person(found["name"]) or (not orders.orders and (is_bare or _meaning(orders.rest))):
            return None
        return self._joining(orders, found["name"], strong=True)

    def join(self, said: str) -> Read:
        """+1, 加二, 接龙 两份, A2 B1; a word that may be small talk only when everything else is understood."""
        found = _match(rf"(?P<word>{_JOIN}|[+](?=\s?{NUMBER})|加|我要|[来來])(?P<what>.*)", said)
        word, what = (found["word"], found["what"]) if found else ("", said)
        orders = self._orders(what.lstrip(" :,，"))
        if word and not _match("加|我要|[来來]", word) and not _runs_on(what, orders):
            return self._joining(orders, None, strong=True)
        rest = _meaning(orders.rest)
        if not orders.orders:
            return None
        if rest:
            named = word and _match(_JOIN, word) and is_person(rest)
            counted = not word and orders.has_items and re.search(r"\d", what) and not re.search(r"\d", rest)
            return self._joining(orders, None, strong=True) if named or counted else None
        if word in {"加", "我要"} or self.addressed or (not word and orders.has_items and re.search(NUMBER, what)):
            return self._joining(orders, None, strong=True)
        lone = _match(rf"[来來]?(?:\d{{1,4}}|[{NUMERALS}]{{1,3}})\s?[份个個]", said)
        return Question(Doubt.SURE, (Wish(Verb.JOIN, orders.orders),)) if lone and self.chain.limit > 1 else None

    def _joining(self, orders: Orders, proxy: str | None, *, strong: bool) -> Read:
        """A sign-up, or what must be asked of it."""
        rest = _meaning(orders.rest)
        if proxy is None and _same_name(rest, self.own_name):
            rest = ""
        wish = Wish(Verb.JOIN, orders.orders, self.note, proxy)
        if rest or orders.is_unclear:
            return self._about(rest, orders, wish) if strong else None
        return self._which_item(wish) if self.chain.items and not orders.has_items else wish

    def _which_item(self, wish: Wish) -> Read:
        quantity = wish.orders[0].quantity if wish.orders else 1
        if quantity > self.chain.limit:
            return wish
        every = range(1, len(self.chain.items) + 1)
        answers = tuple(Wish(Verb.JOIN, (Order(quantity, item),), wish.note, wish.proxy) for item in every)
        return Question(Doubt.ITEM, answers)

    def _about(self, rest: str, orders: Orders, wish: Wish) -> Read:
        """Words that were not understood may be a name or a note: the writer says which."""
        if orders.is_unclear:
            return Question(Doubt.UNREAD, words=rest)
        if self.chain.items and not orders.has_items:
            asked = self._which_item(wish)
            return replace(asked, words=rest) if isinstance(asked, Question) else asked
        noted = replace(wish, note=f"{wish.note} {rest}".strip()[:LONGEST_NOTE])
        if wish.proxy is None and is_person(rest):
            return Question(Doubt.WHO, (wish, replace(wish, proxy=rest), noted), rest)
        return Question(Doubt.NOTE, (noted, wish), rest)

    def _orders(self, text: str) -> Orders:
        return read_orders(text, self.chain.items)

    def _proxy_first(self, text: str) -> tuple[str | None, str]:
        """The person signed up by the writer whom a text begins with, and what follows."""
        bare = re.sub(rf"^(?:{_FOR})\s?", "", text.strip(), flags=re.IGNORECASE)
        for name in sorted({entry.proxy for entry in self.mine if entry.proxy}, key=len, reverse=True):
            if bare.startswith(name):
                return name, bare.removeprefix(name).strip()
        return None, text.strip()


def is_person(name: str) -> bool:
    """Whether words can be somebody's name, as far as form tells."""
    return bool(_PERSON.fullmatch(name)) and not _NOBODY.fullmatch(name)


def _match(pattern: str, text: str) -> re.Match[str] | None:
    return re.fullmatch(pattern, text, re.IGNORECASE)


def _runs_on(what: str, orders: Orders) -> bool:
    """Whether a word of joining goes on in a sentence (报名的人…), so that it asks for nothing."""
    begins = re.match(rf"$|[\s:,;.!。~+x×*（(]|{NUMBER}|[{NUMERALS}]", what)
    return begins is None and not _starts_with_order(what, orders)


def _starts_with_order(what: str, orders: Orders) -> bool:
    return bool(orders.orders) and not what.startswith(orders.rest[:1] or " ")


def _same_name(words: str, own_name: str) -> bool:
    return bool(words) and words.replace(" ", "").casefold() == own_name.replace(" ", "").casefold()


def _note(said: str) -> tuple[str, str]:
    """A text without what is marked as a note in it, and the note."""
    found = re.search(r"[,;\s]*(?:[备備][注註]|note)\s?:\s?(?P<marked>.+)$|[,\s]*\((?P<bracketed>[^()]+)\)$", said)
    if found is None:
        return said, ""
    return said[: found.start()].strip(), (found["marked"] or found["bracketed"]).strip()[:LONGEST_NOTE]


def _bare(said: str) -> str:
    return re.sub(r"[吧了啊呀哦]+$", "", re.sub(r"[\s,.!。~、]+$", "", said))


def _meaning(rest: str) -> str:
    """What is left to understand once thanks, particles, punctuation and pictures are gone."""
    shown = "".join(" " if unicodedata.category(one) in {"So", "Sk", "Cf", "Mn"} else one for one in rest)
    words = re.split(r"[\s,.;:!。、~]+", shown)
    return " ".join(word for word in words if word and not _POLITE.fullmatch(word))
