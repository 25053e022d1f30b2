"""The gate's rules: consent, words, quiet hours in every zone, caps that a new day reopens."""

import random
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.compliance.hours import is_quiet, next_allowed
from campaigns.compliance.minutes import minutes
from campaigns.compliance.model import Facts, GatePolicy, Standing
from campaigns.compliance.rules import Defer, Pass, Suppress, judge
from campaigns.compliance.words import forbidden, lacks_risk_notice
from campaigns.deliveries.model import Delivery, Kind, Reason, State
from campaigns.members.model import PrivateChat

SHANGHAI = ZoneInfo("Asia/Shanghai")
ZONES = sorted(available_timezones() - {"localtime", "Factory"})
POLICY = GatePolicy()
NOON = datetime(2025, 11, 21, 12, tzinfo=SHANGHAI)
DAY = timedelta(days=1)
WILLING = Facts(PrivateChat.OPEN, Standing.AGREED)

moments = st.integers(631_152_000, 2_145_916_800).map(lambda second: datetime.fromtimestamp(second, UTC))
zones = st.sampled_from(ZONES)
walls = st.times().map(lambda wall: wall.replace(second=0, microsecond=0))
policies = st.builds(
    GatePolicy,
    quiet_from=walls,
    quiet_until=walls,
    per_day=st.integers(0, 3),
    per_week=st.integers(0, 5),
    per_month=st.integers(0, 7),
    pressure_per_week=st.integers(0, 9),
)
histories = st.lists(st.timedeltas(timedelta(0), timedelta(days=32)), max_size=8)


def delivery(
    kind: Kind = Kind.MARKETING,
    *,
    text: str = "生活缴费立减",
    recipient: int = 5,
    expires_at: datetime | None = None,
    risk: int | None = None,
    locked_days: int = 0,
) -> Delivery:
    return Delivery(
        1,
        "offer:1",
        "x",
        recipient,
        kind,
        "sendMessage",
        {"text": text},
        State.PLANNED,
        NOON,
        expires_at=expires_at,
        risk=risk,
        locked_days=locked_days,
    )


def offers_by_day(facts: Facts, zone: ZoneInfo) -> Counter[date]:
    return Counter(moment.astimezone(zone).date() for moment in facts.offered_at)


def test_a_willing_person_gets_an_offer_at_noon() -> None:
    assert judge(delivery(), WILLING, POLICY, NOON) == Pass()


@given(chat=st.sampled_from(PrivateChat), standing=st.sampled_from(Standing), zone=zones, now=moments, policy=policies)
def test_no_offer_ever_leaves_or_waits_without_consent_and_an_open_chat(
    chat: PrivateChat, standing: Standing, zone: str, now: datetime, policy: GatePolicy
) -> None:
    verdict = judge(delivery(), Facts(chat, standing, zone), policy, now)
    if (chat, standing) != (PrivateChat.OPEN, Standing.AGREED):
        assert isinstance(verdict, Suppress)


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        (Facts(), Reason.NO_PRIVATE_CHAT),
        (Facts(PrivateChat.BLOCKED, Standing.AGREED), Reason.BLOCKED),
        (Facts(PrivateChat.OPEN, Standing.NEVER), Reason.NO_CONSENT),
        (Facts(PrivateChat.OPEN, Standing.WITHDRAWN), Reason.OPTED_OUT),
        (Facts(PrivateChat.OPEN, Standing.RESTRICTED), Reason.RESTRICTED),
    ],
)
def test_a_suppressed_offer_names_its_reason(facts: Facts, reason: Reason) -> None:
    assert judge(delivery(), facts, POLICY, NOON) == Suppress(reason)


