"""Words on a chain: understood, asked back or left alone; whatever is typed, nothing is guessed and nothing raises."""

from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from campaigns.chains.entry_reading import Doubt, Question, Wish, read_among, read_entry
from campaigns.chains.model import Chain, ChainState, Entry, Order, Verb
from campaigns.chains.numerals import read_number
from campaigns.chains.reading import normal

DEADLINE = datetime(2027, 1, 1, tzinfo=UTC)
WANG = 7
MINE = Entry(WANG, "王*", 1, quantity=3)
AUNT = Entry(WANG, "王*", 2, proxy="李阿姨")
OFFERED = Entry(WANG, "王*", 1, confirm_by=DEADLINE)
FRUIT = ("苹果", "香蕉", "青苹果")
TYPED = "接龙龍报名报帮幫我要改成退出取消撤销+-加减一两三十百0123456789份个箱AB苹果香蕉王阿姨李四 ：:（）"
WORDS = st.text() | st.text(TYPED, max_size=24)


def chain(*entries: Entry, items: tuple[str, ...] = (), number: int = 1, product: str = "联名卡") -> Chain:
    return Chain(number, 1, -100, product, 20, DEADLINE, ChainState.OPEN, 99, entries=entries, limit=9, items=items)


def joins(*orders: tuple[int, int] | int, note: str = "", proxy: str | None = None) -> Wish:
    given = (order if isinstance(order, tuple) else (order, 0) for order in orders)
    return Wish(Verb.JOIN, tuple(Order(*order) for order in given), note, proxy)


def reads(text: str, on: Chain, *, addressed: bool = False) -> Wish | Question | None:
    return read_entry(text, on, WANG, "王芳", addressed=addressed)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("+1", joins(1)),
        ("+3", joins(3)),
        ("＋１", joins(1)),
        ("加一", joins(1)),
        ("加二", joins(2)),
        ("加我一个", joins(1)),
        ("接龙", joins()),
        ("接龍 兩份", joins(2)),
        ("我要接龙两个", joins(2)),
        ("報名二十", joins(20)),
        ("我要2份", joins(2)),
        ("参团，3份", joins(3)),
        ("+1 谢谢👍", joins(1)),
        ("接龙 王芳 2份", joins(2)),
        ("接龙 联名卡 2份", joins(2)),
        ("接龙 2份 备注：不要辣", joins(2, note="不要辣")),
        ("+2（不要辣）", joins(2, note="不要辣")),
        ("帮王阿姨报2份", joins(2, proxy="王阿姨")),
        ("幫王阿姨報名兩份", joins(2, proxy="王阿姨")),
        ("代报 王阿姨 2份", joins(2, proxy="王阿姨")),
        ("帮报：王阿姨 2份", joins(2, proxy="王阿姨")),
        ("+1 帮王阿姨", joins(1, proxy="王阿姨")),
        ("帮李四接龙", joins(proxy="李四")),
        ("帮我报2份", joins(2)),
        ("再来一份", joins(1)),
        ("join 2", joins(2)),
        ("for Anna Smith join 2", joins(2, proxy="Anna Smith")),
        ("改成3份", Wish(Verb.EDIT, (Order(3),))),
        ("退出接龍", Wish(Verb.LEAVE)),
        ("-1", Wish(Verb.LEAVE)),
        ("撤銷", Wish(Verb.UNDO)),
        ("确认名额", Wish(Verb.CONFIRM)),
    ],
)
def test_a_sign_up_is_read_as_it_is_meant(typed: str, meant: Wish) -> None:
    assert reads(typed, chain()) == meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("A2 B1", joins((2, 1), (1, 2))),
        ("a2", joins((2, 1))),
        ("苹果 2 箱", joins((2, 1))),
        ("苹果2 香蕉1", joins((2, 1), (1, 2))),
        ("2箱苹果 1箱香蕉", joins((2, 1), (1, 2))),
        ("青苹果两箱", joins((2, 3))),
        ("接龙 苹果", joins((1, 1))),
        ("2号 3份", joins((3, 2))),
        ("+1 苹果", joins((1, 1))),
        ("帮王阿姨报A2 B1", joins((2, 1), (1, 2), proxy="王阿姨")),
    ],
)
def test_items_are_read_by_name_by_letter_and_by_number(typed: str, meant: Wish) -> None:
    assert reads(typed, chain(items=FRUIT)) == meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("李阿姨改成2份", Wish(Verb.EDIT, (Order(2),), proxy="李阿姨")),
        ("帮李阿姨改成2份", Wish(Verb.EDIT, (Order(2),), proxy="李阿姨")),
        ("改為五", Wish(Verb.EDIT, (Order(5),))),
        ("备注改成晚上送", Wish(Verb.EDIT, note="晚上送")),
        ("改备注：晚上送", Wish(Verb.EDIT, note="晚上送")),
        ("取消帮李阿姨", Wish(Verb.LEAVE, proxy="李阿姨")),
        ("再加一份", Wish(Verb.EDIT, (Order(4),))),
        ("-3", Wish(Verb.LEAVE)),
    ],
)
def test_changes_are_read_beside_what_is_there(typed: str, meant: Wish) -> None:
    assert reads(typed, chain(MINE, AUNT)) == meant


