"""The policy of classes: look at it, try a change, keep it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.exits import clear_errors, refuse, settings

if TYPE_CHECKING:
    from campaigns.customers.policies import PolicyService

commands = typer.Typer(help="The policy of classes: look at it, try a change, keep it.", no_args_is_help=True)


@commands.command("show")
def show_policy(
    version: Annotated[int | None, typer.Option(min=1, help="the newest, unless given")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="one JSON object")] = False,
) -> None:
    """Show every key of the policy with its value, and who made which version."""
    from handlers.terminal import page
    from handlers.terminal.policies import policy_json, print_policy

    with policy_service() as service:
        made, history = service.show(version), service.history()
    typer.echo(policy_json(made, history)) if as_json else print_policy(made, history, page())


@commands.command("what-if")
def try_policy(
    put: Annotated[list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="may be repeated")] = None,
    refit: Annotated[bool, typer.Option("--refit", help="estimate the scaler again")] = False,
    as_of: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="the latest day, unless given")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="one JSON object")] = False,
) -> None:
    """Count whose letter, band or stage of life a change would move; nothing is saved."""
    from handlers.terminal import page
    from handlers.terminal.policies import print_what_if, what_if_json

    with policy_service() as service:
        found = service.what_if(put or [], refitted=refit, until=as_of.date() if as_of else None)
    typer.echo(what_if_json(found)) if as_json else print_what_if(found, page())


@commands.command("change")
def change_policy(
    by: Annotated[str, typer.Option(help="who changes it; kept in the history")],
    put: Annotated[list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="may be repeated")] = None,
    refit: Annotated[bool, typer.Option("--refit", help="estimate the scaler again on the latest day")] = False,
    note: Annotated[str, typer.Option(help="why; kept in the history")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="one JSON object")] = False,
) -> None:
    """Keep a new version of the policy; the next segment run uses it."""
    import json

    if not by.strip() or not (put or refit):
        refuse("Say who changes what: --by NAME with --set KEY=VALUE, or with --refit.")
    with policy_service() as service:
        before = service.show()
        made = service.change(put or [], by.strip(), note.strip(), refitted=refit)
    is_new = made.version != before.version
    if as_json:
        typer.echo(json.dumps({"version": made.version, "is_new": is_new}))
    elif is_new:
        typer.echo(f"Version {made.version} of the policy is kept; run segment to use it.")
    else:
        typer.echo(f"Nothing changed: version {made.version} says the same.")


@contextmanager
def policy_service() -> Iterator["PolicyService"]:
    """The policy's use cases on one transaction, which commits when the block ends well."""
    from bot.backing import migrated_database
    from bot.clock import Clock
    from campaigns.customers.policies import PolicyService
    from storage.segments import open_segments

    found = settings()
    with clear_errors(), migrated_database(found) as url, open_segments(url, found.time_zone) as store:
        yield PolicyService(store, Clock(found.effective_clock_file).now())
