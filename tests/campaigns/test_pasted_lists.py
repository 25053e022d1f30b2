"""Lists pasted from WeChat: what is clear is read, what is not is shown, nothing is guessed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.chains.model import Order
from campaigns.chains.pasted_lists import is_pasted_list, read_pasted_list, without

LIMIT = 9
REAL = """#接龙
周末团购苹果
例 张三 2箱

1. 王芳 2份
2. 李四 +1
3. 张小明
4.
5、赵六*3
6．钱七2
7) 孙八 两份 晚点到
（8）周九🐟 x2
9. 吴十 13800000000
10. 3号楼王姐 1份
11. 301 李姐 2份
12.王芳 1份
大家早上好
13 Anna Smith 2
14. 郑十一 2份（已付款）
15. 冯二 陈三 2份
16. 贪心 99份
"""
ONE = st.sampled_from(["王芳", "李四 2份", "张小明*3", "赵六 三份 晚点", "A0建材老王", "", "13800000000", "🐟"])
NUMBER = st.sampled_from(["{}. ", "{}、", "{}．", "{}) ", "（{}）", "{} "])


def test_a_real_list_is_read_line_by_line() -> None:
    pasted = read_pasted_list(REAL, (), LIMIT)
    assert pasted.title == "周末团购苹果"
    assert [(line.name, line.orders[0].quantity, line.note) for line in pasted.lines] == [
        ("王芳", 2, ""),
        ("李四", 1, ""),
        ("张小明", 1, ""),
        ("赵六", 3, ""),
        ("钱七", 2, ""),
        ("孙八", 2, "晚点到"),
        ("周九", 2, ""),
        ("3号楼王姐", 1, ""),
        ("Anna Smith", 2, ""),
        ("郑十一", 2, "已付款"),
    ]
    assert pasted.unread == (
        "9. 吴十 13800000000",
        "11. 301 李姐 2份",
        "12.王芳 1份",
        "大家早上好",
        "15. 冯二 陈三 2份",
        "16. 贪心 99份",
    )


def test_items_are_read_and_a_line_without_one_is_shown() -> None:
    pasted = read_pasted_list("#接龙 水果\n1. 王芳 A2 B1\n2. 李四 苹果2箱\n3. 没写", ("苹果", "香蕉"), LIMIT)
    assert pasted.title == "水果"
    assert [line.orders for line in pasted.lines] == [(Order(2, 1), Order(1, 2)), (Order(2, 1),)]
    assert pasted.unread == ("3. 没写",)


@pytest.mark.parametrize(
    ("text", "is_list"),
    [
        ("#接龙\n1. 王芳", True),
        ("＃接龍：開卡\n1、王芳", True),
        ("接龙 水果\n说明\n1 王芳", True),
        ("#接龙\n王芳", False),
        ("今天接龙\n1. 王芳", False),
        ("1. 王芳\n2. 李四", False),
        ("", False),
    ],
)
def test_a_list_is_known_by_its_head_and_its_numbers(text: str, is_list: bool) -> None:
    assert is_pasted_list(text) is is_list


def test_who_is_on_the_chain_already_is_left_out_by_name() -> None:
    pasted, there = without(read_pasted_list("#接龙\n1. 王芳 2份\n2. 李四", (), LIMIT), ["王 芳", "赵六"])
    assert ([line.name for line in pasted.lines], there) == (["李四"], ("王芳",))


@given(st.lists(st.tuples(NUMBER, ONE), max_size=8), st.text(max_size=20))
def test_no_line_is_lost_and_none_invented(lines: list[tuple[str, str]], title: str) -> None:
    written = [form.format(number) + body for number, (form, body) in enumerate(lines, start=1)]
    pasted = read_pasted_list("\n".join(["#接龙", *written]), (), LIMIT)
    said = [body for _, body in lines if body.strip() and body != "🐟"]
    assert len(pasted.lines) + len(pasted.unread) == len(said)
    assert all(line.name in "".join(said) and 1 <= line.orders[0].quantity <= 3 for line in pasted.lines)
    read_pasted_list(title, (), LIMIT)
