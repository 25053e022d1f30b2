"""A promotion as one readable file: read whole, with every fault in its place (S-216, S-119, S-196, S-43)."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from campaigns.catalogue.model import CLASSES, Class, Edition
from campaigns.catalogue.parts import read_both, read_chosen
from campaigns.channels.model import Channel, ChannelPolicy, Touch
from campaigns.customers.enterprises import Tier
from campaigns.forms.faults import FaultError, Faults, whole_file
from campaigns.forms.model import FaultCode, FormError
from campaigns.forms.reading import Form
from campaigns.offers.model import Text
from campaigns.promotions.faults import PromotionFault
from campaigns.promotions.model import WHOLE, Copy, Costs, Measure, Plan, ProductLine, Way

EXAMPLE = Path(__file__).with_name("example.yaml")
CODE = re.compile(r"[a-z][a-z0-9-]{1,31}")
LONGEST_TITLE, LONGEST_COPY, LONGEST_TERM, LONGEST_LINE, MOST_ARMS, MOST_WEIGHT = 40, 1_000, 200, 1_000, 6, 1_000
FEN, DEAREST_YUAN, MOST_PRIZE = 100, 1_000_000_000, 100_000_000
TRANSACTION_FEN = {Way.ONLINE: 4_500, Way.COUNTER: 4_000}  # S-30, per 10,000 yuan invested.
DEFAULT_HOLD_OUT, DEFAULT_BASE_RATE = 1_000, 500
SHARES = frozenset({Measure.PARTICIPATION, Measure.CONVERSION})
TASKS = {Touch.CALL.value: Touch.CALL, Touch.VISIT.value: Touch.VISIT, Channel.TASK.value: Touch.CALL}
# A post is for a whole group and a word for the staff: neither is sent to a customer of an audience.
CHANNELS = {each.value: each for each in Channel if each not in {Channel.GROUP, Channel.STAFF_GROUP, Channel.TASK}}
PACK = "pack:"
BY_CODE: Mapping[str, Class] = {each.value: each for each in CLASSES}


@dataclass(frozen=True)
class Loaded:
    """What a file says: whose plan it is, by its code."""

    code: str
    plan: Plan


def read_promotion(
    text: str, edition: Edition | None, policy: ChannelPolicy, zone: ZoneInfo, supplies: Collection[str] = ()
) -> Loaded:
    """Read a whole file; products are those of `edition`, costs that it does not name those of `policy`.

    `supplies` are the subjects that can be given, such as voucher:pay-50.

    Raises:
        FileError: names every place that is wrong, what is wrong there, and its line.
    """
    with whole_file(text, PromotionFault.TOO_LONG) as (form, faults):
        code = faults.part("", _code, form)
        plan = _plan(form, faults, code, edition, policy, zone)
        gives = faults.part(None, _gives, form, supplies)
        faults.part(None, form.finish)
    page = plan.rule_page or (gives if gives and not gives.startswith(PACK) else None)
    return Loaded(code, replace(plan, gives=gives, rule_page=page))


def _plan(
    form: Form, faults: Faults, code: str, edition: Edition | None, policy: ChannelPolicy, zone: ZoneInfo
) -> Plan:
    nothing, epoch = Text("-", "-"), datetime(2000, 1, 1, tzinfo=zone)
    opens, closes = faults.part((epoch, epoch), _window, form, zone)
    send_at = faults.part(opens, _send_at, form, zone, opens, closes)
    nowhere: tuple[dict[Class, Channel], dict[Class, Touch]] = {}, {}
    channels, touches = faults.part(nowhere, _channels, form, faults)
    copies = faults.parts(faults.part([], form.forms, "arms", MOST_ARMS), _copy)
    _once([each.arm for each in copies], faults)
    organiser, complaints = faults.part((nothing, nothing), _rules, form)
    targets: dict[Measure, int] = {}
    return Plan(
        title=faults.part(nothing, read_both, form, "title", LONGEST_TITLE),
        copies=copies,
        audience=faults.part("", form.text, "audience", LONGEST_LINE),
        channels=channels,
        opens_at=opens,
        send_at=send_at,
        closes_at=closes,
        organiser=organiser,
        complaints=complaints,
        salt=faults.part("", form.text, "salt", 60, code or "-"),
        hold_out=faults.part(DEFAULT_HOLD_OUT, partial(_share, most=WHOLE - 1), form, "hold_out", DEFAULT_HOLD_OUT),
        budget_fen=faults.part(0, _money, form, "budget_yuan"),
        costs=faults.part(Costs({}, {}), _costs, form, policy),
        product=faults.part(None, _product, form, edition),
        targets=faults.part(targets, _targets, form),
        rule_page=faults.part(None, _optional, form, "rule_page", 60),
        prize_yuan=faults.part(None, _prize, form),
        base_rate=faults.part(0, partial(_share, least=1, most=WHOLE - 1), form, "base_rate", DEFAULT_BASE_RATE),
        may_overlap=faults.part(False, _yes_or_no, form, "overlap"),
        touches=touches,
        enterprises=faults.part(frozenset(), _enterprises, form, channels),
    )


def _code(form: Form) -> str:
    found = form.text("code", 60)
    if not CODE.fullmatch(found):
        raise FaultError(PromotionFault.BAD_CODE, form.place("code"), found)
    return found


def _copy(form: Form) -> Copy:
    """An arm with its words: "中文 | English", or `zh` and `en` where they are long."""
    name, weight = form.text("name", 24), form.number("weight", 1, MOST_WEIGHT, 1)
    if not CODE.fullmatch(name):
        raise FaultError(PromotionFault.BAD_CODE, form.place("name"), name)
    if form.has("text"):
        return Copy(name, read_both(form, "text", LONGEST_COPY), weight)
    return Copy(name, Text(form.text("zh", LONGEST_COPY), form.text("en", LONGEST_COPY)), weight)


def _once(names: list[str], faults: Faults) -> None:
    for at, name in enumerate(names, start=1):
        if name in names[: at - 1]:
            faults.add(PromotionFault.TWICE, f"arms.{at}.name", name)


def _window(form: Form, zone: ZoneInfo) -> tuple[datetime, datetime]:
    within = Form(form.anything("window"), form.place("window"))
    opens, closes = _moment(within, "from", zone), _moment(within, "until", zone)
    within.finish()
    if closes <= opens:
        raise FaultError(PromotionFault.BAD_WINDOW, form.place("window.until"), str(closes))
    return opens, closes


def _send_at(form: Form, zone: ZoneInfo, opens: datetime, closes: datetime) -> datetime:
    if not form.has("send_at"):
        return opens
    found = _moment(form, "send_at", zone)
    if opens < closes and not opens <= found < closes:
        raise FaultError(PromotionFault.BAD_WINDOW, form.place("send_at"), str(found))
    return found


def _moment(form: Form, name: str, zone: ZoneInfo) -> datetime:
    """A day with its hour (2026-12-01 10:00), in the bank's zone where it has none of its own."""
    found = form.anything(name)
    try:
        read = found if isinstance(found, datetime) else datetime.fromisoformat(str(found).strip())
    except ValueError:
        read = None
    if read is None or type(found) is date:
        raise FaultError(PromotionFault.BAD_TIME, form.place(name), str(found))
    return read if read.tzinfo else read.replace(tzinfo=zone)


