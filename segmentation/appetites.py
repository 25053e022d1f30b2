"""Suitability of one product for one person, in plain numbers for the bot; the rule for frames is in suitability."""

UNASKED_MOST = 2  # Without a risk questionnaire nothing above R2 is proposed.


def suits_one(risk: int | None, appetite: int | None) -> bool:
    """Whether a product of grade R`risk` (None for none) may be shown to a person of appetite C1–C5 (None: not asked).

    R must not exceed C (S-58; the suitability measures of 2026); whoever was never asked may see R1 and R2 alone.
    """
    return risk is None or risk <= (UNASKED_MOST if appetite is None else appetite)
