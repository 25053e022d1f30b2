"""The same features on Spark, for transactions that outgrow one machine; pyspark and a JDK are an optional extra."""

import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import sqlglot
from pyarrow import parquet

from segmentation.engine.transactions import CHOSEN, GIVEN, EngineFileError, TransactionFiles, selection
from segmentation.engine.windows import window_statement

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

LOCAL = "local[*]"
MEMORY_MB = 1024
PACKAGE_MISSING = "Spark is not installed: pip install --require-hashes --no-deps -r requirements-spark.lock."
JDK_MISSING = "Spark needs a JDK, 17 or newer: install one so that `java` is found."


class SparkMissingError(Exception):
    """Spark cannot run here; the message says what to install."""


def why_no_spark() -> str:
    """What is missing before Spark can run here; empty when nothing is."""
    if find_spec("pyspark") is None:
        return PACKAGE_MISSING
    return "" if shutil.which("java") else JDK_MISSING


@contextmanager
def open_spark(spill: Path, *, master: str = LOCAL, memory_mb: int = MEMORY_MB) -> Iterator["SparkSession"]:
    """A session until the block ends; `master` is a cluster's address, or threads of this machine.

    It listens on this machine alone, shows no web page, keeps to `memory_mb` for its heap and writes what does not fit
    into `spill`.

    Raises:
        SparkMissingError: there is no pyspark or no JDK.
    """
    if missing := why_no_spark():
        raise SparkMissingError(missing)
    settings = {
        "spark.driver.memory": f"{memory_mb}m",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.extraJavaOptions": "-XX:+UseSerialGC -XX:TieredStopAtLevel=1",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.log.level": "ERROR",
        "spark.local.dir": str(spill),
        "spark.sql.warehouse.dir": str(spill / "warehouse"),
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.shuffle.partitions": "8",
    }
    with warnings.catch_warnings():
        # It warns of pandas 3, whose frames it never gets from us.
        warnings.simplefilter("ignore", FutureWarning)
        from pyspark.sql import SparkSession

        session = SparkSession.builder.master(master).config(map=settings).getOrCreate()
    try:
        yield session
    finally:
        session.stop()


def spark_text(statement: str) -> str:
    """The engine's statement as Spark reads it, translated and otherwise the same."""
    return sqlglot.transpile(statement, read="duckdb", write="spark")[0]


def write_features(spark: "SparkSession", files: TransactionFiles, as_of: date, out: Path) -> int:
    """Features of every customer, by customer, into one Parquet file; see window_statement.

    Returns the number of customers. The parts that Spark writes are put together batch by batch.

    Raises:
        EngineFileError: a file is no Parquet file, or a column is missing.
    """
    if not all(path.suffix == ".parquet" for path in files.paths):
        raise EngineFileError("Spark reads transactions as Parquet files: convert the others first.")
    source = spark.read.parquet(*(str(path) for path in files.paths))
    source.createOrReplaceTempView(GIVEN)
    spark.sql(spark_text(selection(files, source.columns))).createOrReplaceTempView(CHOSEN)
    statement = spark_text(f"{window_statement(CHOSEN, as_of)} ORDER BY customer")
    with tempfile.TemporaryDirectory(dir=out.parent) as folder:
        spark.sql(statement).write.mode("overwrite").parquet(folder)
        return _join(sorted(Path(folder).glob("part-*.parquet")), out)


def features_table(spark: "SparkSession", files: TransactionFiles, as_of: date) -> pa.Table:
    """The same as a table; see write_features."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "features.parquet"
        write_features(spark, files, as_of, out)
        return parquet.read_table(out)


def _join(parts: list[Path], out: Path) -> int:
    """One file out of parts in their order; returns the number of rows."""
    schema = parquet.read_schema(parts[0]).remove_metadata()
    rows = 0
    with parquet.ParquetWriter(out, schema) as writer:
        for part in parts:
            for batch in parquet.ParquetFile(part).iter_batches():
                writer.write_batch(batch.cast(schema))
                rows += batch.num_rows
    return rows