@pytest.mark.parametrize(
    ("typed", "doubt", "answers"),
    [
        ("接龙 张小明 2份", Doubt.WHO, (joins(2), joins(2, proxy="张小明"), joins(2, note="张小明"))),
        ("接龙张三2份", Doubt.WHO, (joins(2), joins(2, proxy="张三"), joins(2, note="张三"))),
        ("+1 晚上八点以后送到", Doubt.NOTE, (joins(1, note="晚上八点以后送到"), joins(1))),
        ("两个", Doubt.SURE, (joins(2),)),
        ("-1", Doubt.FEWER, (Wish(Verb.EDIT, (Order(2),)), Wish(Verb.LEAVE))),
        ("再来一个", Doubt.SURE, (Wish(Verb.EDIT, (Order(4),)),)),
        ("不要了", Doubt.SURE, (Wish(Verb.LEAVE),)),
        ("接龙 2份 3份", Doubt.UNREAD, ()),
        ("接龙二百五", Doubt.UNREAD, ()),
    ],
)
def test_what_is_not_clear_is_asked_back(typed: str, doubt: Doubt, answers: tuple[Wish, ...]) -> None:
    found = reads(typed, chain(MINE))
    assert isinstance(found, Question)
    assert (found.doubt, found.answers) == (doubt, answers)


@pytest.mark.parametrize("typed", ["+2", "接龙 桔子 2箱"])
def test_without_an_item_the_items_are_offered(typed: str) -> None:
    found = reads(typed, chain(items=FRUIT))
    assert isinstance(found, Question)
    assert (found.doubt, found.answers) == (Doubt.ITEM, tuple(joins((2, item)) for item in (1, 2, 3)))


@pytest.mark.parametrize(
    "typed",
    [
        "你好",
        "加油",
        "二十",
        "2",
        "报名的人请来大堂",
        "报名了",
        "接龙怎么玩",
        "我要睡觉",
        "今天吃苹果",
        "苹果很好吃",
        "A",
        "B2栋",
        "明天3点见",
        "帮你报",
        "帮忙报名",
        "帮李四",
        "改天再说",
        "+86 13800138000",
        "取消",
        "确认",
        "+1\n第二行",
        "",
    ],
)
def test_small_talk_is_left_alone(typed: str) -> None:
    assert reads(typed, chain()) is None
    assert reads(typed, chain(items=FRUIT)) is None


def test_an_item_is_given_back_by_its_name() -> None:
    both = chain(Entry(WANG, "王*", 1, 1), Entry(WANG, "王*", 2, 2), items=FRUIT)
    assert reads("退A", both) == Wish(Verb.LEAVE, (Order(1, 1),))
    assert reads("不要香蕉了", both) == Wish(Verb.LEAVE, (Order(1, 2),))
    assert reads("不要香蕉了", chain(items=FRUIT)) is None


def test_more_than_one_may_have_is_not_asked_back_but_refused() -> None:
    assert reads("+10", chain(items=FRUIT)) == joins(10)


def test_who_speaks_to_the_bot_needs_no_word_of_joining() -> None:
    assert reads("两个", chain(), addressed=True) == joins(2)
    assert reads("二十", chain(), addressed=True) == joins(20)
    assert reads("不要了", chain(MINE), addressed=True) == Wish(Verb.LEAVE)


def test_a_bare_confirmation_counts_from_who_was_offered_a_place() -> None:
    assert reads("确认", chain(OFFERED)) == Wish(Verb.CONFIRM)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("十", 10),
        ("十二", 12),
        ("二十", 20),
        ("两百", 200),
        ("一百零五", 105),
        ("三百二十", 320),
        ("壹拾贰", 12),
        ("12", 12),
        ("二百五", None),
        ("十十", None),
        ("一二", None),
        ("", None),
    ],
)
def test_numerals_are_read_and_doubtful_ones_are_not(written: str, meant: int | None) -> None:
    assert read_number(written) == meant


def test_of_several_chains_the_words_name_one_or_it_is_asked() -> None:
    card, fruit = chain(product="联名卡"), chain(product="水果", number=2, items=FRUIT)
    assert [found.id for found, _ in read_among([card, fruit], "接龙", WANG, "王芳")] == [1, 2]
    assert [found.id for found, _ in read_among([card, fruit], "接龙 联名卡 2份", WANG, "王芳")] == [1]
    assert [found.id for found, _ in read_among([card, fruit], "A2", WANG, "王芳")] == [2]
    joined = chain(MINE, number=3, product="水杯")
    assert [found.id for found, _ in read_among([card, joined], "退出接龙", WANG, "王芳")] == [3]
    assert read_among([card, fruit], "你好", WANG, "王芳") == []


@given(WORDS, st.booleans())
@example("+٣", False)
@example("接龙 Ⅻ", True)
def test_whatever_is_typed_is_a_sound_wish_or_nothing(typed: str, addressed: bool) -> None:
    for on in (chain(MINE, AUNT), chain(items=FRUIT)):
        found = reads(typed, on, addressed=addressed)
        wishes = found.answers if isinstance(found, Question) else (found,) if found else ()
        for wish in wishes:
            assert all(order.quantity > 0 and order.item <= len(on.items) for order in wish.orders)
            assert wish.proxy is None or wish.proxy in f"{normal(typed)} 李阿姨"
            assert len(wish.note) <= 40


@given(st.integers(1, 99), st.sampled_from(["+{}", "接龙 {}份", "報名{}個", "帮王阿姨报{}份"]))
def test_a_quantity_is_never_another_one(quantity: int, form: str) -> None:
    found = reads(form.format(quantity), chain())
    assert isinstance(found, Wish)
    assert found.orders == (Order(quantity),)
