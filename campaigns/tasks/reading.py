"""Reading the form of a campaign's tasks."""

from dataclasses import replace

from campaigns.forms.model import FaultCode, FormError
from campaigns.forms.reading import Form, check_words, read_form
from campaigns.tasks.model import Rhythm, TaskKind, TaskPlan
from campaigns.tasks.rules import RHYTHMS

MOST_TASKS = 20
MOST_POINTS = 10_000
LONGEST_TITLE, LONGEST_BODY, LONGEST_OPTION = 40, 1_500, 40
MOST_OPTIONS = 6


def read_tasks(text: str) -> list[TaskPlan]:
    """Every task of a form; words that the law forbids are refused.

    Raises:
        FormError: names the place and what is wrong there.
    """
    form = read_form(text)
    tasks = [_task(each) for each in form.forms("tasks", MOST_TASKS)]
    form.finish()
    return tasks


def _task(form: Form) -> TaskPlan:
    kind = form.choice("kind", TaskKind)
    is_periodic = kind in RHYTHMS
    plan = TaskPlan(
        kind,
        form.choice("every", Rhythm, RHYTHMS[kind]) if is_periodic else Rhythm.ONCE,
        form.text("title_zh", LONGEST_TITLE),
        form.text("title_en", LONGEST_TITLE),
        form.number("points", 1, MOST_POINTS),
        form.text("body_zh", LONGEST_BODY) if kind is not TaskKind.CHECK_IN else "",
        form.text("body_en", LONGEST_BODY) if kind is not TaskKind.CHECK_IN else "",
        bonuses=form.numbers("bonuses", MOST_POINTS) if is_periodic else (),
        options=form.texts("options", 2, MOST_OPTIONS, LONGEST_OPTION) if kind is TaskKind.QUESTION else (),
    )
    if kind is TaskKind.QUESTION:
        answer = form.number("answer", 1, len(plan.options))
        plan = replace(plan, answer=answer)
    if is_periodic and plan.rhythm is Rhythm.ONCE:
        raise FormError(FaultCode.BAD_CHOICE, form.place("every"), "day / week / month")
    form.finish()
    check_words(form.place("title_zh"), f"{plan.title_zh}\n{plan.body_zh}", f"{plan.title_en}\n{plan.body_en}")
    return plan
