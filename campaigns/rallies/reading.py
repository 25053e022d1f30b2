"""Reading the one file of an event: everything is checked, and all that is wrong is told together (S-82, S-211)."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from campaigns.forms.faults import lines_of
from campaigns.forms.model import FaultCode, FormError
from campaigns.forms.reading import LONGEST_FILE, Form, read_form
from campaigns.games.model import Game, GameKind, Option
from campaigns.rallies.checks import check_once, check_whole
from campaigns.rallies.faults import FaultError, Faults, RallyFault
from campaigns.rallies.fields import both, code_of, hour, moment, money, place_on_map, user_ids, yes_or_no
from campaigns.rallies.model import Article, BoothPlan, CouponPlan, GiftPlan, RallyPlan, RallyRules, Target
from campaigns.rallies.needs import Ground, read_needs

EXAMPLE = Path(__file__).with_name("example.yaml")  # A whole event to begin with.
MOST_BOOTHS, MOST_TARGETS, MOST_COUPONS, MOST_SHARES = 40, 8, 40, 40
LONGEST_TITLE, LONGEST_NAME, LONGEST_ZONE, LONGEST_TASK, LONGEST_TERM = 40, 30, 12, 200, 300
LONGEST_EVENT = timedelta(days=3)
MOST_PIECES, MOST_SECONDS, MOST_METRES, MOST_TRIES = 1_000_000, 3_600, 10_000, 9
WHOLE_SHARE = 10_000
NO_FORMS: list[Form] = []
PLAYED_BY_CLERK = {GameKind.STAFF, GameKind.PHOTO}


def read_rally(text: str, now: datetime, zone: ZoneInfo, partners: Collection[str] | None = None) -> RallyPlan:
    """Read a whole file; moments without a zone are meant in `zone`, `partners` are the names that are known.

    Raises:
        RallyFileError: names every place that is wrong, what is wrong there, and its line.
    """
    faults = Faults()
    if len(text) > LONGEST_FILE:
        faults.add(RallyFault.TOO_LONG, "-", str(LONGEST_FILE))
    form = faults.part(Form({}), read_form, text)
    faults.finish(lines_of(text))
    plan = _plan(form, faults, now, zone)
    faults.part(None, form.finish)
    if plan is not None:
        check_whole(plan, faults, partners)
    faults.finish(lines_of(text))
    assert plan is not None
    return plan


def _plan(form: Form, faults: Faults, now: datetime, zone: ZoneInfo) -> RallyPlan | None:
    """The parts in their order; None where one is missing so that there is no whole to check."""
    code = faults.part("", _event_code, form)
    title, place = (faults.part(("", ""), both, form, name, LONGEST_TITLE) for name in ("title", "place"))
    hours = _hours(form, faults, zone, now)
    metres = faults.part(0, form.number, "map_metres", 10, MOST_METRES, 100)
    is_for_customers = faults.part(False, yes_or_no, form, "needs_real_name")
    nobody: dict[str, int] = {}
    shares, rules = faults.part(nobody, _shares, form), faults.part(None, _rules, form)
    budget = faults.part(0, money, form, "gifts_budget_yuan") if form.has("gifts_budget_yuan") else 0
    booths = _booths(form, hours, faults, zone)
    targets = _targets(form, booths, faults)
    gifts = faults.parts(faults.part(NO_FORMS, _list, form, "gifts", MOST_TARGETS), _gift)
    coupons = faults.parts(faults.part(NO_FORMS, _list, form, "coupons", MOST_COUPONS), partial(_coupon, zone=zone))
    if faults.found or hours is None or rules is None:
        return None
    return RallyPlan(
        code, *title, *hours, booths, targets, gifts, coupons, budget, rules, *place, metres, is_for_customers, shares
    )


def _booths(
    form: Form, hours: tuple[datetime, datetime] | None, faults: Faults, zone: ZoneInfo
) -> tuple[BoothPlan, ...]:
    """All booths, read for a day that is none where the event's hours have a fault."""
    found = faults.part(NO_FORMS, form.forms, "booths", MOST_BOOTHS)
    window = hours or (datetime(2000, 1, 1, tzinfo=zone), datetime(2000, 1, 2, tzinfo=zone))
    booths = faults.parts(found, partial(_booth, hours=window, zone=zone))
    check_once("booths.{}.code", [booth.code for booth in booths], faults)
    return booths


def _targets(form: Form, booths: Iterable[BoothPlan], faults: Faults) -> tuple[Target, ...]:
    """All targets; where a booth has a fault nobody can say which booths there are."""
    found = faults.part(NO_FORMS, form.forms, "targets", MOST_TARGETS)
    is_whole = not any(fault.place.startswith("booths") for fault in faults.found)
    return faults.parts(found, partial(_target, ground=Ground.of(booths))) if is_whole else ()


def _list(form: Form, name: str, most: int) -> list[Form]:
    """A list of forms that may be missing."""
    return form.forms(name, most) if form.has(name) else []


def _event_code(form: Form) -> str:
    found = form.text("code", 32)
    if not found.isascii() or not found.replace("-", "").isalnum() or found != found.lower() or len(found) < 2:
        raise FaultError(RallyFault.BAD_CODE, form.place("code"), found)
    return found