def _channels(form: Form, faults: Faults) -> tuple[dict[Class, Channel], dict[Class, Touch]]:
    told: Any = form.anything("channels")
    within = Form(told, form.place("channels"))
    channels: dict[Class, Channel] = {}
    touches: dict[Class, Touch] = {}
    for name in map(str, told):
        way = faults.part("", within.text, name, 20)
        if name not in BY_CODE:
            faults.add(PromotionFault.UNKNOWN_CLASS, within.place(name), name)
        elif way in TASKS:
            channels[BY_CODE[name]], touches[BY_CODE[name]] = Channel.TASK, TASKS[way]
        elif way in CHANNELS:
            channels[BY_CODE[name]] = CHANNELS[way]
        elif way:
            faults.add(PromotionFault.BAD_CHANNEL, within.place(name), " / ".join([*CHANNELS, "call", "visit"]))
    if not told:
        faults.add(PromotionFault.NO_CHANNEL, form.place("channels"), " / ".join(BY_CODE))
    return channels, touches


def _enterprises(form: Form, channels: Mapping[Class, Channel]) -> frozenset[Tier]:
    """The tiers that are addressed as a whole; each needs its channel."""
    tiers = frozenset(read_chosen(form, "enterprises", Tier))
    for each in sorted(tiers - set(channels)):
        raise FaultError(PromotionFault.NO_CHANNEL, form.place("enterprises"), str(each))
    return tiers


