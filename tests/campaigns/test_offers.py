"""Who gets an offer, which confirmation counts, and what the words of an offer say."""

import re
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.compliance.model import Standing
from campaigns.compliance.words import forbidden, lacks_risk_notice
from campaigns.customers.model import Axis, ClassReason, Letter
from campaigns.members.model import Language, PrivateChat
from campaigns.offers.model import (
    CampaignState,
    ConfirmRefusal,
    Exclusion,
    Offer,
    OfferCampaign,
    Person,
    Risk,
    Text,
    Validity,
    Why,
)
from campaigns.offers.rules import PREVIEW_LIFE, choose, confirm, count
from handlers.wording import offers as wording

NOW = datetime(2025, 11, 21, 4, tzinfo=UTC)
DRAFT = OfferCampaign(7, manager_id=1, catalogue=1, state=CampaignState.DRAFT, made_at=NOW)
NOTICE = Text(
    "理财非存款、产品有风险、投资须谨慎。", "Wealth products are not deposits; products carry risk; invest with care."
)

people = st.builds(
    Person,
    member_id=st.integers(1, 6),
    language=st.sampled_from(Language),
    private_chat=st.sampled_from(PrivateChat),
    standing=st.sampled_from(Standing),
    customer_id=st.none() | st.uuids(),
    letter=st.none() | st.sampled_from(Letter),
    origin_chat=st.just(-1),
)


def person(letter: Letter | None = Letter.B, **other: object) -> Person:
    facts = {
        "member_id": 5,
        "language": Language.ZH,
        "private_chat": PrivateChat.OPEN,
        "standing": Standing.AGREED,
        "customer_id": uuid4(),
        "letter": letter,
        "origin_chat": -1,
    }
    return Person(**(facts | other))  # type: ignore[arg-type]


def offer(letter: Letter = Letter.B, *, risk: Risk | None = Risk.R2) -> Offer:
    return Offer(
        code="voucher",
        letter=letter,
        title=Text("满10万元抵用500元", "500 yuan off"),
        terms=Text("新增购买理财产品满10万元", "buy wealth products"),
        condition=Text("先完成风险测评", "a risk assessment first"),
        valid_days=30,
        organiser=Text("财富管理部", "Wealth Management"),
        complaints=Text("任一网点", "any branch"),
        risk=risk,
        risk_notice=NOTICE if risk else None,
    )


@given(person=people)
def test_only_a_bound_classed_willing_and_reachable_person_gets_an_offer(person: Person) -> None:
    chosen = choose(person)
    fit = person.customer_id is not None and person.letter is not None
    willing = person.standing is Standing.AGREED and person.private_chat is PrivateChat.OPEN
    assert isinstance(chosen, Letter) == (fit and willing)


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        ({"customer_id": None}, Exclusion.UNBOUND),
        ({"letter": None}, Exclusion.NO_CLASS),
        ({"standing": Standing.NEVER}, Exclusion.NO_CONSENT),
        ({"standing": Standing.WITHDRAWN}, Exclusion.OPTED_OUT),
        ({"standing": Standing.RESTRICTED}, Exclusion.RESTRICTED),
        ({"private_chat": PrivateChat.NEVER}, Exclusion.NO_PRIVATE_CHAT),
        ({"private_chat": PrivateChat.BLOCKED}, Exclusion.NO_PRIVATE_CHAT),
    ],
)
def test_each_exclusion_has_its_reason(other: dict[str, object], reason: Exclusion) -> None:
    assert choose(person(**other)) is reason  # type: ignore[arg-type]


@given(met=st.lists(people, max_size=12))
def test_heads_and_exclusions_add_up_to_distinct_people(met: list[Person]) -> None:
    assert count(met).total() == len({one.member_id for one in met})


def test_a_fresh_preview_is_confirmed_once_by_its_own_manager() -> None:
    started = confirm(DRAFT, 1, newest=7, now=NOW + PREVIEW_LIFE)
    assert isinstance(started, OfferCampaign)
    assert (started.state, started.confirmed_at) == (CampaignState.PLANNING, NOW + PREVIEW_LIFE)
    assert confirm(started, 1, newest=7, now=NOW) is ConfirmRefusal.CONFIRMED_ALREADY


@pytest.mark.parametrize(
    ("manager", "newest", "later", "refusal"),
    [
        (2, 7, timedelta(0), ConfirmRefusal.NOT_YOURS),
        (1, 8, timedelta(0), ConfirmRefusal.STALE),
        (1, 7, PREVIEW_LIFE + timedelta(seconds=1), ConfirmRefusal.STALE),
    ],
)
def test_a_strange_old_or_replaced_preview_does_nothing(
    manager: int, newest: int, later: timedelta, refusal: ConfirmRefusal
) -> None:
    assert confirm(DRAFT, manager, newest, NOW + later) is refusal


def test_an_investment_without_a_risk_notice_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="risk notice"):
        Offer(**{**vars(offer()), "risk_notice": None})


def test_the_catalogues_words_are_complete_in_both_languages() -> None:
    with pytest.raises(ValueError, match="English"):
        Text("有", " ")


@given(first=st.dates(date(2020, 1, 1), date(2035, 1, 1)))
def test_validity_counts_first_and_last_day(first: date) -> None:
    validity = offer().validity(first)
    assert (validity.last - validity.first).days + 1 == 30


@pytest.mark.parametrize("language", Language)
def test_an_offers_words_hold_all_that_the_law_asks_for(language: Language) -> None:
    text = wording.OfferWords("A银行").offer(offer(), Validity(date(2025, 11, 21), date(2025, 12, 20)), language).text
    zh = (
        "满10万元抵用500元",
        "条件：",
        "2025年11月21日至2025年12月20日",
        "R2",
        NOTICE.zh,
        "A银行财富管理部",
        "投诉",
        "退订",
    )
    en = (
        "500 yuan off",
        "Condition:",
        "21 Nov 2025 to 20 Dec 2025",
        "R2",
        NOTICE.en,
        "Wealth Management",
        "complaints",
        "/stop",
    )
    assert all(part in text for part in (zh if language is Language.ZH else en))
    assert not lacks_risk_notice(text)
    assert not forbidden(text)


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("letter", Letter)
def test_why_me_gives_reasons_and_never_a_letter_or_a_figure(letter: Letter, language: Language) -> None:
    reasons = (
        ClassReason("assets", Axis.CURRENT, 21_332_807, 2.1),
        ClassReason("never_heard_of", Axis.POTENTIAL, 3, -1.0),
    )
    text = wording.why(Why(offer(letter), reasons), language)
    without_title = text.replace(offer().title.read_in(language), "")
    zh, en = ("因为您是", "资产情况"), ("because you are", "your assets")
    assert all(part in text for part in (zh if language is Language.ZH else en))
    assert not any(char.isdigit() for char in without_title)
    assert not re.search("[A-D](?![a-z])", without_title)


def test_why_me_without_an_offer_says_so() -> None:
    assert wording.why(None, Language.ZH) == "您还没有收到过为您挑选的福利。"
