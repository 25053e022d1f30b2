"""An invitation of one customer to one exclusive product, and why there can be none."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


@dataclass(frozen=True)
class Admission:
    """专属邀请: until when one customer may be shown one product, and which manager invited."""

    customer_id: UUID
    product: str
    invited_by: int
    made_at: datetime
    until: datetime


class AdmissionRefusal(StrEnum):
    """Why nobody was invited."""

    NO_PRODUCT = "no_product"
    OPEN_TO_ALL = "open_to_all"
    NOT_ASSESSED = "not_assessed"
    NOT_FOR_THEM = "not_for_them"
    INVITED_ALREADY = "invited_already"
    NOT_INVITED = "not_invited"
