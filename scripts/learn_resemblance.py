"""Teaches the gate's second reader anew from every text of tests/campaigns/gate_texts and what the bot itself says.

    python scripts/learn_resemblance.py [--without FILE ...] [--out FILE] [--judge TEXTS.jsonl]

`--without` leaves texts out and `--judge` tells how the reader alone and the gate with it judge others, so that an
author's texts can be judged by a reader who has seen none of them.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from rich.console import Console  # noqa: E402

from campaigns.compliance.lexicon import FILE as LEXICON  # noqa: E402
from campaigns.compliance.matching import matcher  # noqa: E402
from campaigns.compliance.readings import read  # noqa: E402
from campaigns.compliance.resemblance import FILE, FORBIDDEN, Reader, strings  # noqa: E402
from campaigns.compliance.verdicts import Outcome, context_of  # noqa: E402
from campaigns.compliance.words import judge_words  # noqa: E402
from tests.campaigns.test_words import TEXTS, WORDING, sentences  # noqa: E402

CONSOLE = Console(width=120)
STRENGTH, SEEN = 20, 3  # The inverse of regularisation; in how many texts a string must stand.


def main() -> None:
    """Learn, write or judge."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--without", nargs="*", default=[], help="names of files of gate_texts to leave out")
    parser.add_argument("--out", type=Path, default=None, help=f"where to write; the shipped file is {FILE.name}")
    parser.add_argument("--judge", type=Path, default=None, help='lines with "text" and "must" or "expect"')
    given = parser.parse_args()
    learnt = learn(texts(given.without))
    CONSOLE.print(f"{len(learnt.weights)} strings learnt.")
    if given.out:
        given.out.write_text(written(learnt), "utf-8")
    if given.judge:
        tell(learnt, given.judge)


def texts(without: Sequence[str]) -> list[tuple[str, bool]]:
    """Every text and whether it must be stopped; each once. What the product says and ships is lawful."""
    found = {each: False for file in sorted(WORDING.glob("*.py")) for each in sentences(file)}
    found |= {each: False for file in sorted((ROOT / "campaigns").glob("*/*.yaml")) for each in shipped(file)}
    for file in sorted(TEXTS.glob("*.jsonl")):
        if file.name not in without:
            rows = map(json.loads, file.read_text("utf-8").splitlines())
            found |= {row["text"]: row["must"] == "block" for row in rows if row["must"] != "warn"}
    return sorted(found.items())


def shipped(file: Path) -> Iterator[str]:
    """The Chinese words of a file that the product ships for people to read."""
    if file != LEXICON:
        for line in file.read_text("utf-8").splitlines():
            said = line.partition(":")[2].partition(" | ")[0].strip(" \"'")
            if not line.lstrip().startswith("#") and any("一" <= c <= "鿿" for c in said):
                yield said


def learn(judged: Sequence[tuple[str, bool]]) -> Reader:
    """Logistic regression over the strings that stand in texts, each counted once, texts of any length alike."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    reading = TfidfVectorizer(analyzer=lambda text: sorted(strings(read(text).text)), use_idf=False, min_df=SEEN)
    counted = reading.fit_transform([text for text, _ in judged])
    model = LogisticRegression(C=STRENGTH, max_iter=500).fit(counted, [must for _, must in judged])
    weights = zip(reading.get_feature_names_out(), model.coef_[0], strict=True)
    return Reader(
        {str(each): round(float(weight), 2) for each, weight in weights}, round(float(model.intercept_[0]), 2)
    )


def written(learnt: Reader) -> str:
    """A line for each string and its weight; the line of no string has the bias."""
    rows = [("", learnt.bias), *sorted(learnt.weights.items())]
    return "".join(f"{string}\t{weight}\n" for string, weight in rows)


def tell(learnt: Reader, file: Path) -> None:
    """How the reader alone and the gate with it judge these texts."""
    rows = [row for row in map(json.loads, file.read_text("utf-8").splitlines()) if must(row) != "warn"]
    for name in ("the reader alone", "the gate with it"):
        stopped = [
            learnt.chance(read(row["text"]).text) > FORBIDDEN
            if name == "the reader alone"
            else judge_words(matcher(), row["text"], context_of(row), learnt).outcome is Outcome.BLOCK
            for row in rows
        ]
        for kind in ("block", "pass"):
            of_kind = [each for each, row in zip(stopped, rows, strict=True) if must(row) == kind]
            share = sum(of_kind) / len(of_kind)
            CONSOLE.print(f"{name}: of {len(of_kind)} that must {kind}, {sum(of_kind)} are stopped ({share:.1%})")


def must(row: dict[str, str]) -> str:
    """What is asked of a text."""
    return row.get("must") or row["expect"]


if __name__ == "__main__":
    main()
