"""Amounts of money as people write them: 5万元, 50,000 yuan, ¥60000, 六万元."""

import re
from collections.abc import Iterator

_CHINESE = {**dict(zip("零一二三四五六七八九", range(10), strict=True)), "两": 2}
_FORMAL = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰仟", "一二三四五六七八九十百千")
_UNITS = {"十": 10, "百": 100, "千": 1000}
_SCALES = {"万": 10_000, "亿": 100_000_000, "k": 1000, "千": 1000, "百": 100, "": 1, "m": 1_000_000}
_AMOUNT = re.compile(
    r"(?P<before>[¥$]|rmb ?|cny ?)?(?P<number>\d[\d,]*(?:\.\d+)?|[零一二三四五六七八九十百千两]+)"
    r"(?P<scale>[万亿千百km]?)(?:(?<=万)(?P<thousands>[\d一二三四五六七八九])千)?"
    r"(?P<after>余?多?元|块|现金| ?yuan| ?rmb| ?cny)?"
)


def amounts(text: str) -> Iterator[tuple[int, int, float]]:
    """Every amount of yuan in a plain text with its place; a bare number is none, 十万 with a unit of money is."""
    for found in _AMOUNT.finditer(text.translate(_FORMAL)):
        if found["before"] or found["after"] or found["scale"] in {"万", "亿"}:
            more = number(found["thousands"]) * 1000 if found["thousands"] else 0
            yield found.start(), found.end(), number(found["number"]) * _SCALES[found["scale"]] + more


def number(text: str) -> float:
    """A number in digits, or in Chinese characters below ten thousand."""
    if text[0].isdecimal():
        return float(text.replace(",", ""))
    total, digit = 0, 0
    for character in text:
        if character in _UNITS:
            total += (digit or 1) * _UNITS[character]
            digit = 0
        else:
            digit = _CHINESE[character]
    return total + digit