def _hours(form: Form, faults: Faults, zone: ZoneInfo, now: datetime) -> tuple[datetime, datetime] | None:
    starts, ends = (faults.part(None, moment, form, name, zone) for name in ("starts", "ends"))
    if starts is None or ends is None:
        return None
    if not starts < ends <= starts + LONGEST_EVENT:
        faults.add(RallyFault.ENDS_EARLY, form.place("ends"), str(LONGEST_EVENT.days))
    elif ends <= now:
        faults.add(RallyFault.OVER_ALREADY, form.place("ends"))
    return starts, ends


def _rules(form: Form) -> RallyRules:
    words = _within(form, "rules")
    found = [both(words, name, LONGEST_TERM) for name in ("conditions", "organiser", "complaints")]
    words.finish()
    return RallyRules(*(text for pair in found for text in pair))


def _shares(form: Form) -> dict[str, int]:
    """Partners' parts of the cost in per cent, as basis points; what is left is the organiser's."""
    if not form.has("shares"):
        return {}
    told: Any = form.anything("shares")
    if not isinstance(told, dict) or len(told) > MOST_SHARES:
        raise FaultError(RallyFault.BAD_SHARES, form.place("shares"), "-")
    within = Form(told, form.place("shares"))
    shares = {str(name): money(within, str(name)) for name in told}
    if not shares or min(shares.values()) <= 0 or sum(shares.values()) > WHOLE_SHARE:
        raise FaultError(RallyFault.BAD_SHARES, form.place("shares"), str(sum(shares.values()) / 100))
    return shares


def _booth(form: Form, hours: tuple[datetime, datetime], zone: ZoneInfo) -> BoothPlan:
    starts, ends = hours
    day = starts.astimezone(zone)
    name, at = both(form, "name", LONGEST_NAME), place_on_map(form, "at")
    return BoothPlan(
        code=code_of(form),
        name_zh=name[0],
        name_en=name[1],
        zone=" | ".join(dict.fromkeys(both(form, "zone", LONGEST_ZONE))),
        x=at[0],
        y=at[1],
        opens_at=hour(form, "opens", day, starts),
        closes_at=hour(form, "closes", day, ends),
        game=_game(form),
        seconds_per_visitor=form.number("seconds", 1, MOST_SECONDS, 30),
        partner=form.text("partner", 60) if form.has("partner") else None,
        tastings=form.number("tastings", 1, MOST_PIECES) if form.has("tastings") else None,
        staff=user_ids(form, "staff"),
    )


def _game(form: Form) -> Game:
    """A word (`game: scan`), or what a game needs beside its kind; without it a scan."""
    told: Any = form.anything("game") if form.has("game") else GameKind.SCAN.value
    place = form.place("game")
    found = Form(told if isinstance(told, dict) else {"kind": told}, place)
    kind = found.choice("kind", GameKind)
    game = Game(kind)
    if kind is GameKind.QUIZ:
        game = _quiz(found)
    elif kind is GameKind.SPIN:
        game = Game(kind, tries=found.number("within", 1, MOST_TRIES))
    elif kind in PLAYED_BY_CLERK:
        game = Game(kind, *both(found, "task", LONGEST_TASK))
    found.finish()
    return game


def _quiz(form: Form) -> Game:
    question = both(form, "question", LONGEST_TASK)
    told: Any = form.anything("options")
    if not isinstance(told, list) or not 2 <= len(told) <= 6:
        raise FormError(FaultCode.BAD_LIST, form.place("options"), "2–6")
    within = Form(dict(enumerate(told, 1)), form.place("options"))
    options = [Option(*both(within, str(at), LONGEST_NAME)) for at in range(1, len(told) + 1)]
    if len(set(options)) < len(options):
        raise FormError(FaultCode.BAD_LIST, form.place("options"), "2–6")
    answer = form.number("answer", 1, len(options))
    return Game(GameKind.QUIZ, *question, tuple(options), answer, form.number("tries", 1, MOST_TRIES, 2))


def _target(form: Form, ground: Ground) -> Target:
    code, title = code_of(form), both(form, "title", LONGEST_TITLE)
    return Target(code, *title, read_needs(form.text("needs", 300), ground, form.place("needs")))


def _gift(form: Form) -> GiftPlan:
    target, article = code_of(form, "target"), _article(form)
    if not form.has("substitute"):
        return GiftPlan(target, article)
    other = _within(form, "substitute")
    substitute = _article(other)
    other.finish()
    return GiftPlan(target, article, substitute)


def _coupon(form: Form, zone: ZoneInfo) -> CouponPlan:
    code, article = code_of(form), _article(form)
    booth, target = (code_of(form, name) if form.has(name) else None for name in ("booth", "target"))
    if (booth is None) == (target is None):
        raise FaultError(RallyFault.ONE_OF, form.place("booth"), "booth / target")
    conditions = both(form, "conditions", LONGEST_TASK, "无 | none")
    return CouponPlan(
        code, form.text("partner", 60), article, moment(form, "expires", zone), *conditions, booth, target
    )


def _article(form: Form) -> Article:
    name = both(form, "name", LONGEST_NAME)
    return Article(*name, form.number("stock", 1, MOST_PIECES), money(form, "worth_yuan"))


def _within(form: Form, name: str) -> Form:
    return Form(form.anything(name), form.place(name))
