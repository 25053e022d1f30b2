"""Pure rule of admissions: who may be invited to what."""

from dataclasses import replace
from datetime import date, timedelta

from campaigns.admissions.model import AdmissionRefusal
from campaigns.catalogue.model import Catalogue, Profile
from campaigns.catalogue.rules import line_for

ADMISSION_LIFE = timedelta(days=30)


def admit(catalogue: Catalogue, code: str, profile: Profile, today: date) -> AdmissionRefusal | None:
    """Why a customer cannot be invited to a product; None where they can (S-121).

    What is by invitation goes to who holds its entrance, is assessed and fits: everything but the invitation itself.
    """
    product = catalogue.products.get(code)
    if product is None:
        return AdmissionRefusal.NO_PRODUCT
    if not product.by_invitation:
        return AdmissionRefusal.OPEN_TO_ALL
    if code in profile.invited:
        return AdmissionRefusal.INVITED_ALREADY
    if product.grade is not None and profile.appetite is None:
        return AdmissionRefusal.NOT_ASSESSED
    line = line_for(catalogue, product, replace(profile, invited=profile.invited | {code}), today)
    return AdmissionRefusal.NOT_FOR_THEM if line.left_out else None
