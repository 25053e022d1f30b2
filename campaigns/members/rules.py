"""Pure rules on people: masked names, own contacts, the outcome of a shared number."""

from uuid import UUID

from campaigns.members.model import BindingOutcome, Language, Member


def masked(name: str) -> str:
    """A name that strangers may see: the first character, then stars, then the last of three or more.

    王芳 → 王*, 张小明 → 张*明, "Anna Smith" → "A***h" (never more than three stars, so length tells little).
    Invisible characters are left out: one that turns the writing direction would garble the card for everybody.
    """
    bare = "".join(character for character in name if character.isprintable() and not character.isspace())
    if len(bare) <= 1:
        return f"{bare or '匿'}*"
    stars = "*" * min(len(bare) - 2, 3)
    return f"{bare[0]}{stars}{bare[-1]}" if len(bare) > 2 else f"{bare[0]}*"


def language_of(code: str | None) -> Language:
    """Chinese unless the person's app speaks another language, then English."""
    return Language.ZH if not code or code.lower().startswith("zh") else Language.EN


def bind(
    member: Member, *, contact_user: int | None, consented: bool, customer: UUID | None, holder: int | None
) -> BindingOutcome:
    """Decide what a shared contact does.

    `customer` is the bank customer behind the number, `holder` the member already bound to that customer.
    Only the sender's own contact binds, and only after consent (PIPL art. 13, 14).
    """
    if contact_user != member.id:
        return BindingOutcome.NOT_YOUR_OWN
    if not consented:
        return BindingOutcome.NO_CONSENT
    if customer is None:
        return BindingOutcome.PROSPECT if member.customer_id is None else BindingOutcome.BOUND_TO_ANOTHER
    if holder == member.id:
        return BindingOutcome.ALREADY_YOURS
    if holder is not None:
        return BindingOutcome.TAKEN
    return BindingOutcome.BOUND if member.customer_id is None else BindingOutcome.BOUND_TO_ANOTHER