@given(now=moments, zone=zones, policy=policies, ago=histories, shown=histories)
def test_an_offer_leaves_only_outside_quiet_hours_and_under_the_caps(
    now: datetime, zone: str, policy: GatePolicy, ago: list[timedelta], shown: list[timedelta]
) -> None:
    offered, posted = tuple(now - back for back in ago), tuple(now - back for back in shown)
    facts = Facts(PrivateChat.OPEN, Standing.AGREED, zone, offered, posted)
    local = ZoneInfo(zone)
    leaves: datetime | None
    match judge(delivery(), facts, policy, now):
        case Pass():
            leaves = now
        case Defer(until, _):
            assert until > now
            leaves = until
        case Suppress(reason):
            assert reason is Reason.FREQUENCY_CAP
            assert 0 in (policy.per_day, policy.per_week, policy.per_month, policy.pressure_per_week)
            leaves = None
    if leaves is None:
        return
    day, by_day = leaves.astimezone(local).date(), offers_by_day(facts, local)
    assert not is_quiet(leaves, local, policy)
    assert by_day[day] < policy.per_day
    assert sum(n for on, n in by_day.items() if 0 <= (day - on).days < 7) < policy.per_week
    assert sum(n for on, n in by_day.items() if 0 <= (day - on).days < 30) < policy.per_month
    seen = by_day + Counter(moment.astimezone(local).date() for moment in posted)
    assert sum(n for on, n in seen.items() if 0 <= (day - on).days < 7) < policy.pressure_per_week


@given(zone=zones, year=st.integers(1990, 2037), policy=policies)
def test_every_clock_change_of_a_year_defers_into_allowed_time(zone: str, year: int, policy: GatePolicy) -> None:
    local, hour = ZoneInfo(zone), timedelta(hours=1)
    start = datetime(year, 1, 1, tzinfo=UTC)
    days = [start + timedelta(days=n) for n in range(366)]
    changes = [
        day for day in days if day.astimezone(local).utcoffset() != (day + 24 * hour).astimezone(local).utcoffset()
    ]
    for around in [day + n * hour for day in changes for n in range(-2, 26)]:
        allowed = next_allowed(around, local, policy)
        assert not is_quiet(allowed, local, policy)
        assert around <= allowed


def test_an_evening_offer_waits_for_nine_in_the_persons_own_zone() -> None:
    facts = Facts(PrivateChat.OPEN, Standing.AGREED, "America/New_York")
    night = datetime(2025, 11, 1, 23, tzinfo=ZoneInfo("America/New_York"))
    nine = datetime(2025, 11, 2, 9, tzinfo=ZoneInfo("America/New_York"))
    assert judge(delivery(), facts, POLICY, night) == Defer(nine, Reason.QUIET_HOURS)
    assert nine - night == timedelta(hours=10)
    assert nine.astimezone(UTC) - night.astimezone(UTC) == timedelta(hours=11)


def test_of_100_000_random_people_and_products_nobody_is_offered_more_risk_than_assessed() -> None:
    dice = random.Random(20261122)
    people = [
        replace(WILLING, appetite=appetite, horizon=horizon, needs_review=review, has_it=has)
        for appetite in (None, 1, 2, 3, 4, 5)
        for horizon in (None, 0, 90, 365)
        for review in (False, True)
        for has in (False, True)
    ]
    offers = [
        delivery(risk=risk, recipient=to, locked_days=locked)
        for risk in (None, 1, 2, 3, 4, 5)
        for to in (5, -100)
        for locked in (0, 0, 60, 180)
    ]
    passed = Counter[tuple[int | None, int | None]]()
    for _ in range(100_000):
        offer, facts = dice.choice(offers), dice.choice(people)
        if judge(offer, facts, POLICY, NOON) != Pass():
            continue
        if not offer.is_private:
            assert offer.risk is None or offer.risk <= 2  # A group is read by those who were never assessed.
            assert not offer.locked_days  # And by those who may need their money tomorrow.
            continue
        passed[offer.risk, facts.appetite] += 1
        assert offer.risk is None or (facts.appetite is not None and offer.risk <= facts.appetite)
        assert offer.locked_days <= (facts.horizon or 0)
        assert not facts.needs_review
        assert not facts.has_it
    assert len(passed) == 6 + 15  # Whoever is assessed gets all that suits, and what has no grade goes to everybody.


@pytest.mark.parametrize(
    ("risk", "facts", "reason"),
    [
        (1, WILLING, Reason.NOT_ASSESSED),
        (3, replace(WILLING, appetite=2), Reason.UNSUITABLE),
        (None, replace(WILLING, needs_review=True), Reason.NEEDS_REVIEW),
        (None, replace(WILLING, has_it=True), Reason.CUSTOMER_REACHED),
        (3, replace(WILLING, standing=Standing.WITHDRAWN), Reason.OPTED_OUT),
    ],
)
def test_who_may_not_be_offered_this_is_told_why(risk: int | None, facts: Facts, reason: Reason) -> None:
    assert judge(delivery(risk=risk), facts, POLICY, NOON) == Suppress(reason)
    assert judge(delivery(Kind.SERVICE, risk=risk), facts, POLICY, NOON) == Pass()


