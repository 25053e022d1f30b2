"""The file of an event: the example is right, and every mistake is told with its place, its line and what to do."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from campaigns.forms.model import FaultCode
from campaigns.games.model import GameKind
from campaigns.members.model import Language
from campaigns.rallies.checks import gifts_cost, partners_of
from campaigns.rallies.faults import FaultError, FileFault, RallyFault, RallyFileError
from campaigns.rallies.model import Need, RallyPlan
from campaigns.rallies.needs import Ground, read_needs
from campaigns.rallies.reading import read_rally
from handlers.wording.rally_files import fault, faults
from handlers.wording.rally_pages import rule_page, spans

EXAMPLE = (Path(__file__).resolve().parents[2] / "campaigns" / "rallies" / "example.yaml").read_text("utf-8")
NOW, ZONE = datetime(2026, 1, 1, tzinfo=UTC), ZoneInfo("Asia/Shanghai")
GROUND = Ground(("B1", "B2", "B3", "B4", "C10"), {"红区": ("B1", "B2"), "A 区 | Zone A": ("B3", "B4", "C10")})
COUPON = """
coupons:
  - code: C1
    name: 豆浆券
    partner: 幸福里
    booth: B1
    worth_yuan: 5
    stock: 10
    expires: 2030-12-31 23:59
