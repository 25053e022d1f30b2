"""What a class is offered, the campaign that sends it, and the people whom it may reach."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from campaigns.compliance.model import Standing
from campaigns.customers.model import ClassReason, Letter
from campaigns.deliveries.rules import Closing
from campaigns.members.model import Language, PrivateChat


@dataclass(frozen=True)
class Text:
    """Words of the catalogue in both languages; they are data that staff may change."""

    zh: str
    en: str

    def __post_init__(self) -> None:
        if not self.zh.strip() or not self.en.strip():
            raise ValueError("The catalogue's words must be complete in Chinese and in English.")

    def read_in(self, language: Language) -> str:
        """The words in one language."""
        return self.zh if language is Language.ZH else self.en


class Risk(StrEnum):
    """Risk level of an investment, R1 lowest to R5 highest."""

    R1 = "R1"
    R2 = "R2"
    R3 = "R3"
    R4 = "R4"
    R5 = "R5"


@dataclass(frozen=True)
class Offer:
    """What one class gets; an investment states its risk level and carries the risk notice.

    Terms that the law asks for are fields, so that none is forgotten: condition, validity, organiser, complaints.
    Raises: ValueError, when a risk level stands without its notice or an offer is valid for no day.
    """

    code: str
    letter: Letter
    title: Text
    terms: Text
    condition: Text
    valid_days: int
    organiser: Text
    complaints: Text
    risk: Risk | None = None
    risk_notice: Text | None = None

    def __post_init__(self) -> None:
        if (self.risk is None) != (self.risk_notice is None):
            raise ValueError(f"The offer {self.code} needs a risk level and a risk notice, or neither.")
        if self.valid_days < 1:
            raise ValueError(f"The offer {self.code} must be valid for a day at least.")

    def validity(self, first: date) -> "Validity":
        """The days on which an offer announced on `first` holds."""
        return Validity(first, first + timedelta(days=self.valid_days - 1))


@dataclass(frozen=True)
class Validity:
    """First and last day of an offer, both included, in the bank's zone."""

    first: date
    last: date


@dataclass(frozen=True)
class Catalogue:
    """One version of the offers, one for each class that is offered something."""

    version: int
    offers: Mapping[Letter, Offer]


class CampaignState(StrEnum):
    """A campaign is a DRAFT until its manager confirms it, PLANNING chunk by chunk, then PLANNED."""

    DRAFT = "draft"
    PLANNING = "planning"
    PLANNED = "planned"


@dataclass(frozen=True)
class OfferCampaign:
    """One sending of the catalogue to a manager's groups; `after_member` is how far planning has come."""

    id: int
    manager_id: int
    catalogue: int
    state: CampaignState
    made_at: datetime
    confirmed_at: datetime | None = None
    after_member: int = 0
    planned: int = 0


@dataclass(frozen=True)
class Books:
    """A campaign's closing equation, and why deliveries were suppressed, by the ledger's reason."""

    campaign: OfferCampaign
    closing: Closing
    suppressed: Mapping[str, int]

    @property
    def is_whole(self) -> bool:
        """Whether everybody is planned, so that the equation is about all."""
        return self.campaign.state is CampaignState.PLANNED


class Exclusion(StrEnum):
    """Why a member of a group gets no offer."""

    UNBOUND = "unbound"
    NO_CLASS = "no_class"
    NO_CONSENT = "no_consent"
    OPTED_OUT = "opted_out"
    RESTRICTED = "restricted"
    NO_PRIVATE_CHAT = "no_private_chat"


@dataclass(frozen=True)
class Person:
    """One member of a manager's groups, however many of them; `origin_chat` is one of these groups."""

    member_id: int
    language: Language
    private_chat: PrivateChat
    standing: Standing
    customer_id: UUID | None
    letter: Letter | None
    origin_chat: int


@dataclass(frozen=True)
class Preview:
    """What confirming would do: heads per class, and heads left out by reason; each person counts once."""

    campaign_id: int
    catalogue: Catalogue
    heads: Mapping[Letter, int]
    excluded: Mapping[Exclusion, int]

    @property
    def total(self) -> int:
        """How many people would get an offer."""
        return sum(self.heads.values())


class PreviewRefusal(StrEnum):
    """Why there is nothing to confirm."""

    NO_GROUPS = "no_groups"
    NOBODY = "nobody"


class ConfirmRefusal(StrEnum):
    """Why a confirmation did nothing."""

    NO_CAMPAIGN = "no_campaign"
    NOT_YOURS = "not_yours"
    STALE = "stale"
    CONFIRMED_ALREADY = "confirmed_already"


@dataclass(frozen=True)
class Why:
    """The true reason for the last offer that a person got: the class that chose it, and what made the class."""

    offer: Offer
    reasons: tuple[ClassReason, ...]
