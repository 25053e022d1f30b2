"""What people read of the money game: the hook in a group, rounds, the end, and what each group brought."""

from collections.abc import Sequence

from campaigns.games.model import Option
from campaigns.members.model import Language
from campaigns.minigames.model import Played, Round, Source
from campaigns.minigames.rules import money_game
from handlers.wording.phrase import Phrase

GAME_WORDS = ("小游戏", "小遊戲", "财商小游戏", "money game")
OPEN_DATA = "minigame"
LINK = "mg_"

HOOK = Phrase(
    "🎮 {name}：{count} 道题，两分钟，孩子和家长一起玩。点下面开始。",
    "🎮 {name}: {count} questions, two minutes, for children with a parent. Tap to begin.",
)
PLAY = Phrase("开始玩", "Play")
ASK = Phrase("🎮 {name} {at}/{count}\n{ask}", "🎮 {name} {at}/{count}\n{ask}")
RIGHT = Phrase("✅ 对了。{lesson}。", "✅ Right. {lesson}.")
WRONG = Phrase("💭 再想想：{lesson}。", "💭 Think again: {lesson}.")
END = Phrase(
    "🏁 玩完了，答对 {right}/{count}。周末可以带孩子来亲子角接着玩：发「预约」。想看本群的福利，发 /help。",
    "🏁 Done: {right} of {count} right. Come to the children's corner at the weekend: /zones. More: /help.",
)
ANSWERED = Phrase("这一题答过了。", "This question is answered already.")
SOURCES = Phrase("🎮 小游戏带来的人（每人只算第一次来的群）：", "🎮 Whom the game brought (each by the first group):")
SOURCE = Phrase(
    "· {title}：{begun} 人开始，{ended} 人玩完，{newcomers} 人第一次打开机器人，{bound} 人已绑定",
    "· {title}: {begun} began, {ended} finished, {newcomers} had never opened the bot, {bound} are bound",
)
NO_GROUP = Phrase("不是从群里来", "by no group")
NOBODY = Phrase(
    "还没有人玩。在群里发「小游戏」就会出现链接。", "Nobody played yet: /minigame in a group posts the link."
)


def link(username: str, group_id: int) -> str:
    """The address that opens the game and says by which group."""
    return f"https://t.me/{username}?start={LINK}{group_id}"


def hook(language: Language) -> str:
    """What a group reads."""
    game = money_game()
    return HOOK.say(language, name=game.name.read_in(language), count=len(game.rounds))


def ask(played: Played, language: Language) -> str:
    """The next question, or the end."""
    game = money_game()
    count = len(game.rounds)
    if played.answered >= count:
        return END.say(language, right=played.right, count=count)
    found = game.rounds[played.answered].game
    question = found.task_zh if language is Language.ZH else found.task_en
    return ASK.say(language, name=game.name.read_in(language), at=played.answered + 1, count=count, ask=question)


def options(played: Played, language: Language) -> list[str]:
    """The answers to choose from; none at the end."""
    rounds = money_game().rounds
    found: Sequence[Option] = rounds[played.answered].game.options if played.answered < len(rounds) else ()
    return [each.zh if language is Language.ZH else each.en for each in found]


def lesson(found: Round, language: Language, *, is_right: bool) -> str:
    """What is said after an answer."""
    return (RIGHT if is_right else WRONG).say(language, lesson=found.lesson.read_in(language))


def sources(found: Sequence[Source], language: Language) -> str:
    """What each group brought."""
    lines = [
        SOURCE.say(
            language,
            title=each.title or NO_GROUP.say(language),
            begun=each.begun,
            ended=each.ended,
            newcomers=each.newcomers,
            bound=each.bound,
        )
        for each in found
    ]
    return "\n".join([SOURCES.say(language), *lines])[:4096] if lines else NOBODY.say(language)
