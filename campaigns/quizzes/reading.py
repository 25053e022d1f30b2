"""Reading the form of a quiz, and files of several: YAML with a list, or CSV with a row each."""

import csv
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from campaigns.forms.model import FaultCode, FormError
from campaigns.forms.reading import Form, check_words, line_of, read_form
from campaigns.quizzes.model import QuizKind, QuizPlan, Sharing
from campaigns.quizzes.rules import read_answer

MOST_QUIZZES = 20
LISTS, NUMBERS = frozenset({"options", "answers"}), frozenset({"prize", "winners"})
LONGEST_TITLE, LONGEST_QUESTION, LONGEST_OPTION = 40, 800, 30
MOST_OPTIONS, MOST_ACCEPTED, MOST_WINNERS, MOST_POINTS = 8, 20, 10_000, 1_000_000


def read_quiz(text: str, now: datetime, zone: ZoneInfo) -> QuizPlan:
    """A quiz of a form; words that the law forbids are refused.

    Raises:
        FormError: names the place and what is wrong there.
    """
    return _plan(read_form(text), now, zone)


def read_quizzes(text: str, name: str, now: datetime, zone: ZoneInfo) -> list[QuizPlan]:
    """Every quiz of a file: a CSV by its name, else YAML with one form or a list of them under `quizzes`.

    Raises:
        FormError: names the line, the place and what is wrong there.
    """
    if name.lower().endswith(".csv"):
        return _of_table(text, now, zone)
    form = read_form(text)
    try:
        if not form.has("quizzes"):
            return [_plan(form, now, zone)]
        plans = [_plan(each, now, zone) for each in form.forms("quizzes", MOST_QUIZZES)]
        form.finish()
    except FormError as error:
        raise error.at(line_of(text, error.fault.place)) from None
    return plans


def _of_table(text: str, now: datetime, zone: ZoneInfo) -> list[QuizPlan]:
    """A header of field names, then a quiz a row; entries of `options` and `answers` with a bar between them."""
    reader = csv.DictReader(text.splitlines(), strict=False)
    plans = []
    for row in reader:
        try:
            plans.append(_plan(Form(_fields(row)), now, zone))
        except FormError as error:
            raise error.at(reader.line_num) from None
    if not 1 <= len(plans) <= MOST_QUIZZES:
        raise FormError(FaultCode.BAD_LIST, "quizzes", f"1–{MOST_QUIZZES}", max(reader.line_num, 1))
    return plans


def _fields(row: Mapping[str | None, object]) -> dict[str, object]:
    """A row's cells that say something, as a form has them."""
    told: dict[str, object] = {}
    for name, cell in row.items():
        if name is None:
            raise FormError(FaultCode.NOT_A_FORM, str(cell))
        said = str(cell or "").strip()
        if said and name in LISTS:
            told[name] = [entry.strip() for entry in said.split("|")]
        elif said:
            told[name] = int(said) if name in NUMBERS and said.isascii() and said.isdecimal() else said
    return told


def _plan(form: Form, now: datetime, zone: ZoneInfo) -> QuizPlan:
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
        form.place("question_zh"),
        f"{plan.title_zh}\n{plan.question_zh}\n{options}",
        f"{plan.title_en}\n{plan.question_en}",
    )
    return plan


def _accepted(form: Form, plan: QuizPlan) -> tuple[str, ...]:
    """The accepted answers as they are compared."""
    given = form.texts("answers", 1, MOST_ACCEPTED, LONGEST_OPTION)
    read = [read_answer(plan, each) for each in given]
    if None in read:
        raise FormError(FaultCode.BAD_CHOICE, form.place("answers"), " / ".join(plan.options))
    return tuple(dict.fromkeys(each for each in read if each))