"""

SAID = (
    "2030-11-28 10:00 至 2030-11-28 17:00",
    "红星广场",
    "B4 投壶（蓝区 10:30–16:30）投中一次，店员确认",
    "· 全场达人：红区（B1–B3）全部，加上 B4–B6 中任选 2 个",
    "帆布袋 × 300（每份 12 元）；发完后换成 钥匙扣 × 500",
    "保温杯 × 100（每份 39.9 元），发完即止",
    "总预算 9,400 元",
    "先绑定手机号",
    "豆浆券（5 元）× 10：B1 印章得，到 幸福里 用",
    "答题，可答 2 次",
    "最多 3 次必过",
    "示例银行红星支行",
    "95500",
)


def read(text: str) -> RallyPlan:
    return read_rally(text, NOW, ZONE, {"幸福里"})


def wrong(text: str) -> list[tuple[str, str, int]]:
    """Everything that is wrong: the fault, its place and its line."""
    with pytest.raises(RallyFileError) as caught:
        read(text)
    return [(str(each.code), each.place, each.line) for each in caught.value.faults]


def line_of(words: str, text: str = EXAMPLE) -> int:
    """The line on which these words stand first."""
    return text[: text.index(words)].count("\n") + 1


def test_the_example_is_read_whole() -> None:
    plan = read(EXAMPLE)
    assert (plan.code, plan.title_zh, plan.title_en) == ("autumn-2030", "金秋集章日", "Autumn stamp day")
    assert plan.starts_at == datetime(2030, 11, 28, 10, tzinfo=ZONE)
    assert [booth.game.kind for booth in plan.booths] == [
        GameKind.SCAN, GameKind.QUIZ, GameKind.SPIN, GameKind.STAFF, GameKind.PHOTO, GameKind.SCAN,
    ]  # fmt: skip
    assert [target.needs for target in plan.targets] == [
        (Need(3, ("B1", "B2", "B3", "B4", "B5", "B6")),),
        (Need(3, ("B1", "B2", "B3"), "红区 | Red zone"), Need(2, ("B4", "B5", "B6"))),
    ]
    assert gifts_cost(plan) == 300 * 1_200 + 500 * 350 + 100 * 3_990 <= plan.gifts_budget_fen
    assert not partners_of(plan)


def test_a_coupon_and_shares_name_partners_that_are_known() -> None:
    plan = read(EXAMPLE + COUPON + "shares: {幸福里: 12.5}\nneeds_real_name: yes\n")
    assert plan.coupons[0].booth == "B1"
    assert plan.shares == {"幸福里": 1_250}
    assert plan.needs_real_name
    assert partners_of(plan) == {"幸福里"}
    assert wrong((EXAMPLE + COUPON).replace("幸福里", "老张")) == [
        ("unknown_partner", "coupons.1.partner", line_of("partner: 幸福里", EXAMPLE + COUPON))
    ]
    assert read_rally((EXAMPLE + COUPON).replace("幸福里", "老张"), NOW, ZONE).coupons[0].partner == "老张"


def test_an_hour_without_quotes_is_what_it_looks_like() -> None:
    plain, quoted = EXAMPLE.replace('"10:30"', "10:30").replace('"16:30"', "16:30:00"), read(EXAMPLE).booths[3]
    assert read(EXAMPLE.replace('"10:30"', "10:30")).booths[3] == quoted
    assert quoted.opens_at == datetime(2030, 11, 28, 10, 30, tzinfo=ZONE)
    assert wrong(plain)[0][:2] == ("bad_time", "booths.4.closes")


@pytest.mark.parametrize(
    ("before", "after", "named", "place"),
    [
        ("code: autumn-2030", "code: Autumn 2030", "bad_code", "code"),
        ("title: 金秋集章日 | Autumn stamp day", "title: ''", "bad_text", "title"),
        ("place: 红星广场 | Red Star Square\n", "", "missing", "place"),
        ("starts: 2030-11-28 10:00", "starts: 下周", "bad_time", "starts"),
        ("starts: 2030-11-28 10:00", "starts: 2030-11-28", "bad_time", "starts"),
        ("ends: 2030-11-28 17:00", "ends: 2030-11-28 09:00", "ends_early", "ends"),
        ("ends: 2030-11-28 17:00", "ends: 2031-11-28 09:00", "ends_early", "ends"),
        ("map_metres: 120", "map_metres: 1", "bad_number", "map_metres"),
        ("at: [15, 20]", "at: [15, 120]", "bad_place", "booths.1.at"),
        ("code: B2", "code: 二号", "bad_code", "booths.2.code"),
        ("code: B2", "code: B1", "twice", "booths.2.code"),
        ("seconds: 20", "seconds: 0", "bad_number", "booths.1.seconds"),
        ("tastings: 400", "tasting: 400", "unknown_field", "booths.1.tasting"),
        ("answer: 1", "answer: 4", "bad_number", "booths.2.game.answer"),
        ("[龙井 | Longjing, 普洱 | Pu'er, 铁观音 | Tieguanyin]", "[龙井, 龙井]", "bad_list", "booths.2.game.options"),
        ("kind: spin, within: 3", "kind: spin", "missing", "booths.3.game.within"),
        ("kind: spin, within: 3", "kind: dance", "bad_choice", "booths.3.game.kind"),
        ("kind: staff, task: 投中一次 | One arrow in the pot", "kind: staff", "missing", "booths.4.game.task"),
        ('opens: "10:30"', 'opens: "09:30"', "outside", "booths.4.opens"),
        ('closes: "16:30"', 'closes: "10:00"', "outside", "booths.4.opens"),
        ("needs: any 3 of B1..B6", "needs: any 7 of B1..B6", "too_many_needed", "targets.1.needs"),
        ("needs: any 3 of B1..B6", "needs: any 3 of B1..B9", "unknown_booth", "targets.1.needs"),
        ("needs: any 3 of B1..B6", "needs: 随便", "bad_need", "targets.1.needs"),
        ("code: T2", "code: T1", "twice", "targets.2.code"),
        ("target: T2", "target: T3", "unknown_target", "gifts.2.target"),
        ("target: T2", "target: T1", "twice", "gifts.2.target"),
        ("worth_yuan: 39.90", "worth_yuan: 39.905", "bad_money", "gifts.2.worth_yuan"),
        ("gifts_budget_yuan: 9400", "gifts_budget_yuan: 9339.99", "over_budget", "gifts_budget_yuan"),
        ("organiser: 示例银行红星支行", "organiser: 国家级最佳银行", "forbidden_word", "rules.organiser"),
        ("rules:", "hidden: 1\nrules:", "unknown_field", "hidden"),
    ],
)
def test_each_mistake_is_told_by_its_place_and_line(before: str, after: str, named: str, place: str) -> None:
    text = EXAMPLE.replace(before, after, 1)
    (line,) = [line for code, found, line in wrong(text) if (code, found) == (named, place)]
    name = place.rsplit(".", 1)[-1]
    assert name in text.splitlines()[line - 1] or named in {"missing", "outside"}


@pytest.mark.parametrize(
    ("before", "after", "named", "place"),
    [
        ("booth: B1", "booth: B9", "unknown_booth", "coupons.1.booth"),
        ("booth: B1", "target: T9", "unknown_target", "coupons.1.target"),
        ("booth: B1", "booth: B1\n    target: T1", "one_of", "coupons.1.booth"),
        ("expires: 2030-12-31 23:59", "expires: 2030-11-28 11:00", "expires_early", "coupons.1.expires"),
        ("23:59", "23:59\nshares: {幸福里: 101}", "bad_shares", "shares"),
        ("23:59", "23:59\nshares: 幸福里", "bad_shares", "shares"),
        ("23:59", "23:59\nneeds_real_name: 也许", "bad_choice", "needs_real_name"),
    ],
)
def test_a_coupons_mistakes_are_told_too(before: str, after: str, named: str, place: str) -> None:
    assert [each[:2] for each in wrong(EXAMPLE + COUPON.replace(before, after))] == [(named, place)]


def test_all_mistakes_are_told_together_in_the_order_of_the_file() -> None:
    text = EXAMPLE.replace("answer: 1", "answer: 9").replace('"10:30"', "半夜").replace("title: 金", "titel: 金")
    found = wrong(text)
    assert {place for _, place, _ in found[:2]} == {"title", "titel"}
    assert [place for _, place, _ in found[2:]] == ["booths.2.game.answer", "booths.4.opens"]
    assert [line for *_, line in found] == sorted(line for *_, line in found)


def test_what_is_no_yaml_or_no_form_or_too_large_is_told() -> None:
    assert wrong("code: [") == [(FaultCode.NOT_YAML, "1", 1)]
    with pytest.raises(RallyFileError) as caught:
        read("code: [")
    assert "加引号" in fault(caught.value.faults[0], Language.ZH)
    assert wrong("- 1")[0][0] == FaultCode.NOT_A_FORM
    assert wrong(EXAMPLE + "#" * 60_000)[0][0] == RallyFault.TOO_LONG
    assert wrong("")[0][0] == FaultCode.NOT_A_FORM


def test_an_event_that_is_over_is_not_loaded() -> None:
    after = datetime(2030, 11, 28, 17, tzinfo=ZONE)
    with pytest.raises(RallyFileError) as caught:
        read_rally(EXAMPLE, after, ZONE)
    assert [each.code for each in caught.value.faults] == [RallyFault.OVER_ALREADY]
    assert read_rally(EXAMPLE, after - timedelta(seconds=1), ZONE).ends_at == after


@pytest.mark.parametrize(
    ("words", "needs"),
    [
        ("any 2 of B1..B3", (Need(2, ("B1", "B2", "B3")),)),
        ("ANY 2 OF B1, B3", (Need(2, ("B1", "B3")),)),
        ("all of zone 红区 and any 2 others", (Need(2, ("B1", "B2"), "红区"), Need(2, ("B3", "B4", "C10")))),
        ("all of 红区", (Need(2, ("B1", "B2"), "红区"),)),
        ("all of zone A 区", (Need(3, ("B3", "B4", "C10"), "A 区 | Zone A"),)),
        ("any 2 of Zone A", (Need(2, ("B3", "B4", "C10"), "A 区 | Zone A"),)),
        ("any 4 of all booths", (Need(4, GROUND.codes),)),
        ("all others", (Need(5, GROUND.codes),)),
        ("B1..B3任选2", (Need(2, ("B1", "B2", "B3")),)),
        ("任选2个：B1、B3", (Need(2, ("B1", "B3")),)),
        ("红区全部 且 其他任选2", (Need(2, ("B1", "B2"), "红区"), Need(2, ("B3", "B4", "C10")))),
        ("B1 和 B2 全部；任选1 C10", (Need(2, ("B1", "B2")), Need(1, ("C10",)))),
        ("any 1 of B1..B1", (Need(1, ("B1",)),)),
    ],
)
def test_a_target_is_read_as_it_is_said(words: str, needs: tuple[Need, ...]) -> None:
    assert read_needs(words, GROUND, "needs") == needs


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        ("五个", RallyFault.BAD_NEED),
        ("any of B1", RallyFault.BAD_NEED),
        ("any 0 of B1", RallyFault.TOO_MANY_NEEDED),
        ("any 2 of B1..B1", RallyFault.TOO_MANY_NEEDED),
        ("all of B1..B4 and all of C10 and any 1 others", RallyFault.TOO_MANY_NEEDED),
        ("any 1 of b1", RallyFault.UNKNOWN_BOOTH),
        ("any 1 of zone 蓝区", RallyFault.UNKNOWN_BOOTH),
        ("any 1 of B1..C10", RallyFault.UNKNOWN_BOOTH),
        ("any 1 of B1..B999999", RallyFault.UNKNOWN_BOOTH),
        ("any 1 of B4..B1", RallyFault.TOO_MANY_NEEDED),
    ],
)
def test_a_target_that_cannot_be_is_refused(words: str, fault: RallyFault) -> None:
    with pytest.raises(FaultError) as caught:
        read_needs(words, GROUND, "needs")
    assert caught.value.fault.code is fault


def test_the_rule_page_tells_every_condition_in_both_languages() -> None:
    plan = read(EXAMPLE + COUPON + "needs_real_name: true\n")
    zh, en = (rule_page(plan, ZONE, language) for language in Language)
    for words in SAID:
        assert words in zh
    assert "B4 Pitch-pot (Blue zone 10:30–16:30)" in en
    assert "Champion: all of Red zone (B1–B3), and any 2 of B4–B6" in en
    assert "a gift needs a linked number" in en
    assert "Longjing" not in en


def test_neighbours_are_drawn_together() -> None:
    assert spans(("B1", "B2", "B3", "B5", "C6", "C7", "甲"), Language.ZH) == "B1–B3、B5、C6–C7、甲"
    assert spans(("B1", "B3"), Language.EN) == "B1, B3"


def test_organisers_read_what_to_do_in_both_languages() -> None:
    with pytest.raises(RallyFileError) as caught:
        read(EXAMPLE.replace("any 3 of B1..B6", "any 9 of B1..B6"))
    assert faults(caught.value.faults, Language.ZH).startswith("这个文件有 1 处要改：\n· 第 ")
    assert "asks for more booths than there are" in faults(caught.value.faults, Language.EN)
    every = tuple(FileFault(code, "booths.1", "X", 3) for code in RallyFault)
    assert all("booths.1" in fault(each, language) for each in every for language in Language)


CHANGES = (
    ("title: 金秋集章日 | Autumn stamp day", "title: 春日集章 | Spring stamps"),
    ("place: 红星广场 | Red Star Square", "place: 绿地 | Green"),
    ("starts: 2030-11-28 10:00", "starts: 2030-11-28 09:00"),
    ("ends: 2030-11-28 17:00", "ends: 2030-11-28 18:00"),
    ("name: 桂花糕品尝 | Osmanthus cakes", "name: 汤圆 | Dumplings"),
    ("zone: 蓝区 |", "zone: 绿区 |"),
    ('opens: "10:30"', 'opens: "11:00"'),
    ("tries: 2", "tries: 3"),
    ("within: 3", "within: 2"),
    ("task: 投中一次 | One arrow in the pot", "task: 投中两次 | Two arrows"),
    ("title: 集章达人 | Collector", "title: 集章新手 | Beginner"),
    ("any 3 of B1..B6", "any 2 of B1..B6"),
    ("and any 2 others", "and any 1 others"),
    ("name: 帆布袋 | Canvas bag", "name: 雨伞 | Umbrella"),
    ("stock: 300", "stock: 299"),
    ("worth_yuan: 12", "worth_yuan: 11"),
    ("    substitute: { name: 钥匙扣 | Key ring, stock: 500, worth_yuan: 3.50 }\n", ""),
    ("gifts_budget_yuan: 9400", "gifts_budget_yuan: 9500"),
    ("rules:", "needs_real_name: true\nrules:"),
    ("conditions: 到场的人都可以参加", "conditions: 成年人可以参加"),
    ("organiser: 示例银行红星支行 | Example Bank", "organiser: 示例银行蓝星支行 | Other Bank"),
    ("complaints: 现场服务台或 95500 | The desk at the square", "complaints: 现场服务台或 95501 | A desk"),
    ("expires: 2030-12-31 23:59", "expires: 2031-01-31 23:59"),
    ("stock: 10\n", "stock: 11\n"),
    ("    booth: B1\n", "    target: T1\n"),
    ("worth_yuan: 5\n", "worth_yuan: 6\n"),
    ("name: 豆浆券", "name: 油条券"),
    ("    booth: B1\n", "    booth: B1\n    conditions: 满 30 元 | From 30 yuan\n"),
)


@pytest.mark.parametrize(("before", "after"), CHANGES)
def test_no_condition_is_hidden_whatever_decides_changes_the_page(before: str, after: str) -> None:
    text = EXAMPLE + COUPON
    changed = text.replace(before, after, 1)
    assert changed != text
    assert rule_page(read(changed), ZONE, Language.ZH) != rule_page(read(text), ZONE, Language.ZH)
