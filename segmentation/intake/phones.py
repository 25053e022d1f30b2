"""Phone numbers in one form, E.164, so that a contact and a delivery meet."""

import re

HOME_COUNTRY = "86"
E164 = re.compile(r"\+[1-9][0-9]{7,14}")
CHINESE_MOBILE = re.compile(r"1[0-9]{10}")


def normalise_phone(raw: str) -> str | None:
    """A number in E.164 form ("+8613800000000"), or None where it is none.

    Telegram leaves the plus away and people leave the country away: eleven digits that start with 1 are Chinese.
    """
    digits = re.sub(r"[ ()\-.]", "", raw.strip())
    if digits.startswith("00"):
        digits = f"+{digits[2:]}"
    if CHINESE_MOBILE.fullmatch(digits):
        digits = f"+{HOME_COUNTRY}{digits}"
    number = digits if digits.startswith("+") else f"+{digits}"
    return number if E164.fullmatch(number) else None