@pytest.mark.parametrize(
    ("locked", "horizon", "reason"),
    [(1, None, Reason.NEED_UNKNOWN), (91, 90, Reason.NEEDED_EARLIER), (90, 90, None), (0, None, None)],
)
def test_what_binds_money_waits_for_who_can_do_without_it(
    locked: int, horizon: int | None, reason: Reason | None
) -> None:
    facts = replace(WILLING, horizon=horizon)
    verdict = judge(delivery(locked_days=locked), facts, POLICY, NOON)
    assert verdict == (Suppress(reason) if reason else Pass())
    said = minutes(delivery(locked_days=locked), facts, POLICY, verdict, NOON)["asked"]
    assert (said.get("locked_days"), said.get("horizon")) == ((locked, horizon) if locked else (None, None))


def test_eight_offers_of_thirty_days_wait_until_the_first_is_a_month_old() -> None:
    facts = replace(WILLING, offered_at=tuple(NOON - n * DAY for n in (8, 11, 14, 17, 20, 23, 26, 29)))
    assert judge(delivery(), facts, POLICY, NOON) == Defer(NOON.replace(hour=9) + DAY, Reason.FREQUENCY_CAP)


def test_what_a_persons_groups_are_shown_adds_to_the_pressure_of_the_week() -> None:
    posts = tuple(NOON - timedelta(hours=at) for at in range(14))
    assert isinstance(judge(delivery(), replace(WILLING, shown_at=posts), POLICY, NOON), Defer)
    assert judge(delivery(), replace(WILLING, shown_at=posts[1:]), POLICY, NOON) == Pass()


def test_the_minutes_of_a_verdict_name_what_it_rests_on() -> None:
    facts = replace(WILLING, appetite=2)
    offer = delivery(risk=3)
    assert minutes(offer, facts, POLICY, judge(offer, facts, POLICY, NOON), NOON) == {
        "at": NOON.isoformat(),
        "policy": 1,
        "verdict": "suppress",
        "reason": "unsuitable",
        "asked": {"chat": "open", "standing": "agreed", "zone": "Asia/Shanghai", "risk": 3, "appetite": 2},
    }


@pytest.mark.parametrize(
    ("wall", "verdict"), [(time(20, 59), True), (time(21), False), (time(8, 59), False), (time(9), True)]
)
def test_quiet_hours_start_at_nine_in_the_evening_and_end_at_nine(wall: time, verdict: bool) -> None:
    now = datetime.combine(NOON.date(), wall, tzinfo=SHANGHAI)
    assert isinstance(judge(delivery(), WILLING, POLICY, now), Pass) is verdict


def test_a_second_offer_of_the_day_waits_for_the_next_morning_and_a_new_day_reopens() -> None:
    facts = Facts(PrivateChat.OPEN, Standing.AGREED, None, (NOON - timedelta(hours=2),))
    morning = datetime(2025, 11, 22, 9, tzinfo=SHANGHAI)
    assert judge(delivery(), facts, POLICY, NOON) == Defer(morning, Reason.FREQUENCY_CAP)
    assert judge(delivery(), facts, POLICY, morning) == Pass()


def test_three_offers_in_seven_days_wait_until_the_first_is_a_week_old() -> None:
    facts = Facts(PrivateChat.OPEN, Standing.AGREED, None, tuple(NOON - timedelta(days=n) for n in (1, 3, 5)))
    assert judge(delivery(), facts, POLICY, NOON) == Defer(
        datetime(2025, 11, 23, 9, tzinfo=SHANGHAI), Reason.FREQUENCY_CAP
    )


def test_an_offer_that_ends_before_it_may_arrive_is_too_late() -> None:
    night, midnight = NOON.replace(hour=22), NOON.replace(hour=0) + timedelta(days=1)
    assert judge(delivery(expires_at=midnight), WILLING, POLICY, night) == Suppress(Reason.TOO_LATE)
    assert judge(delivery(expires_at=NOON), WILLING, POLICY, NOON) == Suppress(Reason.TOO_LATE)


