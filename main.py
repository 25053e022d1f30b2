"""The front door: every command of the product; each imports what it needs inside itself."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from campaigns.members.model import Language
from campaigns.staff.model import Role

if TYPE_CHECKING:
    from bot.settings import Settings
    from campaigns.customers.policies import PolicyService

app = typer.Typer(
    help="The assistant bot of a bank's merchant welfare groups.", no_args_is_help=True, pretty_exceptions_enable=False
)

policies = typer.Typer(help="The policy of classes: look at it, try a change, keep it.", no_args_is_help=True)
app.add_typer(policies, name="segment-policy")

REFUSED = 2
DEMO_DAY = datetime(2026, 9, 30)  # noqa: DTZ001 - Typer gives and takes days without a zone.


# By name, since importing these classes here would import half of the product.
MENDABLE = {
    "BackupError",
    "DeliveryRefusedError",
    "OperationRefusedError",
    "OperationalError",
    "OutFileError",
    "PolicyError",
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
    out: Annotated[Path | None, typer.Option(help="a .csv or .parquet file for every customer's class")] = None,
    compare: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="show who moved since the run of that day")
    ] = None,
    first: Annotated[int, typer.Option(min=0, max=1000, help="how many customers each list names")] = 5,
    as_json: Annotated[bool, typer.Option("--json", help="one JSON object instead of tables")] = False,
) -> None:
    """Put every customer into class A, B, C or D, with both values and the three strongest reasons."""
    from bot.backing import migrated_database
    from bot.clock import Clock
    from campaigns.customers.segments import SegmentService
    from handlers.terminal import page
    from handlers.terminal.class_files import check_out, write_classes
    from handlers.terminal.segments import print_run, run_json
    from storage.segments import open_segments

    found = settings()
    with (
        clear_errors(),
        migrated_database(found) as url,
        open_segments(url, found.time_zone) as store,
    ):
        if out is not None:
            check_out(out)
        run = SegmentService(store, Clock(found.effective_clock_file).now()).segment(as_of.date() if as_of else None)
        if run is None:
            refuse("There are no customers to segment as of this day: import a delivery first.")
        earlier = store.run_of(compare.date()) if compare else None
        if compare and earlier is None:
            refuse(f"No run is known as of {compare.date()}: run segment --as-of {compare.date()} first.")
        migration = store.lists.migration(earlier, (run.id, run.key.as_of)) if earlier else None
        lists = store.class_lists(run, first)
        if out is not None:
            write_classes(out, store.lists.lines(run.id))
    typer.echo(run_json(run, lists, migration)) if as_json else print_run(run, lists, migration, page())


@app.command()
def explain(
    customer: Annotated[str, typer.Argument(help="the bank's number of the customer")],
    language: Annotated[Language, typer.Option(help="zh or en")] = Language.ZH,
    as_json: Annotated[bool, typer.Option("--json", help="one JSON object")] = False,
) -> None:
    """Say why a customer is in a class, what both values are made of, and what would lead to the next class."""
    import asyncio

    from bot.backing import migrated_database
    from handlers.terminal import page
    from handlers.terminal.portraits import portrait_json, print_portrait
    from storage.portraits import portrait_of

    with clear_errors(), migrated_database(settings()) as url:
        found = asyncio.run(portrait_of(url, customer))
    if found is None:
        refuse(f'No run knows a customer "{customer}": check the number, import the delivery and run segment.')
    typer.echo(portrait_json(found)) if as_json else print_portrait(found, language, page())


@policies.command("show")
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


@policies.command("what-if")
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


@policies.command("change")
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


@app.command()
def train(
    place: Annotated[Path, typer.Argument(metavar="DIR", help="the folder of a delivery")],
    profile: Annotated[str, typer.Option(help="how this bank's departments deliver")],
    outcome: Annotated[Path, typer.Option(help="what became of each customer: −1 fell, 0 same, 1 rose or held")],
    as_of: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="the day the delivery is true at")],
    model: Annotated[Path, typer.Option(help="the model's new file")],
    max_rejected: Annotated[float, typer.Option(min=0, max=1, help="share of a file's rows that may be bad")] = 0.03,
    as_json: Annotated[bool, typer.Option("--json", help="one JSON object instead of tables")] = False,
) -> None:
    """Learn from one quarter's files and what followed how customers go on; no database."""
    from campaigns.customers.outlook import train_outlook
    from handlers.terminal import page
    from handlers.terminal.outlook import card_json, print_card
    from handlers.terminal.progress import watched

    with clear_errors():
        with watched(quiet=as_json) as watcher:
            found = train_outlook(
                place, profile, outcome, as_of.date(), model, max_rejected=max_rejected, tell=watcher.begin
            )
        typer.echo(card_json(found)) if as_json else print_card(found, model, page())


@app.command()
def score(
    place: Annotated[Path, typer.Argument(metavar="DIR", help="the folder of a delivery")],
    profile: Annotated[str, typer.Option(help="how this bank's departments deliver")],
    as_of: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="the day the delivery is true at")],
    model: Annotated[Path, typer.Option(help="what `train` wrote")],
    out: Annotated[Path, typer.Option(help="a row per customer, as Parquet by its ending, or else as CSV")],
    max_rejected: Annotated[float, typer.Option(min=0, max=1, help="share of a file's rows that may be bad")] = 0.03,
    as_json: Annotated[bool, typer.Option("--json", help="one JSON object instead of sentences")] = False,
) -> None:
    """Say of every customer in a quarter's files how likely business falls, stays or rises; no database."""
    from campaigns.customers.outlook import score_outlook
    from handlers.terminal import page
    from handlers.terminal.outlook import print_scores, scores_json, write_scores

    with clear_errors():
        found = score_outlook(place, profile, as_of.date(), model, max_rejected=max_rejected)
        write_scores(out, found.table)
        typer.echo(scores_json(found)) if as_json else print_scores(found, out, page())


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
