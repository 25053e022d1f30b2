"""What a game asks at each step, and that the buttons of the ledger are those that handlers know."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from campaigns.games.model import Attempt, Game, GameKind, GameRefusal, Move, Option, Play, Scan
from campaigns.members.model import Language
from campaigns.plays.model import HandedIn, Played
from campaigns.rallies.model import Booth
from campaigns.stamps.model import Stamped, StampOutcome, Title
from handlers.chat.rally_games import PhotoTap, Verdict, moves
from handlers.chat.rally_visits import OwnStampsTap
from handlers.chat.stamps import MemberCodeTap
from handlers.wording import plays as words
from handlers.wording.rallies import RallyWords
from tests.rally_day import rally

NOW, ZONE = datetime(2026, 12, 5, 2, tzinfo=UTC), ZoneInfo("Asia/Shanghai")
QUIZ = Game(GameKind.QUIZ, "哪个？", "Which?", (Option("红", "red"), Option("蓝", "blue")), 1, 2)
SPIN, STAFF = Game(GameKind.SPIN, tries=3), Game(GameKind.STAFF, "投中一次", "One arrow")
PHOTO = Game(GameKind.PHOTO, "拍一张", "One picture")


def booth(game: Game) -> Booth:
    return Booth(4, 1, "B4", None, "茶艺", "Tea", "红区", 1, 1, NOW, NOW, game, 30)


def labels(game: Game, attempt: Attempt, language: Language = Language.ZH) -> list[tuple[str, str | None]]:
    """The buttons below a game."""
    markup = moves(booth(game), attempt, language)
    return [(each.text, each.callback_data) for row in markup.inline_keyboard for each in row] if markup else []


@pytest.mark.parametrize(
    ("game", "attempt", "said"),
    [
        (QUIZ, Attempt(), "「茶艺」答对就盖章（还可答 2 次）：\n哪个？"),
        (QUIZ, Attempt(1), "差一点！再想想（还可答 1 次）：\n哪个？"),
        (QUIZ, Attempt(2, Move.OVER), "没关系，点「会员码」给店员看"),
        (SPIN, Attempt(), "最多转 3 次，一定过关"),
        (SPIN, Attempt(1), "最多再转 2 次就过关"),
        (STAFF, Attempt(0, Move.WAITING), "「茶艺」：投中一次\n做好了点「会员码」"),
        (PHOTO, Attempt(), "把照片直接发给我"),
        (PHOTO, Attempt(1, Move.WAITING), "收到照片"),
    ],
)
def test_a_game_asks_one_thing_at_a_time(game: Game, attempt: Attempt, said: str) -> None:
    assert said in words.prompt(booth(game), attempt, Language.ZH)
    assert not any("一" <= letter <= "鿿" for letter in words.prompt(booth(game), attempt, Language.EN))


def test_a_games_buttons_are_its_moves_and_the_way_to_a_clerk() -> None:
    assert labels(QUIZ, Attempt(1), Language.EN) == [("red", "play:4:1:1"), ("blue", "play:4:2:1")]
    assert labels(SPIN, Attempt(2)) == [("🎡 转一次", "play_spin:4:2")]
    assert labels(PHOTO, Attempt()) == []
    to_a_clerk = [("会员码", MemberCodeTap().pack())]
    assert labels(STAFF, Attempt(0, Move.WAITING)) == labels(QUIZ, Attempt(2, Move.OVER)) == to_a_clerk


def test_what_the_ledger_posts_has_buttons_that_handlers_know() -> None:
    event, play = rally(NOW), Play(4, 7, Scan(NOW), Attempt(1, Move.WAITING), NOW, "file")
    [[see]] = words.PlayWords("A银行", ZONE).to_judge(HandedIn(event, booth(PHOTO), play), Language.ZH).buttons
    assert PhotoTap.unpack(see.data or "") == PhotoTap(booth=4, member=7, verdict=Verdict.SEE)
    told = RallyWords(ZONE, lambda: "bot").medal(event, event.targets[0], Language.EN)
    assert told.buttons[0][0].data == OwnStampsTap().pack()
    assert "“Collector” medal of “Stamp day”" in told.text


def test_a_visitor_reads_the_clerks_word() -> None:
    said, event = words.PlayWords("A银行", ZONE), rally(NOW)
    stamped = Stamped(StampOutcome.STAMPED, 7, 1, 4, Title("茶艺", "Tea"), 2, 8)
    taken = said.judged(Played(event, booth(PHOTO), Attempt(1, Move.PASSED), stamped), Language.ZH)
    assert "「茶艺」盖章成功" in taken.text
    again = said.judged(Played(event, booth(PHOTO), Attempt(1, Move.AGAIN)), Language.EN)
    assert again.text == "“Tea”: please send me another picture: One picture"


@pytest.mark.parametrize("reason", list(GameRefusal))
def test_every_refusal_has_its_sentence_that_fits_an_answer(reason: GameRefusal) -> None:
    assert all(0 < len(words.refusal(reason, language)) <= 200 for language in Language)
