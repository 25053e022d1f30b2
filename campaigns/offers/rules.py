"""Pure decisions on offers: who gets one, and whether a confirmation still counts."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from campaigns.compliance.model import Standing
from campaigns.customers.model import Letter
from campaigns.members.model import PrivateChat
from campaigns.offers.model import CampaignState, ConfirmRefusal, Exclusion, OfferCampaign, Person

PREVIEW_LIFE = timedelta(minutes=30)
UNWILLING = {
    Standing.NEVER: Exclusion.NO_CONSENT,
    Standing.WITHDRAWN: Exclusion.OPTED_OUT,
    Standing.RESTRICTED: Exclusion.RESTRICTED,
}


def choose(person: Person) -> Letter | Exclusion:
    """The class whose offer a person gets, or the first reason why none."""
    if person.customer_id is None:
        return Exclusion.UNBOUND
    if person.letter is None:
        return Exclusion.NO_CLASS
    if reason := UNWILLING.get(person.standing):
        return reason
    return person.letter if person.private_chat is PrivateChat.OPEN else Exclusion.NO_PRIVATE_CHAT


def count(people: Iterable[Person]) -> Counter[Letter | Exclusion]:
    """Heads per class and per reason; a person met twice counts once."""
    chosen = {person.member_id: choose(person) for person in people}
    return Counter(chosen.values())


def confirm(campaign: OfferCampaign, manager_id: int, newest: int, now: datetime) -> OfferCampaign | ConfirmRefusal:
    """Start a previewed campaign: by the manager who saw it, once, while fresh, and while no newer preview is out."""
    if campaign.manager_id != manager_id:
        return ConfirmRefusal.NOT_YOURS
    if campaign.state is not CampaignState.DRAFT:
        return ConfirmRefusal.CONFIRMED_ALREADY
    if newest != campaign.id or now - campaign.made_at > PREVIEW_LIFE:
        return ConfirmRefusal.STALE
    return replace(campaign, state=CampaignState.PLANNING, confirmed_at=now)
