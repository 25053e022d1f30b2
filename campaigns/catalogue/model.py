"""Values: products, bundles for groups of customers, the matrix of classes and products, and who may be shown what."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from campaigns.catalogue.plans import Business, FinancingPlan, FittingPlan
from campaigns.catalogue.zones import Zone
from campaigns.customers.enterprises import Tier
from campaigns.customers.model import Letter, Lifecycle
from campaigns.offers.model import Risk, Text

CLASSES: tuple[Letter | Tier, ...] = (*Letter, *Tier)
Class = Letter | Tier


class ProductKind(StrEnum):
    """What a product is, which decides what its entry must say."""

    DEPOSIT = "deposit"
    FUND = "fund"
    WEALTH = "wealth"
    INSURANCE = "insurance"
    LOAN = "loan"
    CARD = "card"
    PAYMENT = "payment"
    SERVICE = "service"
    FUTURES = "futures"


INVESTMENTS = frozenset({ProductKind.FUND, ProductKind.WEALTH, ProductKind.FUTURES})
RISKLESS = frozenset({ProductKind.LOAN, ProductKind.CARD, ProductKind.PAYMENT, ProductKind.SERVICE})
WITH_NOTICE = INVESTMENTS | {ProductKind.INSURANCE, ProductKind.LOAN}


class Advice(StrEnum):
    """What the matrix says of a product for a class; where it says nothing, the product is for who asks."""

    OFFER = "offer"
    IF_ASKED = "only-if-asked"
    NEVER = "never"


@dataclass(frozen=True)
class Product:
    """One product; both days are included. `risk` and `notice` are None for a product that has none.

    `minimum` is the least that is bought and `entrance` the least that somebody must hold with the bank, in yuan;
    `locked_days` is for how long nothing can be taken out. One by invitation is offered to single customers alone, as
    what is raised in private may never be advertised (asset-management guidance of 2018, art. 4). `provider` is the
    licensed firm behind what the bank itself may not sell.
    """

    code: str
    name: Text
    kind: ProductKind
    terms: Text
    fee: Text
    first: date
    last: date
    risk: Risk | None = None
    notice: Text | None = None
    minimum: int | None = None
    entrance: int | None = None
    locked_days: int = 0
    by_invitation: bool = False
    provider: Text | None = None

    @property
    def is_private(self) -> bool:
        """Whether it is for single customers alone, never for a group or a mass mailing."""
        return self.by_invitation or self.entrance is not None or self.kind is ProductKind.FUTURES

    @property
    def grade(self) -> int | None:
        """The risk level as a number from 1 to 5; None for a product without one."""
        return int(self.risk[1:]) if self.risk else None


@dataclass(frozen=True)
class Aim:
    """Whom a bundle is for: every condition that is given must hold, any of its values will do.

    `merchants` are names of merchants whose groups are meant; `all_merchants` means the groups of every one.
    """

    letters: frozenset[Letter] = frozenset()
    lifecycles: frozenset[Lifecycle] = frozenset()
    tiers: frozenset[Tier] = frozenset()
    merchants: frozenset[str] = frozenset()
    all_merchants: bool = False

    @property
    def is_for_groups(self) -> bool:
        """Whether the merchant alone decides, so that it can be said to a whole group."""
        return (self.all_merchants or bool(self.merchants)) and not (self.letters or self.lifecycles or self.tiers)


@dataclass(frozen=True)
class Bundle:
    """产品组合: what a group of customers gets, products by code in their order.

    `shares` makes a portfolio of it: whole percent by product, 100 together; empty for a mere list.
    """

    code: str
    name: Text
    aim: Aim
    products: tuple[str, ...]
    shares: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Catalogue:
    """The whole: a change of anything is a new version of all. Bundles stand in the order in which they are tried."""

    products: Mapping[str, Product]
    bundles: tuple[Bundle, ...]
    matrix: Mapping[Class, Mapping[str, Advice]] = field(default_factory=dict)
    plans: tuple[FinancingPlan, ...] = ()
    zones: Mapping[str, Zone] = field(default_factory=dict)

    def advice(self, standing: Class, product: str) -> Advice:
        """What the matrix says."""
        return self.matrix.get(standing, {}).get(product, Advice.IF_ASKED)

    def bundle(self, code: str) -> Bundle | None:
        """A bundle by its code."""
        return next((each for each in self.bundles if each.code == code), None)


@dataclass(frozen=True)
class Edition:
    """One version of the catalogue, and who made it when and why; it is never changed."""

    version: int
    catalogue: Catalogue
    made_by: str
    made_at: datetime
    reason: str


@dataclass(frozen=True)
class Change:
    """What differs at one place of two versions (products.fund.fee); None where there is nothing."""

    place: str
    old: str | None
    new: str | None


@dataclass(frozen=True)
class Holdings:
    """What a customer holds with the bank by the latest delivery, in fen."""

    deposits: int
    wealth: int
    funds: int

    @property
    def total(self) -> int:
        """All of it."""
        return self.deposits + self.wealth + self.funds

    def of(self, kind: ProductKind) -> int | None:
        """What is held of a kind; None for a kind that deliveries do not tell of."""
        told = {
            ProductKind.DEPOSIT: self.deposits,
            ProductKind.WEALTH: self.wealth,
            ProductKind.FUND: self.funds,
        }
        return told.get(kind)


@dataclass(frozen=True)
class Profile:
    """What decides what a customer gets: class or tier, stage of life, merchants' groups, appetite for risk (1–5).

    `horizon` is for how many days the money can be bound, as the customer told or as flows say; None: nobody knows.
    `invited` has the codes of products that the customer was invited to; `holdings` is None where nobody told, and
    `business` for a person.
    """

    letter: Letter | None = None
    tier: Tier | None = None
    lifecycle: Lifecycle | None = None
    merchants: frozenset[str] = frozenset()
    appetite: int | None = None
    horizon: int | None = None
    holdings: Holdings | None = None
    invited: frozenset[str] = frozenset()
    business: Business | None = None

    @property
    def standing(self) -> Class | None:
        """The row of the matrix."""
        return self.letter or self.tier


@dataclass(frozen=True)
class Readers:
    """A group as the catalogue sees it: its merchant, and how many of its members are known to be of which class."""

    group_id: int
    chat_id: int
    title: str
    merchant: str
    manager_id: int
    members: int
    classes: Mapping[Class, int] = field(default_factory=dict)


class LeftOut(StrEnum):
    """Why a product of a bundle is not shown."""

    NEVER = "never"
    UNSUITABLE = "unsuitable"
    NOT_ASSESSED = "not_assessed"
    NEED_UNKNOWN = "need_unknown"
    NEEDED_EARLIER = "needed_earlier"
    NOT_YET = "not_yet"
    OVER = "over"
    NOT_ASKED = "not_asked"
    BELOW_ENTRANCE = "below_entrance"
    NOT_INVITED = "not_invited"
    PRIVATE = "private"


@dataclass(frozen=True)
class Line:
    """A product of a bundle as somebody may be shown it: `left_out` says why not, `if_asked` to wait for a question."""

    product: Product
    left_out: LeftOut | None = None
    if_asked: bool = False


@dataclass(frozen=True)
class Selection:
    """A bundle with what is shown of it to one customer or one group, out of which version."""

    version: int
    bundle: Bundle
    lines: tuple[Line, ...]
    appetite: int | None = None

    @property
    def shown(self) -> tuple[Product, ...]:
        """What may be shown unasked."""
        return tuple(each.product for each in self.lines if each.left_out is None and not each.if_asked)

    @property
    def kept_back(self) -> tuple[Line, ...]:
        """What may not be shown."""
        return tuple(each for each in self.lines if each.left_out is not None)


@dataclass(frozen=True)
class Post:
    """A bundle for a group, previewed and then posted once; the version is the one that was previewed."""

    id: int
    version: int
    bundle: str
    group_id: int
    manager_id: int
    made_at: datetime
    posted_at: datetime | None = None


@dataclass(frozen=True)
class Preview:
    """What would be posted where."""

    post: Post
    readers: Readers
    selection: Selection


@dataclass(frozen=True)
class CustomerBundle:
    """What a customer gets, and the profile that decided it; `selection` is None where no bundle fits.

    `plan` is an enterprise's plan of finance, with its products as they may be shown.
    """

    customer_id: UUID
    version: int
    profile: Profile
    selection: Selection | None
    plan: FittingPlan | None = None
    plan_lines: tuple[Line, ...] = ()

    @property
    def by_invitation(self) -> tuple[Product, ...]:
        """What the customer might be invited to."""
        lines = self.selection.lines if self.selection else ()
        return tuple(each.product for each in lines if each.left_out is LeftOut.NOT_INVITED)


class CatalogueRefusal(StrEnum):
    """Why nothing is shown, changed or posted."""

    NO_CATALOGUE = "no_catalogue"
    NO_GROUP = "no_group"
    NO_BUNDLE = "no_bundle"
    NOTHING_LEFT = "nothing_left"
    NO_PREVIEW = "no_preview"
    NOT_YOURS = "not_yours"
    STALE = "stale"
    POSTED_ALREADY = "posted_already"
    POSTED_LATELY = "posted_lately"
    UNKNOWN_CLASS = "unknown_class"
    UNKNOWN_PRODUCT = "unknown_product"
    UNKNOWN_ADVICE = "unknown_advice"
    NO_REASON = "no_reason"
    SAME_ALREADY = "same_already"
    NEVER_UNASKED = "never_unasked"
