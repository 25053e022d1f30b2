"""Reading the form of a quiz."""

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from campaigns.forms.model import FaultCode, FormError
from campaigns.forms.reading import Form, check_words, read_form
from campaigns.quizzes.model import QuizKind, QuizPlan, Sharing
from campaigns.quizzes.rules import read_answer

LONGEST_TITLE, LONGEST_QUESTION, LONGEST_OPTION = 40, 800, 30
MOST_OPTIONS, MOST_ACCEPTED, MOST_WINNERS, MOST_POINTS = 8, 20, 10_000, 1_000_000


def read_quiz(text: str, now: datetime, zone: ZoneInfo) -> QuizPlan:
    """A quiz of a form; words that the law forbids are refused.

    Raises:
        FormError: names the place and what is wrong there.
    """
    form = read_form(text)
    sharing = form.choice("sharing", Sharing)
    plan = QuizPlan(
        kind=form.choice("kind", QuizKind),
        title_zh=form.text("title_zh", LONGEST_TITLE),
        title_en=form.text("title_en", LONGEST_TITLE),
        question_zh=form.text("question_zh", LONGEST_QUESTION),
        question_en=form.text("question_en", LONGEST_QUESTION),
        prize=form.number("prize", 1, MOST_POINTS),
        sharing=sharing,
        winners=form.number("winners", 1, MOST_WINNERS) if sharing is Sharing.EACH else 0,
        closes_at=form.moment("closes_at", now, zone),
        options=form.texts("options", 2, MOST_OPTIONS, LONGEST_OPTION) if form.has("options") else (),
    )
    if plan.kind is QuizKind.RIDDLE:
        plan = replace(plan, accepted=_accepted(form, plan))
    form.finish()
    options = "\n".join(plan.options)
    check_words(
        "question_zh", f"{plan.title_zh}\n{plan.question_zh}\n{options}", f"{plan.title_en}\n{plan.question_en}"
    )
    return plan


def _accepted(form: Form, plan: QuizPlan) -> tuple[str, ...]:
    """The accepted answers as they are compared."""
    given = form.texts("answers", 1, MOST_ACCEPTED, LONGEST_OPTION)
    read = [read_answer(plan, each) for each in given]
    if None in read:
        raise FormError(FaultCode.BAD_CHOICE, form.place("answers"), " / ".join(plan.options))
    return tuple(dict.fromkeys(each for each in read if each))
