"""Pure decisions on quizzes: who may answer, what an answer says, who is right and what that pays."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from campaigns.points.rules import split
from campaigns.quizzes.answers import normal, score
from campaigns.quizzes.model import (
    VOID,
    Given,
    Guess,
    GuessCode,
    GuessOutcome,
    Quiz,
    QuizKind,
    QuizPlan,
    QuizState,
    Sharing,
    Win,
)

LONGEST_ANSWER = 100


def purse_of(quiz_id: int) -> int:
    """The purse that holds a quiz's prizes: below 0, since draws have the numbers above."""
    return -quiz_id


def cost_of(plan: QuizPlan) -> int:
    """The most that a quiz can pay."""
    return plan.prize * plan.winners if plan.sharing is Sharing.EACH else plan.prize


def read_answer(plan: QuizPlan, text: str) -> str | None:
    """What an answer says: an option's number, a score, or normalised words; None when it cannot be one."""
    if plan.options:
        plain = normal(text)
        by_words = [at for at, option in enumerate(plan.options, start=1) if normal(option) == plain]
        number = int(plain) if plain.isascii() and plain.isdecimal() and len(plain) < 3 else 0
        found = by_words[0] if by_words else number
        return str(found) if 1 <= found <= len(plan.options) else None
    if plan.kind is QuizKind.GUESS:
        return score(text)
    return normal(text) or None if len(text) <= LONGEST_ANSWER else None


def answer(
    quiz: Quiz, earlier: Mapping[str, str], guesses: Sequence[Guess], now: datetime
) -> list[tuple[GuessOutcome, Guess | None]]:
    """Decide answers in their order: one per member and per customer of the bank, never changed, never late.

    `earlier` are the answers given before, by `keys_of`. A taken answer comes back with its normalised words.
    """
    known = dict(earlier)
    decided: list[tuple[GuessOutcome, Guess | None]] = []
    for guess in guesses:
        said = read_answer(quiz.plan, guess.answer)
        before = next((known[key] for key in keys_of(guess) if key in known), None)
        if guess.chat_id not in {None, quiz.chat_id}:
            decided.append((GuessOutcome(GuessCode.NO_QUIZ), None))
        elif before is not None:
            decided.append((GuessOutcome(GuessCode.TWICE, before), None))
        elif is_over(quiz, now):
            decided.append((GuessOutcome(GuessCode.CLOSED), None))
        elif said is None:
            decided.append((GuessOutcome(GuessCode.UNREADABLE), None))
        else:
            known |= dict.fromkeys(keys_of(guess), said)
            decided.append((GuessOutcome(GuessCode.TAKEN, said), guess))
    return decided


def keys_of(guess: Guess | Given) -> list[str]:
    """What makes a person the same: the member, and the customer of the bank where there is one."""
    keys = [f"member:{guess.member_id}"]
    return [*keys, f"customer:{guess.customer_id}"] if guess.customer_id else keys


def is_over(quiz: Quiz, now: datetime) -> bool:
    """Whether no answer counts any more; the moment of the end itself is late."""
    return quiz.state is not QuizState.OPEN or now >= quiz.plan.closes_at


def read_result(plan: QuizPlan, text: str) -> str | None:
    """What a result says; 无效, void or - where nobody can be right. None when it cannot be one."""
    return VOID if text.strip().lower() in {VOID, "无效", "無效", "void"} else read_answer(plan, text)


def winners(plan: QuizPlan, given: Sequence[Given], result: str | None) -> list[Win]:
    """Everybody who is right, in the order of their answers, with what each is paid.

    Equal parts are whole and add up to the prize: what is left over goes one point each to the first who were right,
    and where the prize has fewer points than there are people, only to them.
    """
    wanted = set(plan.accepted) if plan.kind is QuizKind.RIDDLE and result != VOID else {result} - {None, VOID}
    right = sorted((each for each in given if each.answer in wanted), key=lambda each: each.number)
    if plan.sharing is Sharing.EACH:
        return [Win(each, plan.prize if at < plan.winners else 0) for at, each in enumerate(right)]
    parts = split(plan.prize, dict.fromkeys(range(len(right)), 1)) if right else {}
    return [Win(each, parts[at]) for at, each in enumerate(right)]
