"""What commands on a file's versions have in common: options, who changes it and why, the comparison of two."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.commands.exits import clear_errors, refuse

if TYPE_CHECKING:
    from campaigns.catalogue.model import Change

    Compared = tuple[int, int, list[Change]]

Json = Annotated[bool, typer.Option("--json", help="JSON instead of tables")]
Version = Annotated[int | None, typer.Option(min=1, help="the newest, unless given")]
By = Annotated[str, typer.Option(help="who changes it; kept with the version")]
Reason = Annotated[str, typer.Option(help="why; kept with the version")]
Older = Annotated[int | None, typer.Argument(min=1, help="the version before, unless given")]
Newer = Annotated[int | None, typer.Argument(min=1, help="the newest, unless given")]


def refuse_unnamed(by: str, reason: str) -> None:
    """Refuse a change that nobody stands for."""
    if not by.strip() or not reason.strip():
        refuse("Say who changes it and why: --by NAME --reason WORDS.")


def add_diff(commands: typer.Typer, in_office: "Callable[[Callable[[Any], Awaitable[Compared]]], Compared]") -> None:
    """Give a noun its `diff`, out of an office that compares."""

    @commands.command("diff")
    def diff(old: Older = None, new: Newer = None, as_json: Json = False) -> None:
        """What changed from one version to another, place by place."""
        from handlers.terminal import page
        from handlers.terminal.editions import diff_json, print_diff

        with clear_errors():
            earlier, later, changes = in_office(lambda office: office.diff(old, new))
        typer.echo(diff_json(earlier, later, changes)) if as_json else print_diff(earlier, later, changes, page())