def test_an_unknown_zone_falls_back_to_the_banks() -> None:
    for zone in ("Mars/Olympus", "../etc/passwd", ""):
        facts = Facts(PrivateChat.OPEN, Standing.AGREED, zone)
        assert judge(delivery(), facts, POLICY, NOON) == Pass()


@given(now=moments, standing=st.sampled_from(Standing), kind=st.sampled_from([Kind.SERVICE, Kind.CARD]))
def test_a_service_message_asks_for_no_consent_and_no_hour(now: datetime, standing: Standing, kind: Kind) -> None:
    facts = Facts(PrivateChat.OPEN, standing, None, (now,) * 9)
    assert judge(delivery(kind), facts, POLICY, now) == Pass()
    assert judge(delivery(kind, expires_at=now), facts, POLICY, now) == Suppress(Reason.TOO_LATE)


def test_a_service_message_needs_an_open_chat_and_a_group_needs_nothing() -> None:
    assert judge(delivery(Kind.SERVICE), Facts(), POLICY, NOON) == Suppress(Reason.NO_PRIVATE_CHAT)
    assert judge(delivery(Kind.SERVICE, recipient=-100), Facts(), POLICY, NOON) == Pass()


def test_an_offer_to_a_group_answers_for_its_words_only() -> None:
    assert judge(delivery(recipient=-100), Facts(), POLICY, NOON.replace(hour=3)) == Pass()
    assert judge(delivery(recipient=-100, text="买基金"), Facts(), POLICY, NOON) == Suppress(Reason.NO_RISK_NOTICE)


@pytest.mark.parametrize(
    "text", ["满10万元理财抵用500元", "定投基金", "投 资黄金", "Invest 100,000 now", "a wealth product"]
)
def test_an_investment_without_the_risk_notice_does_not_leave(text: str) -> None:
    assert judge(delivery(text=text), WILLING, POLICY, NOON) == Suppress(Reason.NO_RISK_NOTICE)


@pytest.mark.parametrize(
    "text",
    [
        "满10万元理财抵用500元\n理财非存款、产品有风险、投资须谨慎。",
        "理财非存款，产品有风险，投资需谨慎",
        "Wealth products are not deposits; products carry risk; invest with care.",
        "与理财经理约好时间",
        "Arrange a time with your wealth manager",
        "生活缴费立减5元",
    ],
)
def test_a_noticed_investment_and_a_plain_service_leave(text: str) -> None:
    assert not lacks_risk_notice(text)
    assert judge(delivery(text=text), WILLING, POLICY, NOON) == Pass()


@pytest.mark.parametrize(
    "text",
    [
        "保本产品", "保 本", "保\u200b本", "零风险", "全网第一", "最佳选择", "稳赚", "保证收益", "不仅保本",
        "非常保本", "未来保本", "不会不保本", "不得不保本", "不要错过，保本",
        "不是普通产品，而是保本产品", "本活动最终解释权归本行",
        "The best card", "Guaranteed returns", "risk-free", "not only guaranteed returns",
    ],
)  # fmt: skip
def test_absolute_terms_and_promises_do_not_leave(text: str) -> None:
    assert forbidden(text)
    assert judge(delivery(text=text), WILLING, POLICY, NOON) == Suppress(Reason.FORBIDDEN_WORDS)


@pytest.mark.parametrize(
    "text",
    [
        "不保本", "非保本浮动收益", "不承诺保本保收益", "不保证本金和收益", "并非零风险", "没有保本承诺",
        "不得承诺保本",
        "不保本、不保息", "returns are not guaranteed", "No guaranteed returns", "This is not risk-free",
        "no risk assessment needed", "最高立减5元", "第一次缴费",
    ],
)  # fmt: skip
def test_a_negated_promise_is_no_promise(text: str) -> None:
    assert not forbidden(text)


def test_a_buttons_label_is_read_as_well() -> None:
    button = {"inline_keyboard": [[{"text": "保本理财", "callback_data": "x"}]]}
    labelled = Delivery(
        1,
        "offer:1",
        "x",
        5,
        Kind.MARKETING,
        "sendMessage",
        {"text": "您好", "reply_markup": button},
        State.PLANNED,
        NOON,
    )
    assert judge(labelled, WILLING, POLICY, NOON) == Suppress(Reason.FORBIDDEN_WORDS)
