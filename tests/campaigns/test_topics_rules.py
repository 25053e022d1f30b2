"""Topics' rules: links, what may be told, who judges, which changes keep the counts, files."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from campaigns.forms.faults import FileError
from campaigns.topics.files import EXAMPLE, plain, read_topic, restored
from campaigns.topics.model import GENERAL, Blocked, Contribution, ContributionState, TopicRefusal
from campaigns.topics.rules import LONGEST, MOST_OF_ONE, is_over, keeps_counts, may_judge, may_tell, read_token

TEXT = EXAMPLE.read_text("utf-8")
TOPIC = read_topic(TEXT)
TOLD = Contribution(1, TOPIC.code, 1, 7, "桑塔纳", ContributionState.PENDING, datetime(2026, 12, 1, tzinfo=UTC))


def test_a_file_survives_its_stored_form_and_the_edition_of_a_place_is_found() -> None:
    assert restored(plain(TOPIC)) == TOPIC
    assert TOPIC.number_for(["福田支行", "罗湖"]) == 2
    assert TOPIC.number_for([]) == GENERAL
    assert TOPIC.edition(GENERAL) is None
    assert TOPIC.edition(3) is None
    assert not is_over(TOPIC, TOPIC.last)
    assert is_over(TOPIC, TOPIC.last + timedelta(days=1))


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("until: 2026-12-31", "until: soon", "until"),
        ("福田支行", "南山支行", "editions.2.place"),
        ("我的第一辆车 |", "全网最佳的车 |", "title"),
        ("place: 福田支行", "spot: 福田支行", "editions.2.place"),
    ],
)
def test_a_file_that_cannot_be_is_refused_with_the_place(old: str, new: str, place: str) -> None:
    with pytest.raises(FileError) as refused:
        read_topic(TEXT.replace(old, new))
    assert [fault.place for fault in refused.value.faults] == [place]


@pytest.mark.parametrize(
    ("token", "found"),
    [
        ("first-car", ("first-car", 0)),
        ("first-car_2", ("first-car", 2)),
        ("first-car_0", None),
        ("车", None),
        ("a", None),
    ],
)
def test_a_link_names_a_topic_and_an_edition(token: str, found: tuple[str, int] | None) -> None:
    assert read_token(token) == found


def test_what_is_told_is_short_enough_not_too_often_and_no_forbidden_or_personal_words() -> None:
    assert may_tell("桑塔纳，去过青海湖", 0) is None
    for words in ("车", "车" * (LONGEST + 1)):
        assert may_tell(words, 0) is TopicRefusal.BAD_LENGTH
    assert may_tell("桑塔纳", MOST_OF_ONE) is TopicRefusal.TOO_MANY
    for words in ("找我买，稳赚不赔", "我的手机号是13800138000"):
        assert isinstance(may_tell(words, 0), Blocked)


def test_nobody_judges_their_own_words_nor_the_same_twice() -> None:
    assert may_judge(TOLD, 8) is None
    assert may_judge(TOLD, 7) is TopicRefusal.OWN
    assert may_judge(replace(TOLD, state=ContributionState.REJECTED), 8) is TopicRefusal.JUDGED_ALREADY


def test_editions_keep_their_numbers_and_new_ones_come_behind() -> None:
    first, second = TOPIC.editions
    assert keeps_counts(TOPIC, replace(TOPIC, last=date(2027, 1, 1)))
    assert keeps_counts(replace(TOPIC, editions=(first,)), TOPIC)
    assert not keeps_counts(TOPIC, replace(TOPIC, editions=(second, first)))
    assert not keeps_counts(TOPIC, replace(TOPIC, editions=(first,)))
