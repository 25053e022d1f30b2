"""Suitability of one product for one person, in plain numbers for the bot; the rule for frames is in suitability."""

from segmentation.liquidity import can_wait

UNASKED_MOST = 2  # Without a risk questionnaire nothing above R2 is proposed.


def suits_one(risk: int | None, appetite: int | None, locked_days: int = 0, horizon: int | None = None) -> bool:
    """Whether a product may be shown to a person, by risk and by liquidity (S-58).

    A grade of R`risk` (None for none) must not exceed C`appetite` (the suitability measures of 2026); whoever was never
    asked (None) may see R1 and R2 alone. What binds money for `locked_days` is for who needs it no earlier than after
    `horizon` days; of whom that is not known (None), nothing may be bound.
    """
    bears = risk is None or risk <= (UNASKED_MOST if appetite is None else appetite)
    return bears and can_wait(locked_days, horizon)
