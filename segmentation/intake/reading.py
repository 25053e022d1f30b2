"""From a delivered file to a table of text columns with the line each row came from, whatever the file's form."""

import gzip
import zlib

from segmentation.intake.delimited import read_delimited
from segmentation.intake.deliveries import DeliveredFile
from segmentation.intake.encodings import to_utf8
from segmentation.intake.faults import refuse
from segmentation.intake.profiles import Profile
from segmentation.intake.tables import TextTable
from segmentation.intake.workbooks import read_parquet, read_workbook


def read_text(file: DeliveredFile, profile: Profile) -> TextTable:
    """Read one file as text only: "0xb2d1b6d1" must never become a number.

    Raises:
        DeliveryRefusedError: truncated or damaged, wrong encoding, empty, a missing or doubled column.
    """
    data = file.path.read_bytes()
    if not data:
        raise refuse("empty", "is empty.", file=file.name, line=1)
    if file.name.endswith(".xlsx"):
        return read_workbook(data, file.name, file.department)
    if file.name.endswith(".parquet"):
        return read_parquet(data, file.name, file.department)
    decoded = to_utf8(_unpack(data, file.name), file.name, profile.encoding)
    return read_delimited(decoded.data, file.name, file.department, decoded.notes)


def _unpack(data: bytes, name: str) -> bytes:
    if not name.endswith(".gz"):
        return data
    try:
        return gzip.decompress(data)
    except EOFError as error:
        problem, line = "the compressed file breaks off here; deliver it again.", _lines_before_the_break(data)
        raise refuse("truncated", problem, file=name, line=line) from error
    except (gzip.BadGzipFile, zlib.error) as error:
        raise refuse("damaged", f"is no sound gzip file ({error}); deliver it again.", file=name) from error


def _lines_before_the_break(data: bytes) -> int:
    try:
        return zlib.decompressobj(wbits=31).decompress(data).count(b"\n") + 1
    except zlib.error:
        return 1
