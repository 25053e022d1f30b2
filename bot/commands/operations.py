"""What an operator does: backups, messages held back, a look at everything, keys, invitations."""

from pathlib import Path
from typing import Annotated

import typer

from bot.commands.exits import clear_errors, refuse, settings
from campaigns.staff.model import Role

commands = typer.Typer()


@commands.command()
def backup(file: Annotated[Path, typer.Argument(help="the new file; nothing is overwritten")]) -> None:
    """Write database and uploads into one file; the keys are kept apart and stay where they are."""
    from bot.backing import open_database
    from bot.clock import Clock
    from bot.operations.backups import back_up

    found = settings()
    with clear_errors(), open_database(found) as url:
        made = back_up(found, url, file, Clock(found.effective_clock_file).now())
    typer.echo(f"{file}: {sum(made.counts.values()):,} rows of {len(made.counts)} tables, schema {made.revision}.")
    typer.echo(f"The keys are not in it. Keep a copy of {found.keyring_file.resolve()} in another place.")


@commands.command()
def restore(
    file: Annotated[Path, typer.Argument(help="what `backup` wrote")],
    replace: Annotated[bool, typer.Option("--replace", help="drop what the private database holds")] = False,
) -> None:
    """Bring a backup back into an empty database; due messages wait until a person releases them."""
    from bot.backing import open_database
    from bot.operations.backups import bring_back

    found = settings()
    with clear_errors(), open_database(found) as url:
        done = bring_back(found, url, file, replace=replace)
    rows = sum(done.manifest.counts.values())
    typer.echo(f"{rows:,} rows and {done.uploads} uploads are back as of {done.manifest.made_at}.")
    if done.held:
        typer.echo(f"{done.held} messages wait, since some may be out already: /release in the chat, or `release`.")
    for fault in done.key_faults:
        typer.echo(f"The keyring does not fit the data. {fault}", err=True)
    raise typer.Exit(1 if done.key_faults else 0)


@commands.command()
def release() -> None:
    """Let the messages go that a restore held."""
    from bot.backing import migrated_database
    from bot.operations.backups import release as let_go

    with clear_errors(), migrated_database(settings()) as url:
        typer.echo(f"{let_go(url)} messages may leave.")


@commands.command()
def doctor(as_json: Annotated[bool, typer.Option("--json", help="a JSON array instead of a table")] = False) -> None:
    """Look at everything that must be right; exit code 1 when something is wrong."""
    from bot.operations.doctor import Level, examine
    from handlers.terminal import page
    from handlers.terminal.checks import checks_json, print_checks

    checks = examine(settings())
    typer.echo(checks_json(checks)) if as_json else print_checks(checks, page())
    raise typer.Exit(int(any(check.level is Level.WRONG for check in checks)))


@commands.command("rotate-keys")
def rotate_keys() -> None:
    """Make a new wrapping key and wrap every data key by it; an interrupted rotation goes on where it stopped."""
    from bot.backing import migrated_database
    from bot.operations.keys import rotate

    found = settings()
    with clear_errors(), migrated_database(found) as url:
        done = rotate(found, url)
    earlier = " (an earlier rotation is finished now; run again for a new key)" if done.resumed else ""
    typer.echo(f"{done.rewrapped:,} data keys are wrapped by {done.primary}{earlier}.")
    typer.echo(f"Renew the copy of {found.keyring_file.resolve()}: older copies do not open the data any more.")


@commands.command()
def invite(role: Annotated[Role, typer.Argument(help="what the person will be")]) -> None:
    """Print a one-time link that makes whoever opens it staff; it lives seven days."""
    from bot.backing import migrated_database
    from bot.clock import Clock
    from bot.operations.invitations import invite as make_link

    if role is Role.CUSTOMER:
        refuse("Everybody is a customer already: name a staff role.")
    found = settings()
    with clear_errors(), migrated_database(found) as url:
        typer.echo(make_link(found, url, role, Clock(found.effective_clock_file).now))
