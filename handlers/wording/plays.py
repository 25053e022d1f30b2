"""What visitors read in a booth's game, and clerks of a picture that waits for their word."""

from zoneinfo import ZoneInfo

from campaigns.deliveries.model import Button, Message
from campaigns.games.model import Attempt, Game, GameKind, GameRefusal, Move
from campaigns.members.model import Language
from campaigns.plays.model import HandedIn, Played
from campaigns.rallies.model import Booth
from handlers.wording import stamps
from handlers.wording.phrase import Phrase
from handlers.wording.rally_pages import of

PHOTO_DATA = "photo_play"
MEMBER_CODE_DATA = "member_code"  # The button of handlers.chat.stamps.

QUIZ = Phrase(
    "「{booth}」答对就盖章（还可答 {left} 次）：\n{task}",
    "“{booth}”: answer right for the stamp ({left} tries left):\n{task}",
)
SPIN = Phrase(
    "「{booth}」转到章就过关，最多转 {left} 次，一定过关：",
    "“{booth}”: spin for the stamp. You pass within {left} spins:",
)
STAFF = Phrase(
    "「{booth}」：{task}\n做好了点「会员码」，给店员扫一下就盖章。",
    "“{booth}”: {task}\nThen tap “Member code” and let a clerk scan it for the stamp.",
)
PHOTO = Phrase(
    "「{booth}」：{task}\n把照片直接发给我，店员看过就盖章。",
    "“{booth}”: {task}\nSend me the picture; a clerk looks at it and gives the stamp.",
)
HANDED_IN = Phrase("收到照片，店员看过就盖章，请稍等。", "Got it. A clerk is looking; the stamp follows.")
WRONG = Phrase("差一点！再想想（还可答 {left} 次）：\n{task}", "Not quite! Think again ({left} tries left):\n{task}")
MISSED = Phrase(
    "差一点点！再转一次（最多再转 {left} 次就过关）。", "So close! Spin again: you pass within {left} more."
)
OVER = Phrase(
    "答题次数用完了。没关系，点「会员码」给店员看，店员可以帮您盖章。",
    "No tries left. Never mind: tap “Member code”, show it to a clerk, and the clerk can give you the stamp.",
)
SPIN_BUTTON, MEMBER_CODE_BUTTON = Phrase("🎡 转一次", "🎡 Spin"), Phrase("会员码", "Member code")
REFUSALS = {
    GameRefusal.NOT_BEGUN: Phrase("请先扫摊位屏幕上的码。", "Please scan the booth's screen first."),
    GameRefusal.NOT_THIS_GAME: Phrase("这个按钮已经过期。", "This button is out of date."),
    GameRefusal.TAKEN_ALREADY: Phrase("收到了，请看上面。", "Got it: please look above."),
    GameRefusal.NO_TRIES_LEFT: OVER,
    GameRefusal.ALREADY_PASSED: Phrase("这个摊位您已经过关了。", "You have passed this booth already."),
    GameRefusal.NOT_ON_DUTY: Phrase("您不在这个摊位值班。", "You are not on duty at this booth."),
    GameRefusal.NOT_YOURSELF: Phrase("不能给自己确认，请同事来。", "Not your own: please ask a colleague."),
    GameRefusal.NOT_NOW: Phrase("活动现在没有进行。", "The event is not running now."),
}
TO_JUDGE = Phrase("📷 {booth}：有客人交了照片，请看一下。", "📷 {booth}: a visitor sent a picture. Please look.")
SEE, ACCEPT, AGAIN = Phrase("看照片", "See it"), Phrase("✓ 盖章", "✓ Stamp"), Phrase("请重拍", "Another, please")
SEEN = Phrase("{booth}：{task}", "{booth}: {task}")
ACCEPTED, SENT_BACK = Phrase("已盖章。", "Stamped."), Phrase("已请客人重拍。", "The visitor is asked for another.")
SENT_BACK_TO_YOU = Phrase(
    "「{booth}」的照片店员没看清，请再拍一张发给我：{task}", "“{booth}”: please send me another picture: {task}"
)


def prompt(booth: Booth, attempt: Attempt, language: Language) -> str:
    """What a visitor is asked to do now."""
    game = booth.game
    facts = {"booth": of(booth, "name", language), "task": of(game, "task", language), "left": left(game, attempt)}
    if attempt.state is Move.OVER:
        return OVER.say(language)
    if attempt.state is Move.WAITING and game.kind is GameKind.PHOTO:
        return HANDED_IN.say(language)
    if attempt.tries and game.kind in {GameKind.QUIZ, GameKind.SPIN}:
        return (WRONG if game.kind is GameKind.QUIZ else MISSED).say(language, **facts)
    asked = {GameKind.QUIZ: QUIZ, GameKind.SPIN: SPIN, GameKind.PHOTO: PHOTO}
    return asked.get(game.kind, STAFF).say(language, **facts)


def left(game: Game, attempt: Attempt) -> int:
    """How many tries are left."""
    return max(game.tries - attempt.tries, 0)


def passed(found: Played, bank: str, zone: ZoneInfo, language: Language) -> str:
    """What a visitor reads whose move passed the game."""
    assert found.stamped is not None
    return stamps.outcome(found.stamped, bank, zone, language)


def refusal(found: GameRefusal, language: Language) -> str:
    """Why a move does not count."""
    return REFUSALS[found].say(language)


def seen(found: HandedIn, language: Language) -> str:
    """What stands below a picture: the booth and its task."""
    return SEEN.say(language, booth=of(found.booth, "name", language), task=of(found.booth.game, "task", language))


class PlayWords:
    """The sentences that plays put into the ledger (`campaigns.plays.service.PlayWording`)."""

    def __init__(self, bank: str, zone: ZoneInfo) -> None:
        self._bank = bank
        self._zone = zone

    def to_judge(self, found: HandedIn, language: Language) -> Message:
        """What a clerk reads of a picture that waits."""
        name = f"{found.booth.code} {of(found.booth, 'name', language)}"
        data = f"{PHOTO_DATA}:{found.booth.id}:{found.play.member_id}:see"
        return Message(TO_JUDGE.say(language, booth=name), ((Button(SEE.say(language), data),),))

    def judged(self, found: Played, language: Language) -> Message:
        """What the visitor reads of the clerk's word."""
        if found.stamped is not None:
            row = (Button(stamps.OWN_STAMPS_BUTTON.say(language), stamps.OWN_STAMPS_DATA),)
            return Message(passed(found, self._bank, self._zone, language), (row,))
        facts = {"booth": of(found.booth, "name", language), "task": of(found.booth.game, "task", language)}
        return Message(SENT_BACK_TO_YOU.say(language, **facts))
