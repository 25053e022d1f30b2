"""Text encodings of delivered files: found out by their bytes, and everything turned into UTF-8."""

import codecs
import re
from dataclasses import dataclass

from segmentation.intake.faults import refuse

KNOWN_ENCODINGS = ("utf-8", "gb18030", "utf-16")
MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
LOOKED_AT = 4096
MIXED_SHARE = 0.1
PRIVATE_USE = re.compile("[\ue000-\uf8ff]")


@dataclass(frozen=True)
class Decoded:
    """A file as UTF-8 without a byte-order mark, and what was found, in words for the report."""

    data: bytes
    notes: tuple[str, ...] = ()


def to_utf8(data: bytes, name: str, declared: str | None) -> Decoded:
    """Turn a file's bytes into UTF-8; a declared encoding is believed and nothing else is tried.

    Raises:
        DeliveryRefusedError: the bytes are not the declared encoding, or none that is known; names line and column.
    """
    for mark, encoding in MARKS:
        if data.startswith(mark):
            note = f"begins with a byte-order mark of {_title(encoding)}, which was skipped"
            return _decoded(data[len(mark) :], encoding, name, (note,))
    encoding = _find_out(data) if declared is None else declared
    if encoding == "utf-8":
        return _decoded(data, encoding, name, ())
    if encoding == "utf-16":
        encoding = _wide(data) or "utf-16-le"
    return _decoded(data, encoding, name, (f"is written in {_title(encoding)}",))


def find_encoding(head: bytes) -> str:
    """The codec that a file's first whole lines ask for: by its mark, or found out by the bytes."""
    for mark, encoding in ((codecs.BOM_UTF8, "utf-8-sig"), *((mark, "utf-16") for mark, _ in MARKS[1:])):
        if head.startswith(mark):
            return encoding
    found = _find_out(head)
    return _wide(head) or "utf-16-le" if found == "utf-16" else found


def _decoded(data: bytes, encoding: str, name: str, notes: tuple[str, ...]) -> Decoded:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        line, column = _place(data, error.start)
        problem = f"byte 0x{data[error.start]:02x} is not {_title(encoding)}; save the file as UTF-8."
        raise refuse("encoding", problem, file=name, line=line, column=column) from error
    plain = data if encoding == "utf-8" else text.encode()
    if (at := plain.find(b"\0")) >= 0:
        line, column = _place(plain, at)
        raise refuse("encoding", "a zero byte stands in the text.", file=name, line=line, column=column)
    return Decoded(plain, notes)


def _find_out(data: bytes) -> str:
    """UTF-8 unless the bytes say otherwise; a file of two encodings is UTF-8 with a fault, never silently another."""
    if _wide(data) is not None:
        return "utf-16"
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return "gb18030" if _is_gb18030(data) else "utf-8"
    return "utf-8"


def _wide(data: bytes) -> str | None:
    """UTF-16 without a mark: nearly every second byte of a table's text is zero."""
    head = data[:LOOKED_AT]
    if len(head) < 2:
        return None
    odd, even = head[1::2].count(0) / (len(head) // 2), head[::2].count(0) / (len(head) // 2)
    if max(odd, even) < 0.3:
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def _is_gb18030(data: bytes) -> bool:
    try:
        text = data.decode("gb18030")
    except UnicodeDecodeError:
        return False
    if PRIVATE_USE.search(text):
        return False
    # Chinese in UTF-8 is often valid GB18030 too, as nonsense: lines that are good UTF-8 give a mixture away.
    foreign = [line for line in data.splitlines() if not line.isascii()]
    return sum(map(_is_utf8, foreign)) <= MIXED_SHARE * len(foreign)


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _place(data: bytes, at: int) -> tuple[int, str | None]:
    """The line (from 1) and the column's name of a byte."""
    start = data.rfind(b"\n", 0, at) + 1
    header = data[: data.find(b"\n")].decode(errors="replace").strip().split(",")
    column = data.count(b",", start, at)
    line = data.count(b"\n", 0, at) + 1
    return line, header[column] if line > 1 and column < len(header) else None


def _title(encoding: str) -> str:
    return encoding.upper().removesuffix("-LE").removesuffix("-BE")
