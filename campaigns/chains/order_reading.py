"""Reading quantities and items out of a sign-up: 两份, A2 B1, 苹果 2箱, 2箱苹果; what is left is given back."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from campaigns.chains.model import Order
from campaigns.chains.numerals import NUMBER, QUANTITY, UNITS, read_number

LABELS = "ABCDEFGHIJKLMNOPQRST"


@dataclass(frozen=True)
class Orders:
    """The orders that were read, the words that were not, and whether the quantities contradict each other."""

    orders: tuple[Order, ...] = ()
    rest: str = field(default="", repr=False)
    is_unclear: bool = False

    @property
    def has_items(self) -> bool:
        """Whether every order names its item."""
        return bool(self.orders) and all(order.item for order in self.orders)


def read_orders(text: str, items: Sequence[str]) -> Orders:
    """Read the orders in a text; `items` are what can be chosen, empty where there is one thing only."""
    if items:
        item = _item_pattern(items)
        counted = rf"[+]?(?P<number>{NUMBER})\s?[{UNITS}]{{0,2}}\s?(?P<item>{item})"
        named = rf"(?P<item>{item})\s?[:x×*+=]?\s?(?:(?P<number>{NUMBER})(?![\d.:点點楼號号栋])\s?[{UNITS}]{{0,2}})?"
        pattern = counted if re.match(counted, text.strip(), re.IGNORECASE) else named
        if found := list(re.finditer(pattern, text, re.IGNORECASE)):
            rest = re.sub(pattern, " ", text, flags=re.IGNORECASE)
            return _ordered([(match["number"] or "1", number_of(match["item"], items)) for match in found], rest)
    found = list(re.finditer(QUANTITY, text))
    return _ordered([(match["counted"] or match["bare"], 0) for match in found], re.sub(QUANTITY, " ", text))


def number_of(name: str, items: Sequence[str]) -> int:
    """The number, from 1, of an item by its name, its label or its number; 0 where there is none."""
    plain = name.strip().casefold()
    for number, item in enumerate(items, start=1):
        if plain in {item.casefold(), LABELS[number - 1].casefold(), f"{number}号", f"{number}號"}:
            return number
    return 0


def _item_pattern(items: Sequence[str]) -> str:
    names = "|".join(re.escape(item) for item in sorted(items, key=len, reverse=True))
    numbers = "|".join(str(number) for number in range(len(items), 0, -1))
    return rf"{names}|(?<![A-Za-z])[{LABELS[: len(items)]}](?![A-Za-z])|(?<!\d)(?:{numbers})[号號]"


def _ordered(found: Sequence[tuple[str, int]], rest: str) -> Orders:
    """Orders of what was found; the same item twice, or more quantities than items, is unclear."""
    rest = " ".join(rest.split())
    read = [(read_number(number), item) for number, item in found]
    orders = tuple(Order(number, item) for number, item in read if number)
    twice = len({order.item for order in orders}) < len(orders)
    if twice or len(orders) < len(read) or (orders and orders[0].item and re.search(QUANTITY, rest)):
        return Orders((), rest, is_unclear=True)
    return Orders(orders, rest)
