"""Pure rules on customers."""

from collections.abc import Sequence

from campaigns.customers.model import Customer
from segmentation.intake.phones import normalise_phone

__all__ = ["normalise_phone", "only_holder"]


def only_holder(found: Sequence[Customer]) -> Customer | None:
    """The one customer behind a number: a number that several share proves nobody's identity, so it binds none."""
    return found[0] if len(found) == 1 else None
