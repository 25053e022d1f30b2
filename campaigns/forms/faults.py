"""All that is wrong with a file, gathered part by part, so that one fault does not hide the next."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from campaigns.forms.model import FormError
from campaigns.forms.reading import LONGEST_FILE, Form, line_of, read_form

T = TypeVar("T")


@dataclass(frozen=True)
class FileFault:
    """One fault: `place` as written in the file (booths.2.game), `detail` what was found or expected, `line` from 1."""

    code: StrEnum
    place: str
    detail: str = ""
    line: int = 0


class FaultError(ValueError):
    """One fault of the file, on its way to the list of all."""

    def __init__(self, code: StrEnum, place: str, detail: str = "") -> None:
        super().__init__(f"{place}: {code} {detail}".strip())
        self.fault = FileFault(code, place, detail)


class FileError(ValueError):
    """A file that cannot be taken; `faults` are all that is wrong with it, in the order of the file."""

    def __init__(self, faults: tuple[FileFault, ...]) -> None:
        super().__init__("; ".join(f"line {each.line}, {each.place}: {each.code} {each.detail}" for each in faults))
        self.faults = faults


class Faults:
    """Gathers what is wrong, part by part: one bad entry does not hide the next."""

    def __init__(self) -> None:
        self.found: list[FileFault] = []

    def part(self, other: T, read: Callable[..., T], *given: Any) -> T:
        """A part of the file, or the other value where it has a fault, which is kept."""
        try:
            return read(*given)
        except FormError as error:
            self.found.append(FileFault(error.fault.code, error.fault.place, error.fault.detail))
        except FaultError as error:
            self.found.append(error.fault)
        return other

    def parts(self, forms: Iterable[Form], read: Callable[[Form], T]) -> tuple[T, ...]:
        """Entries of a list, each on its own; one with a field that nobody took is wrong, too."""
        found: list[T] = []
        for form in forms:
            read_one = self.part(None, read, form)
            if read_one is not None:
                found.append(read_one)
                self.part(None, form.finish)
        return tuple(found)

    def add(self, code: StrEnum, place: str, detail: str = "") -> None:
        """Keep a fault of the whole."""
        self.found.append(FileFault(code, place, detail))

    def finish(self, line_of: Callable[[str], int]) -> None:
        """Refuse the file if anything is wrong.

        Raises:
            FileError: with every fault and its line.
        """
        if self.found:
            placed = [FileFault(each.code, each.place, each.detail, line_of(each.place)) for each in self.found]
            raise FileError(tuple(sorted(dict.fromkeys(placed), key=lambda each: each.line)))


def lines_of(text: str) -> Callable[[str], int]:
    """Finds the line of a place in a file; what is no YAML names its line itself."""

    def found(place: str) -> int:
        if place == "-":
            return 1
        return int(place) if place.isdecimal() else line_of(text, place)

    return found


@contextmanager
def whole_file(text: str, too_long: StrEnum) -> Iterator[tuple[Form, Faults]]:
    """A file as a form, with the place where its parts leave their faults.

    Raises:
        FileError: at once where there is no form, else at the end of the block where anything was found to be wrong.
    """
    faults, lines = Faults(), lines_of(text)
    if len(text) > LONGEST_FILE:
        faults.add(too_long, "-", str(LONGEST_FILE))
        faults.finish(lines)
    form = faults.part(Form({}), read_form, text)
    faults.finish(lines)
    yield form, faults
    faults.finish(lines)
