"""The front door: every command of the product; each imports what it needs inside itself."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from campaigns.staff.model import Role

if TYPE_CHECKING:
    from bot.settings import Settings

app = typer.Typer(
    help="The assistant bot of a bank's merchant welfare groups.", no_args_is_help=True, pretty_exceptions_enable=False
)

REFUSED = 2
DEMO_DAY = datetime(2026, 9, 30)  # noqa: DTZ001 - Typer gives and takes days without a zone.


# By name, since importing these classes here would import half of the product.
MENDABLE = {
    "BackupError",
    "DeliveryRefusedError",
    "OperationRefusedError",
    "OperationalError",
    "PortBusyError",
    "PrivatePostgresError",
    "RunError",
    "ServingError",
    "ToolError",
    "VaultError",
}
PASSING = {"LeadershipLostError"}  # Start again: a supervisor does.


@app.callback()
def front_door() -> None:
    """The assistant bot of a bank's merchant welfare groups."""


@app.command()
def migrate() -> None:
    """Bring the database's schema up to date."""
    from bot.backing import open_database
    from storage import schema

    with clear_errors(), open_database(settings()) as url:
        before = schema.upgrade(url)
        typer.echo(f"The schema is at revision {schema.head()} (it was at {before or 'nothing'}).")


@app.command("import")
def import_delivery(
    place: Annotated[Path, typer.Argument(metavar="DIR", help="the folder of a delivery, or one file")],
    profile: Annotated[str, typer.Option(help="how this bank's departments deliver")],
    as_of: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="the day the delivery is true at")],
    max_rejected: Annotated[float, typer.Option(min=0, max=1, help="share of a file's rows that may be bad")] = 0.0,
    as_json: Annotated[bool, typer.Option("--json", help="one JSON object instead of tables")] = False,
) -> None:
    """Import what the bank's departments delivered: whole or not at all, and once."""
    from bot.backing import migrated_database
    from bot.clock import Clock
    from campaigns.customers.intake import IntakeReport, IntakeService
    from handlers.terminal import page
    from handlers.terminal.intakes import fault_json, print_report, report_json
    from handlers.terminal.progress import watched
    from storage.intakes import open_intakes
    from storage.vault import Keyring, Vault

    found = settings()
    with clear_errors(), migrated_database(found) as url, watched(quiet=as_json) as watcher:
        vault, now = Vault(Keyring.open(found.keyring_file)), Clock(found.effective_clock_file).now()
        with open_intakes(url, vault, scratch=found.var_dir / "scratch") as store:
            outcome = IntakeService(store, watcher, now).import_delivery(place, profile, as_of.date(), max_rejected)
    if isinstance(outcome, IntakeReport):
        typer.echo(report_json(outcome)) if as_json else print_report(outcome, page())
        return
    if as_json:
        typer.echo(fault_json(outcome))
    refuse(f"Refused, nothing was stored. {outcome}")


@app.command()
def segment(
    as_of: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="the latest day, unless given")] = None,
    out: Annotated[Path | None, typer.Option(help="a CSV file for every customer's class and reasons")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="one JSON object instead of a table")] = False,
) -> None:
    """Put every customer into class A, B, C or D, with both values and the three strongest reasons."""
    from bot.backing import migrated_database
    from bot.clock import Clock
    from campaigns.customers.segments import SegmentService
    from handlers.terminal import page
    from handlers.terminal.segments import print_run, run_json, write_classes
    from storage.segments import open_segments

    found = settings()
    with (
        clear_errors(),
        migrated_database(found) as url,
        open_segments(url, found.time_zone) as store,
    ):
        run = SegmentService(store, Clock(found.effective_clock_file).now()).segment(as_of.date() if as_of else None)
        if run is None:
            refuse("There are no customers to segment as of this day: import a delivery first.")
        if out is not None:
            write_classes(out, store.classes(run.id))
    typer.echo(run_json(run)) if as_json else print_run(run, page())


