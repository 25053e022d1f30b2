"""Long lists page by page: everything stands on exactly one page, in its order."""

from hypothesis import given
from hypothesis import strategies as st

from campaigns.members.model import Language
from handlers.wording.paging import leaf


@given(st.integers(0, 100), st.integers(1, 30))
def test_the_pages_hold_the_whole_list_in_its_order(length: int, size: int) -> None:
    found = list(range(length))
    pages = [leaf(found, number, size) for number in range(1, leaf(found, 1, size).pages + 1)]
    assert [item for page in pages for item in page.items] == found
    assert all(page.first == page.items[0] + 1 for page in pages if page.items)


def test_a_page_that_is_not_there_any_more_is_the_last_one() -> None:
    assert leaf("abcde", 7, 2).items == "e"


def test_only_a_list_of_several_pages_says_which_this_is() -> None:
    assert leaf("ab", 1, 2).head("提醒", Language.ZH) == "提醒"
    assert leaf("abc", 2, 2).head("提醒", Language.ZH) == "提醒（共 3，第 2/2 页）"
