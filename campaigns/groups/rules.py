"""The name that a merchant welfare group must have."""

import re
import unicodedata

SUFFIX = "商户福利群"
LONGEST_TITLE = 128


def title_for(bank: str, merchant: str) -> str:
    """The prescribed title. Source: the tiered-marketing study, 「A銀行&XX商戶福利群」 (S-63)."""
    return f"{bank}&{merchant}{SUFFIX}"


def merchant_of(title: str, bank: str) -> str | None:
    """The merchant in a title that follows the pattern, None for every other title.

    A full-width ＆ and spaces around it are read as what they mean.
    """
    plain = unicodedata.normalize("NFKC", title).strip()
    bank_name = unicodedata.normalize("NFKC", bank)
    found = re.fullmatch(rf"{re.escape(bank_name)}\s*&\s*(?P<merchant>\S(?:.*\S)?)\s*{SUFFIX}(?:\s*\d+)?", plain)
    return found["merchant"] if found and len(title) <= LONGEST_TITLE else None
