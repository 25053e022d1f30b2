"""Reading a sign-up list pasted from WeChat (#接龙, title, 1. 张三 2份 …); what cannot be read is given back whole."""

import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace

from campaigns.chains.model import Order
from campaigns.chains.numerals import read_number
from campaigns.chains.order_reading import Orders, read_orders
from campaigns.chains.reading import normal

LONGEST_NAME = 20
LONGEST_NOTE = 40
_HEAD = re.compile(r"#?\s?接[龙龍]\s?[:：]?\s?(?P<title>.*)")
_NUMBERED = re.compile(r"\(?(?P<number>\d{1,3})(?:[.、):,]\s?|\s)(?P<body>.*)")
_EXAMPLE = re.compile(r"(?:例|例如|格式|示例|example)(?:[:\s].*)?", re.IGNORECASE)
_GLUED = re.compile(r"(?P<name>\D*[^\d\s.:+*x×-])\s?[+*x×-]?\s?(?P<number>\d{1,3})", re.IGNORECASE)


@dataclass(frozen=True)
class PastedLine:
    """One line that was read: for whom, how many of what, and the words behind it."""

    name: str = field(repr=False)
    orders: tuple[Order, ...]
    note: str = field(default="", repr=False)


@dataclass(frozen=True)
class PastedList:
    """A pasted list; `unread` are the lines that nobody should guess at, as they were written."""

    title: str
    lines: tuple[PastedLine, ...] = ()
    unread: tuple[str, ...] = field(default=(), repr=False)


def is_pasted_list(text: str) -> bool:
    """Whether a message is a list of WeChat's form: headed 接龙, with at least one numbered line."""
    lines = [normal(line) for line in text.splitlines() if line.strip()]
    return bool(lines) and bool(_HEAD.fullmatch(lines[0])) and any(map(_NUMBERED.fullmatch, lines[1:]))


def read_pasted_list(text: str, items: Sequence[str], limit: int) -> PastedList:
    """Read every numbered line; the title and what stands before the first number is no entry.

    Args:
        text: as pasted.
        items: what can be chosen in the chain, empty where there is one thing only.
        limit: the most units that one person may have; a line that asks for more is not taken over.
    """
    lines = [normal(_shown(line)) for line in text.splitlines() if line.strip()]
    head = _HEAD.fullmatch(lines[0]) if lines else None
    title, read, unread = head["title"] if head else "", list[PastedLine](), list[str]()
    begun = False
    for line in lines[1:]:
        numbered = _NUMBERED.fullmatch(line)
        begun = begun or numbered is not None
        if not begun:
            title = title or ("" if _EXAMPLE.fullmatch(line) else line)
        elif numbered is None or not numbered["body"].strip():
            unread += [] if numbered or _EXAMPLE.fullmatch(line) or re.fullmatch(r"\d{1,3}[.、]?", line) else [line]
        elif (found := _line(numbered["body"], items)) and _fits(found, read, limit):
            read.append(found)
        else:
            unread.append(line)
    return PastedList(title, tuple(read), tuple(unread))


def without(pasted: PastedList, names: Collection[str]) -> tuple[PastedList, tuple[str, ...]]:
    """A list without those who are on the chain already, and their names."""
    known = {name.replace(" ", "").casefold() for name in names}
    there = tuple(line.name for line in pasted.lines if line.name.replace(" ", "").casefold() in known)
    return replace(pasted, lines=tuple(line for line in pasted.lines if line.name not in there)), there


def _line(body: str, items: Sequence[str]) -> PastedLine | None:
    """Name, orders and note of one line; None where it is not clear."""
    if re.search(r"\d{7}", body):
        return None
    glued = _GLUED.fullmatch(body)
    number = read_number(glued["number"]) if glued and not items else None
    orders = Orders((Order(number),), glued["name"]) if glued and number else read_orders(body, items)
    rest = orders.rest.strip(" ,;:()")
    name, note = (
        (rest, "") if re.fullmatch(r"[A-Za-z .'-]+", rest) else rest.split(" ", 1) if " " in rest else (rest, "")
    )
    name, note = re.sub(r"[+*x×:,;-]+$", "", name), note.strip(" ,;:()")
    is_behind = bool(orders.orders) and body.rstrip(" )").endswith(note)
    if orders.is_unclear or not is_nickname(name) or (items and not orders.has_items) or (note and not is_behind):
        return None
    return PastedLine(name, orders.orders or (Order(),), note[:LONGEST_NOTE])


def _fits(line: PastedLine, read: Sequence[PastedLine], limit: int) -> bool:
    """Whether a line asks for no more than one person may have, under a name that did not come before."""
    return sum(order.quantity for order in line.orders) <= limit and line.name not in {one.name for one in read}


def is_nickname(name: str) -> bool:
    """Whether this can stand for a person on a list: some letter in it, and short."""
    return len(name) <= LONGEST_NAME and any(map(str.isalpha, name))


def _shown(line: str) -> str:
    """A line without pictures and invisible marks."""
    return "".join(" " if unicodedata.category(one) in {"So", "Sk", "Cf", "Mn", "Me"} else one for one in line)
