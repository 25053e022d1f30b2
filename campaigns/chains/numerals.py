"""Numbers as people write them in a chat: 3, 三, 两, 二十, 一百零五, with their counting words."""

import re

ONES = "零一二三四五六七八九"
FORMAL = str.maketrans("〇两壹贰叁肆伍陆柒捌玖拾佰貳參陸兩", "零二一二三四五六七八九十百二三六二")
NUMERALS = f"{ONES}十百〇两壹贰叁肆伍陆柒捌玖拾佰貳陸兩"
UNITS = "份个個位人件箱盒张張套瓶袋包只隻条條名斤"
NUMBER = rf"(?:\d{{1,4}}|[{NUMERALS}]{{1,6}})"
_WRITTEN = re.compile(
    rf"(?P<one>[{ONES}])"
    rf"|(?:(?P<hundreds>[{ONES[1:]}])百)?(?:(?P<tens>[{ONES[1:]}]?)十(?P<ones>[{ONES[1:]}])?|零(?P<last>[{ONES[1:]}]))"
    rf"|(?P<round>[{ONES[1:]}])百"
)
# A number with its counting word, or one that stands alone: neither 张三 nor 3点 nor 13:30 is a quantity.
QUANTITY = (
    rf"(?:[x×*+]\s?)?(?:(?<![\d.:])(?P<counted>{NUMBER})\s?[{UNITS}]{{1,2}}"
    rf"|(?<!\d[:.])(?<![^\s,、;+x×*:])(?P<bare>{NUMBER})(?![^\s,、;。.!~]))"
)


def read_number(text: str) -> int | None:
    """The number that digits or Chinese numerals mean, up to 9999; None where they mean none, or two as 二百五."""
    if re.fullmatch(r"[0-9]{1,4}", text):
        return int(text)
    found = _WRITTEN.fullmatch(text.translate(FORMAL))
    if found is None or (text.startswith(("零", "〇")) and len(text) > 1):
        return None
    if found["one"]:
        return ONES.index(found["one"])
    if found["round"]:
        return 100 * ONES.index(found["round"])
    hundreds = ONES.index(found["hundreds"] or "零")
    if found["last"]:
        return 100 * hundreds + ONES.index(found["last"])
    return 100 * hundreds + 10 * ONES.index(found["tens"] or "一") + ONES.index(found["ones"] or "零")
