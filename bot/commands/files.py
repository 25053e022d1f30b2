"""Classes out of files alone: the command for data that never enter the database."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.exits import clear_errors

if TYPE_CHECKING:
    import pyarrow as pa

commands = typer.Typer()


@commands.command("segment-files")
def segment_files(
    transactions: Annotated[list[Path], typer.Argument(help="Parquet or CSV files of single transactions")],
    balances: Annotated[Path, typer.Option(help="Parquet or CSV: a row per customer, money in fen")],
    as_of: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="no later transaction is looked at")],
    out: Annotated[Path, typer.Option(help="a .csv or .parquet file for every customer's class")],
    policy: Annotated[
        Path | None, typer.Option(help="the policy with its scaler, as JSON; written by the first run")
    ] = None,
    previous: Annotated[
        Path | None, typer.Option(help="the .parquet file of the run before, whose letters hold")
    ] = None,
    features: Annotated[
        Path | None, typer.Option(help="keep the windows of every customer in this .parquet file")
    ] = None,
    spark: Annotated[str | None, typer.Option(metavar="MASTER", help="windows on Spark, e.g. local[*]")] = None,
    memory_mb: Annotated[int, typer.Option(min=64, help="what the engine may take before it writes to disk")] = 2048,
    as_json: Annotated[bool, typer.Option("--json", help="one JSON object instead of sentences")] = False,
) -> None:
    """Put every customer of files into class A, B, C or D with reasons; no database, bounded memory."""
    import tempfile

    from handlers.terminal import page
    from handlers.terminal.class_files import check_out
    from handlers.terminal.progress import watched

    with clear_errors(), watched(quiet=as_json) as watcher:
        check_out(out)
        with tempfile.TemporaryDirectory(prefix=".segment-", dir=out.absolute().parent) as folder:
            scratch = Path(folder)
            windows = features or scratch / "features.parquet"
            watcher.begin("windows of the transactions")
            write_windows(transactions, as_of.date(), windows, scratch, memory_mb, spark)
            # Only now, since frames would take their room beside the engine's.
            from campaigns.customers.file_classes import look, portraits, read_policy, write_policy
            from handlers.terminal.class_tables import class_table, write_class_tables
            from handlers.terminal.file_classes import file_run_json, print_file_run
            from segmentation.engine.people import TOGETHER, join_people
            from segmentation.engine.session import open_engine

            watcher.begin("balances beside them")
            with open_engine(scratch / "spill", memory_mb=memory_mb) as engine:
                people = join_people(engine, balances, windows, previous, scratch / "people.parquet")
            watcher.expect(4 + people.customers // TOGETHER)
            watcher.begin("what is known")
            run = look(people, read_policy(policy), as_of.date())

            def judged() -> Iterator["pa.Table"]:
                for found in portraits(people, run):
                    watcher.begin(f"classes, {run.letters.total():,} customers")
                    yield class_table(found)

            write_class_tables(out, judged())
        if policy is not None and run.fitted:
            write_policy(policy, run.policy)
    typer.echo(file_run_json(run)) if as_json else print_file_run(run, out, policy, page())


def write_windows(
    transactions: Sequence[Path], day: date, out: Path, scratch: Path, memory_mb: int, spark: str | None
) -> None:
    """The windows of every customer, by the engine in this process or on Spark."""
    from segmentation.engine.transactions import MOVEMENTS_WITHOUT, TransactionFiles

    files = TransactionFiles(transactions, without=MOVEMENTS_WITHOUT)
    if spark is None:
        from segmentation.engine.session import open_engine
        from segmentation.engine.transactions import write_features

        with open_engine(scratch / "spill", memory_mb=memory_mb) as engine:
            write_features(engine, files, day, out)
    else:
        from segmentation.engine import spark as on_spark

        with on_spark.open_spark(scratch / "spill", master=spark, memory_mb=memory_mb) as session:
            on_spark.write_features(session, files, day, out)
