"""What is wrong with a delivery, said in one sentence that names file, line and column."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """One thing wrong; `line` counts from 1 with the header, `file` is the name inside the delivery."""

    code: str
    problem: str
    file: str = ""
    line: int | None = None
    column: str | None = None

    def __str__(self) -> str:
        """The sentence for the person who delivered, such as "aum.csv, line 7, column X1: …"."""
        place = [self.file] if self.file else []
        place += [f"line {self.line}"] if self.line is not None else []
        place += [f"column {self.column}"] if self.column is not None else []
        return f"{', '.join(place)}: {self.problem}" if place else self.problem


class DeliveryRefusedError(Exception):
    """A delivery, a file of it or its profile cannot be used; carries the fault."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(str(fault))
        self.fault = fault


def refuse(
    code: str, problem: str, *, file: str = "", line: int | None = None, column: str | None = None
) -> DeliveryRefusedError:
    """The error for a fault, ready to raise."""
    return DeliveryRefusedError(Fault(code, problem, file, line, column))
