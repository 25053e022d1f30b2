"""What people read when their words on a chain are asked back."""

from typing import assert_never

from campaigns.chains.entry_reading import Doubt, Question, Wish
from campaigns.chains.model import Chain, Order, Verb
from campaigns.members.model import Language
from campaigns.members.rules import masked
from handlers.wording.phrase import Phrase

WHICH_CHAIN = Phrase(
    "本群有几个接龙，请点卡片上的按钮，或在话里写上名称，例如：接龙 名称 2份。",
    "Several chains are open: tap the button on the card you mean, or name it.",
)
OUTDATED = Phrase("这个问题已经过时了，请重新发一次。", "This question is out of date: please write again.")
NOT_YOUR_WORDS = Phrase("这是问别人的哦。", "This question was for somebody else.")
ONE_EACH = Phrase("本次接龙每人 1 份，请发「+1」。", "One each in this chain: please send “+1”.")

_WHO = Phrase("「{words}」是谁？请选一个：", "Who or what is “{words}”? Please choose:")
_NOTE = Phrase("「{words}」要写成备注吗？", "Shall “{words}” be your note?")
_ITEM = Phrase("要哪一种？", "Which item?")
_OTHER_ITEM = Phrase("没有「{words}」，要哪一种？", "There is no “{words}”. Which item?")
_FEWER = Phrase("要少报几份，还是退出？", "Fewer, or none at all?")
_SURE_JOIN = Phrase("要接龙「{product}」吗？", "Shall I sign you up for “{product}”?")
_SURE_LEAVE = Phrase("要退出接龙「{product}」吗？", "Do you want to leave the chain “{product}”?")
_UNREAD = Phrase(
    "没看懂。请这样写：+2、帮王阿姨报1份、改成3份、退出接龙、撤销。",
    "I could not read that. Please write: +2, for Anna join 1, change to 3, leave, undo.",
)
_UNREAD_ITEMS = Phrase(
    "没看懂。请这样写：A2 B1、A改成1份、退A、退出接龙、撤销。",
    "I could not read that. Please write: A2 B1, A change to 1, leave A, undo.",
)
_SELF = Phrase("我自己报 {orders}", "Me: {orders}")
_NOTED = Phrase("我自己报 {orders}，备注：{note}", "Me: {orders}, note: {note}")
_FOR = Phrase("帮 {name} 报 {orders}", "For {name}: {orders}")
_CHANGE = Phrase("改成 {orders}", "Change to {orders}")
_LEAVE = Phrase("退出接龙", "Leave")
_UNITS = Phrase("{n} 份", "{n}")


def question(asked: Question, chain: Chain, language: Language) -> str:
    """What is asked back."""
    match asked.doubt:
        case Doubt.WHO:
            return _WHO.say(language, words=asked.words)
        case Doubt.NOTE:
            return _NOTE.say(language, words=asked.words)
        case Doubt.ITEM:
            return (_OTHER_ITEM if asked.words else _ITEM).say(language, words=asked.words)
        case Doubt.FEWER:
            return _FEWER.say(language)
        case Doubt.SURE:
            leaves = asked.answers[0].verb is Verb.LEAVE
            return (_SURE_LEAVE if leaves else _SURE_JOIN).say(language, product=chain.product)
        case Doubt.UNREAD:
            return (_UNREAD_ITEMS if chain.items else _UNREAD).say(language)
        case _:
            assert_never(asked.doubt)


def answer(asked: Question, wish: Wish, chain: Chain, language: Language) -> str:
    """The label of one answer."""
    orders = _orders(wish.orders or (Order(),), chain, language)
    if wish.verb is Verb.LEAVE:
        return _LEAVE.say(language)
    if wish.verb is Verb.EDIT:
        return _CHANGE.say(language, orders=orders)
    if asked.doubt is Doubt.ITEM:
        return orders
    if wish.proxy:
        return _FOR.say(language, name=masked(wish.proxy), orders=orders)
    return (_NOTED if wish.note else _SELF).say(language, orders=orders, note=wish.note)


def _orders(orders: tuple[Order, ...], chain: Chain, language: Language) -> str:
    parts = [
        f"{chain.items[order.item - 1]} ×{order.quantity}" if order.item else _UNITS.say(language, n=order.quantity)
        for order in orders
    ]
    return " ".join(parts)