def _rules(form: Form) -> tuple[Text, Text]:
    within = Form(form.anything("rules"), form.place("rules"))
    found = read_both(within, "organiser", LONGEST_TERM), read_both(within, "complaints", LONGEST_TERM)
    within.finish()
    return found


def _costs(form: Form, policy: ChannelPolicy) -> Costs:
    """What a contact costs, the bank's own figures where the file names none; transactions stand apart (S-30)."""
    contact = {str(name): fen for name, fen in policy.costs.items()}
    told = _moneys(form, "transaction_yuan", {str(way): fen for way, fen in TRANSACTION_FEN.items()})
    return Costs(_moneys(form, "costs_yuan", contact), {Way(name): fen for name, fen in told.items()})


def _moneys(form: Form, name: str, known: dict[str, int]) -> dict[str, int]:
    """What is known, with the file's own figures in its place."""
    if not form.has(name):
        return known
    told: Any = form.anything(name)
    within = Form(told, form.place(name))
    for each in map(str, told):
        if each not in known:
            raise FaultError(PromotionFault.UNKNOWN_COST, within.place(each), " / ".join(known))
    return {each: _money(within, each) if within.has(each) else fen for each, fen in known.items()}


def _money(form: Form, name: str) -> int:
    """Yuan with at most two decimals, as fen; 0 is allowed."""
    found = form.anything(name)
    try:
        fen = Decimal(str(found).strip()) * FEN
        whole = int(fen)
    except (InvalidOperation, ValueError, OverflowError):
        raise FaultError(PromotionFault.BAD_MONEY, form.place(name), str(found)) from None
    if isinstance(found, bool) or fen != whole or not 0 <= whole <= DEAREST_YUAN * FEN:
        raise FaultError(PromotionFault.BAD_MONEY, form.place(name), str(found))
    return whole


def _share(form: Form, name: str, default: int | None = None, *, least: int = 0, most: int = WHOLE) -> int:
    """A share such as 10% or 2.5%, in parts of 10,000."""
    if default is not None and not form.has(name):
        return default
    found = form.anything(name)
    try:
        parts = Decimal(str(found).strip().removesuffix("%").removesuffix("％")) * (WHOLE // 100)
        whole = int(parts)
    except (InvalidOperation, ValueError, OverflowError):
        raise FaultError(PromotionFault.BAD_SHARE, form.place(name), str(found)) from None
    if isinstance(found, bool) or parts != whole or not least <= whole <= most:
        raise FaultError(PromotionFault.BAD_SHARE, form.place(name), str(found))
    return whole


def _targets(form: Form) -> dict[Measure, int]:
    """What is aimed at: shares, and yuan a month for the growth of assets (S-193)."""
    if not form.has("targets"):
        return {}
    within = Form(form.anything("targets"), form.place("targets"))
    targets = {each: _share(within, each) for each in Measure if each in SHARES and within.has(each)}
    if within.has("aum_growth_yuan"):
        targets[Measure.AUM_GROWTH] = _money(within, "aum_growth_yuan")
    within.finish()
    return targets


def _product(form: Form, edition: Edition | None) -> ProductLine | None:
    if not form.has("product"):
        return None
    code = form.text("product", 40)
    if edition is None:
        raise FaultError(PromotionFault.NO_CATALOGUE, form.place("product"), code)
    product = edition.catalogue.products.get(code)
    if product is None:
        raise FaultError(PromotionFault.UNKNOWN_PRODUCT, form.place("product"), code)
    return ProductLine(code, product.kind, product.risk, edition.version, product.locked_days)


def _gives(form: Form, supplies: Collection[str]) -> str | None:
    """What is handed out; its rules are its own page, unless the file names another: a pack has none of its own."""
    if not form.has("gives"):
        return None
    found = form.text("gives", 60)
    if found not in supplies:
        raise FaultError(PromotionFault.UNKNOWN_SUPPLY, form.place("gives"), found)
    return found


def _prize(form: Form) -> int | None:
    return form.number("prize_yuan", 1, MOST_PRIZE) if form.has("prize_yuan") else None


def _optional(form: Form, name: str, longest: int) -> str | None:
    return form.text(name, longest) if form.has(name) else None


def _yes_or_no(form: Form, name: str) -> bool:
    found = form.anything(name) if form.has(name) else False
    if not isinstance(found, bool):
        raise FormError(FaultCode.BAD_CHOICE, form.place(name), "true / false")
    return found
