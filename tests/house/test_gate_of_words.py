"""Nothing that is sent unasked goes round the gate of words: who sends asks it, and so does who takes the words."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CAMPAIGNS = ROOT / "campaigns"
ASKS = re.compile(r"from campaigns\.compliance\.words import .*\b(?:check|forbidden)\b")
TAKES_WORDS = (
    "broadcasts",
    "letters",
    "publicity",
    "draws",
    "groupbuys",
    "groups",
    "earnings",
    "forms",
    "vouchers",
    "packs",
    "journeys",
)


def text_of(package: Path) -> str:
    return "\n".join(file.read_text("utf-8") for file in sorted(package.glob("*.py")))


def calls_in(file: Path) -> dict[str, set[str]]:
    """The names that each function of a file calls or uses."""
    tree = ast.parse(file.read_text("utf-8"))
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    return {
        node.name: {ast.unparse(each) for each in ast.walk(node) if isinstance(each, ast.Name | ast.Attribute)}
        for node in ast.walk(tree)
        if isinstance(node, functions)
    }


def test_every_package_that_takes_words_for_customers_asks_the_gate_while_they_are_written() -> None:
    assert [name for name in TAKES_WORDS if not ASKS.search(text_of(CAMPAIGNS / name))] == []


def test_the_sender_dispatches_nothing_that_the_gate_has_not_judged() -> None:
    dispatching = {
        f"{file.relative_to(ROOT)}:{name}": used
        for room in ("bot", "storage", "handlers", "campaigns")
        for file in (ROOT / room).rglob("*.py")
        if ".dispatch(" in file.read_text("utf-8")
        for name, used in calls_in(file).items()
        if "store.dispatch" in used
    }
    assert len(dispatching) == 1
    assert all("self._pass_gate" in used for used in dispatching.values())
    assert any("judge_many" in used for used in calls_in(ROOT / "bot" / "sender.py")["_pass_gate"])


def test_the_gate_of_a_delivery_reads_its_words_before_consent_and_hours() -> None:
    rules = calls_in(CAMPAIGNS / "compliance" / "rules.py")
    assert {"check", "text_of"} <= rules["_bad_words"]
    assert "_bad_words" in rules["judge"]