@app.command("demo-contacts")
def demo_contacts(
    out: Annotated[Path, typer.Option(help="the folder for the invented delivery")],
    count: Annotated[int, typer.Option(min=1, max=10_000)] = 40,
) -> None:
    """Invent names and phone numbers that cannot exist for some imported customers of every class."""
    from bot.backing import migrated_database
    from segmentation.synthetic import write_contacts
    from storage.segments import clear_cases

    with clear_errors(), migrated_database(settings()) as url:
        found = clear_cases(url, count)
        if not found:
            refuse("There are no classes yet: import a delivery and run segment first.")
        write_contacts(out, [number for _, number in found])
    letters = " ".join(f"{letter} {sum(of == letter for of, _ in found)}" for letter in "ABCD")
    typer.echo(f"{len(found)} invented contacts in {out} ({letters}).")


@app.command()
def run(
    delivery: Annotated[
        Path | None, typer.Option(help="bank data for the demo world; an invented bank otherwise")
    ] = None,
    profile: Annotated[str, typer.Option(help="how that bank's departments deliver")] = "cn-bank",
    as_of: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="the day that data is true at")] = DEMO_DAY,
) -> None:
    """Run everything on this machine: database, sandbox with its web chat, and the bot; Ctrl-C stops it."""
    from bot.backing import migrated_database
    from bot.running import Delivery, Run, interrupted_by_signals

    found = settings()
    with clear_errors(), interrupted_by_signals(), migrated_database(found) as url:
        running = Run(found, url, typer.echo)
        try:
            running.start(Delivery(delivery and delivery.resolve(), profile, as_of.date()))
            running.watch()
        except KeyboardInterrupt:
            typer.echo("\nStopping …")
        finally:
            running.stop()
    typer.echo("Everything has stopped.")


@app.command()
def serve() -> None:
    """Run the bot alone: long polling, or webhooks with WEBHOOK_URL."""
    import asyncio

    from bot import logs, serving
    from bot.backing import migrated_database

    found = settings()
    logs.configure(json=found.log_json, level=found.log_level)
    with clear_errors(), migrated_database(found) as url:
        asyncio.run(serving.serve(found, url))


@app.command()
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


@app.command()
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


@app.command()
def release() -> None:
    """Let the messages go that a restore held."""
    from bot.backing import migrated_database
    from bot.operations.backups import release as let_go

    with clear_errors(), migrated_database(settings()) as url:
        typer.echo(f"{let_go(url)} messages may leave.")


@app.command()
def doctor(as_json: Annotated[bool, typer.Option("--json", help="a JSON array instead of a table")] = False) -> None:
    """Look at everything that must be right; exit code 1 when something is wrong."""
    from bot.operations.doctor import Level, examine
    from handlers.terminal import page
    from handlers.terminal.checks import checks_json, print_checks

    checks = examine(settings())
    typer.echo(checks_json(checks)) if as_json else print_checks(checks, page())
    raise typer.Exit(int(any(check.level is Level.WRONG for check in checks)))


@app.command("rotate-keys")
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


@app.command()
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


def settings() -> "Settings":
    """The deployment's settings, or one sentence about the variable that cannot be read."""
    from pydantic import ValidationError

    from bot.settings import Settings

    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = "_".join(str(part) for part in first["loc"]).upper()
        refuse(f"The setting {name} cannot be read: {first['msg']}.")


def refuse(sentence: str) -> NoReturn:
    """Say what is wrong and leave with the exit code for refused input."""
    typer.echo(sentence, err=True)
    raise typer.Exit(REFUSED)


@contextmanager
def clear_errors() -> Iterator[None]:
    """Turn the faults that an operator can mend into one sentence each."""
    try:
        yield
    except OSError as error:
        refuse(
            f"{error.filename or 'A file'}: {error.strerror or error}. Check that the disk has room and can be written."
        )
    except Exception as error:
        sentence = str(getattr(error, "orig", None) or error).strip()
        if type(error).__name__ in MENDABLE:
            refuse(sentence)
        if type(error).__name__ in PASSING:
            typer.echo(sentence, err=True)
            raise typer.Exit(1) from error
        raise


if __name__ == "__main__":
    sys.exit(app())
