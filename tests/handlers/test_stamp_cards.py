"""The picture of a stamp card: seals where stamps are, a masked name, real characters, and words in both languages."""

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import pytest
from PIL import Image

from campaigns.games.model import Game, GameKind
from campaigns.members.model import Language
from campaigns.rallies.model import Booth, Need, Rally, RallyPlan, RallyRules, RallyState, Target
from campaigns.stamp_cards.model import Holder, StampCard
from campaigns.stamp_cards.rules import goals
from handlers.pictures.stamp_cards import WIDTH, face_of, stamp_card_png
from handlers.wording.stamp_cards import StampCardWords, caption, goal_words

OPENS = datetime(2026, 12, 5, 2, tzinfo=UTC)
ZONE = ZoneInfo("Asia/Shanghai")
NAMES = ("老王牛肉面", "书店", "花", "Coffee 9", "甜甜蛋糕", "社区体育馆与羽毛球俱乐部", "米店", "洗车行")


@cache
def rally(booths: int = 8, title: str = "幸福里冬日集章节") -> Rally:
    ends = OPENS + timedelta(hours=6)
    stands = tuple(
        Booth(at, 1, f"B{at}", None, NAMES[at % 8], f"Shop {at}", "红区", 9, 9, OPENS, ends, Game(GameKind.SCAN), 30)
        for at in range(1, booths + 1)
    )
    codes = tuple(each.code for each in stands)
    targets = (
        Target("T1", "五摊勋章", "Five booths", (Need(5, codes),)),
        Target("T2", "全集勋章", "All of them", (Need(booths, codes),)),
    )
    rules = RallyRules("无", "none", "A银行", "Bank A", "95500", "95500")
    plan = RallyPlan("FAIR", title, "Fair", OPENS, ends, (), targets, (), (), 0, rules, "幸福里", "Xingfuli")
    return Rally(1, "FAIR", title, "Winter fair", 1, None, OPENS, ends, RallyState.RUNNING, stands, plan)


def card(*codes: str, of: Rally | None = None, language: Language = Language.ZH, name: str = "张小明") -> StampCard:
    medals = frozenset({"T1"} if len(codes) >= 5 else ())
    return StampCard(of or rally(), Holder(7, name, language), dict.fromkeys(codes, OPENS), medals)


def picture(shown: StampCard) -> Image.Image:
    return Image.open(io.BytesIO(stamp_card_png(shown, ZONE))).convert("RGB")


def colours(drawn: Image.Image) -> Iterator[tuple[int, int, int]]:
    """Red, green and blue of every pixel."""
    content = drawn.tobytes()
    return zip(content[::3], content[1::3], content[2::3], strict=True)


def reds(drawn: Image.Image, shown: StampCard, at: int) -> float:
    """The share of a field that is seal-red."""
    field = drawn.crop(face_of(shown.rally, shown.holder.language, ZONE).box(at))
    found = [red > 150 and green < 90 for red, green, _ in colours(field)]
    return sum(found) / len(found)


def test_a_stamped_booth_has_a_red_seal_and_no_other_booth_has() -> None:
    shown = card("B2", "B7")
    drawn = picture(shown)
    assert drawn.width == WIDTH
    assert [at + 1 for at in range(8) if reds(drawn, shown, at) > 0.1] == [2, 7]
    assert all(reds(drawn, shown, at) == 0 for at in (0, 2, 3, 4, 5, 7))


def test_the_same_card_is_the_same_picture_and_another_name_is_another() -> None:
    assert stamp_card_png(card("B1"), ZONE) == stamp_card_png(card("B1"), ZONE)
    assert stamp_card_png(card("B1"), ZONE) != stamp_card_png(card("B1", name="王芳"), ZONE)


def test_names_of_the_same_mask_cannot_be_told_apart() -> None:
    assert stamp_card_png(card(name="张小明"), ZONE) == stamp_card_png(card(name="张大明"), ZONE)


@pytest.mark.parametrize("language", list(Language))
def test_a_medal_turns_golden_when_its_target_is_reached(language: Language) -> None:
    def gold(shown: StampCard) -> int:
        found = colours(picture(shown))
        return sum(190 < red < 230 and 130 < green < 170 and blue < 60 for red, green, blue in found)

    assert gold(card(language=language)) == 0
    assert gold(card("B1", "B2", "B3", "B4", "B5", language=language)) > 1_000


@pytest.mark.parametrize("booths", [1, 3, 8, 13, 30])
def test_any_number_of_booths_fits_telegrams_photo(booths: int) -> None:
    wide, high = picture(card("B1", of=rally(booths, "甲银行与幸福里商户联合举办冬日集章嘉年华" * 2))).size
    assert wide + high <= 10_000
    assert high < 4 * wide


def test_the_caption_tells_stamps_medals_and_what_is_next() -> None:
    assert caption(card("B1", "B2"), Language.ZH) == (
        "【集章】幸福里冬日集章节\n已集 2/8 枚印章。\n再集 3 枚得「五摊勋章」勋章。"
    )
    won = caption(card("B1", "B2", "B3", "B4", "B5"), Language.EN)
    assert "You won the “Five booths” medal" in won
    assert "3 more for the “All of them” medal" in won


def test_a_card_of_an_event_that_is_over_asks_for_nothing_more() -> None:
    over = card("B1", "B2", of=replace(rally(), state=RallyState.ENDED))
    assert caption(over, Language.ZH) == "【集章】幸福里冬日集章节\n已集 2/8 枚印章。\n活动已结束，谢谢参加！"
    assert {goal_words(over.rally, goal, Language.EN) for goal in goals(over)} == {"not won"}


def test_the_cards_button_opens_the_mini_app_where_there_is_one() -> None:
    [[button]] = StampCardWords("https://t.me/bot?startapp=").card(card()).buttons
    assert button.url == "https://t.me/bot?startapp=rally_1"
    assert StampCardWords(None).card(card()).buttons == ()
