"""Values: a pack as the file defines it, what it is to one customer, and how far that customer is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from campaigns.catalogue.model import Aim, Product, Profile
from campaigns.offers.model import Text
from campaigns.vouchers.service import Held, Offered


class PackKind(StrEnum):
    """What a pack follows: the stage of life, a scene of life, or the tier of an enterprise."""

    LIFECYCLE = "lifecycle"
    SCENE = "scene"
    ENTERPRISE = "enterprise"


class Scene(StrEnum):
    """The scenes that the papers name (S-21, S-154 to S-156)."""

    PAYMENT = "payment"
    EDUCATION = "education"
    PENSION = "pension"
    SHOPPING = "shopping"
    MEDICAL = "medical"
    TRAVEL = "travel"
    PROPERTY = "property"
    DINING = "dining"


class Every(StrEnum):
    """How often who fits is told of a pack."""

    QUARTER = "quarter"


@dataclass(frozen=True)
class LimitRule:
    """What leads to a higher credit limit: so many uses of the account, and growing investments (S-20)."""

    uses: int
    growth_percent: int


@dataclass(frozen=True)
class Pack:
    """One pack; `aim` None is for every customer. With `ladder` the products are steps, one after the other (S-150)."""

    code: str
    name: Text
    kind: PackKind
    words: tuple[Text, ...]
    vouchers: tuple[str, ...]
    products: tuple[str, ...]
    aim: Aim | None = None
    audience: str | None = None
    scene: Scene | None = None
    ladder: bool = False
    every: Every | None = None
    limit: LimitRule | None = None


@dataclass(frozen=True)
class PackFile:
    """All packs of one file, in the order in which they are shown."""

    packs: Mapping[str, Pack]


@dataclass(frozen=True)
class PackEdition:
    """One version of the file, and who made it when and why; it is never changed."""

    version: int
    file: PackFile
    made_by: str
    made_at: datetime
    reason: str


@dataclass(frozen=True)
class Standing:
    """What the latest deliveries tell of a customer, in fen: what is held of what, uses, investments now and before."""

    deposits: int = 0
    wealth: int = 0
    funds: int = 0
    uses: int = 0
    investments: int = 0
    before: int | None = None


@dataclass(frozen=True)
class LimitProgress:
    """How far somebody is by a limit's rule; growth in whole percent, None while nothing stands to compare with."""

    rule: LimitRule
    uses: int
    growth: int | None

    @property
    def is_reached(self) -> bool:
        """Whether both are."""
        return self.uses >= self.rule.uses and self.growth is not None and self.growth >= self.rule.growth_percent


@dataclass(frozen=True)
class PackCard:
    """A pack as one customer sees it: why, vouchers with their state, products that may be shown, the next step."""

    pack: Pack
    version: int
    profile: Profile
    offered: tuple[Offered, ...]
    held: tuple[Held, ...]
    products: tuple[Product, ...]
    next_step: Product | None = None
    limit: LimitProgress | None = None
