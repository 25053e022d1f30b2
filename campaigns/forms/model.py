"""What can be wrong with a form, and where."""

from dataclasses import dataclass
from enum import StrEnum


class FaultCode(StrEnum):
    """What is wrong at one place of a form."""

    NOT_YAML = "not_yaml"
    NOT_A_FORM = "not_a_form"
    MISSING = "missing"
    UNKNOWN_FIELD = "unknown_field"
    BAD_TEXT = "bad_text"
    BAD_NUMBER = "bad_number"
    BAD_CHOICE = "bad_choice"
    BAD_MOMENT = "bad_moment"
    BAD_LIST = "bad_list"
    FORBIDDEN_WORD = "forbidden_word"
    NO_RISK_NOTICE = "no_risk_notice"


@dataclass(frozen=True)
class FormFault:
    """One fault: `place` as written in the file (tasks.2.points), `detail` what was expected or found.

    `line` is where it stands in the file, from 1; 0 where that is not known.
    """

    code: FaultCode
    place: str
    detail: str = ""
    line: int = 0


class FormError(ValueError):
    """A form that cannot be taken; `fault` says why."""

    def __init__(self, code: FaultCode, place: str, detail: str = "", line: int = 0) -> None:
        super().__init__(f"{place}: {code} {detail}".strip())
        self.fault = FormFault(code, place, detail, line)

    def at(self, line: int) -> "FormError":
        """The same error where it stands in the file."""
        return FormError(self.fault.code, self.fault.place, self.fault.detail, line)
