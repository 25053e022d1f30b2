"""Tasks and quizzes from files."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from bot.commands.exits import clear_errors, refuse, settings

commands = typer.Typer()


@commands.command()
def task(
    file: Annotated[Path, typer.Argument(help="a YAML form of tasks")],
    campaign: Annotated[int, typer.Option(min=1, help="the points campaign that pays")],
) -> None:
    """Publish tasks that members see on their planet; words that the law forbids are refused."""
    from bot.backing import migrated_database
    from bot.clock import Clock
    from bot.operations.publishing import publish_tasks
    from campaigns.forms.model import FormError
    from campaigns.members.model import Language
    from campaigns.tasks.model import TaskRefusal
    from handlers.wording import forms, tasks

    found = settings()
    with clear_errors(), migrated_database(found) as url:
        now = Clock(found.effective_clock_file).now
        try:
            outcome = asyncio.run(publish_tasks(url, file.read_text("utf-8"), campaign, now))
        except FormError as error:
            refuse(f"{file}: {forms.fault(error.fault, Language.EN)}")
        if isinstance(outcome, TaskRefusal):
            refuse(tasks.refusal(outcome, Language.EN))
    typer.echo(f"{len(outcome)} tasks are open, numbers {', '.join(str(each.id) for each in outcome)}.")


@commands.command()
def quiz(
    file: Annotated[Path, typer.Argument(help="a YAML form of one quiz")],
    campaign: Annotated[int, typer.Option(min=1, help="the points campaign that pays")],
    group: Annotated[int, typer.Option(help="the chat id of the group")],
) -> None:
    """Publish a riddle or a guess in a group, its prizes set aside."""
    from bot.backing import migrated_database
    from bot.clock import Clock
    from bot.operations.publishing import publish_quiz
    from campaigns.forms.model import FormError
    from campaigns.members.model import Language
    from campaigns.quizzes.model import QuizRefusal
    from handlers.wording import forms, quizzes

    found = settings()
    with clear_errors(), migrated_database(found) as url:
        now = Clock(found.effective_clock_file).now
        try:
            outcome = asyncio.run(publish_quiz(found, url, file.read_text("utf-8"), campaign, group, now))
        except FormError as error:
            refuse(f"{file}: {forms.fault(error.fault, Language.EN)}")
        if isinstance(outcome, QuizRefusal):
            refuse(quizzes.refusal(outcome, Language.EN))
    typer.echo(f"Quiz {outcome.id} is published; the bot posts its card.")
