"""Invented deliveries in the cn-bank form: for tests and for the demo world, seeded, with people who cannot exist."""

import csv
import gzip
import io
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

AS_OF = date(2019, 9, 30)
AUM = ("cust_no", "X1", "X2", "X3", "X4", "X5", "X6", "X7", "X8")
BEHAVIOR = ("cust_no", "B1", "B2", "B3", "B4", "B5", "B6", "B7")
DEPOSITS = ("cust_no", "C1", "C2")
CONTACTS = ("cust_no", "name", "phone")
ENTERPRISES = (
    "cust_no", "industry", "loans", "deposits", "capital", "turnover", "staff", "grade", "settled", "cross_border",
    "representative",
)  # fmt: skip
INTERVIEWS = ("cust_no", "occupation", "income", "district", "risk", "asked_on")
CARD_FORMS = ("cust_no", "occupation", "applied_on")
OCCUPATIONS = ("受雇", "公务员", "个体", "学生", "退休", "居家")
DISTRICTS = ("东城区", "西城区", "朝阳区", "海淀区", "丰台区")
INDUSTRIES = ("制造业", "科技", "能源", "贸易", "农业", "建筑业", "房地产", "物流", "医疗", "服务业", "其他")
GRADES = ("AAA", "AA", "A", "BBB", "BB", "B", "C")
SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡林郭何高罗"
GIVEN = ("小明", "建国", "秀英", "志强", "美玲", "文博", "雅琴", "海燕", "子轩", "淑芬", "家豪", "晓雯", "国平", "思远")


@dataclass(frozen=True)
class Kind:
    """What customers of one class look like: ranges of assets in yuan, logins, transfers and days since the last."""

    assets: tuple[int, int]
    logins: tuple[int, int]
    transfers: tuple[int, int]
    idle_days: tuple[int, int]
    share: float


KINDS = {
    "A": Kind((500, 60_000), (15, 80), (12, 90), (0, 6), 0.4),
    "B": Kind((400_000, 3_000_000), (12, 60), (15, 80), (0, 6), 0.2),
    "C": Kind((300_000, 900_000), (0, 0), (0, 2), (80, 190), 0.15),
    "D": Kind((100, 40_000), (0, 0), (0, 2), (80, 190), 0.25),
}


@dataclass(frozen=True)
class Person:
    """One invented customer with the class it was drawn from."""

    number: str
    letter: str
    aum: tuple[str, ...]
    behavior: tuple[str, ...]
    deposit: float


def invent_people(count: int, seed: int = 1, as_of: date = AS_OF) -> list[Person]:
    """`count` customers of all four classes as they stand on that day, the same ones for the same seed."""
    draw = random.Random(seed)  # noqa: S311 - invented people, not secrets
    letters = draw.choices(list(KINDS), [kind.share for kind in KINDS.values()], k=max(count - 4, 0))
    numbers = [f"0x{0xB2D10000 + at * 7:08x}" for at in range(count)]
    draw.shuffle(numbers)
    kinds = [*KINDS, *letters]
    return [_person(draw, number, letter, as_of) for number, letter in zip(numbers, kinds, strict=False)]


def invent_orphans(count: int) -> list[str]:
    """Numbers that the deposits department knows and the sample does not."""
    return [f"0xc0{at:06x}" for at in range(count)]


def write_delivery(folder: Path, people: Sequence[Person], *, orphans: int = 20, compress: bool = True) -> None:
    """Write all departments' files for the third quarter of 2019; the second customer is missing in the deposits."""
    write_csv(folder, "aum", AUM, ((p.number, *p.aum) for p in people), compress=compress)
    write_csv(folder, "behavior", BEHAVIOR, ((p.number, *p.behavior) for p in people), compress=compress)
    known = [p for at, p in enumerate(people) if at != 1]
    for at, month in enumerate(("2019m07", "2019m08", "2019m09")):
        inside = [(p.number, f"{p.deposit * (0.9 + 0.05 * at):.2f}", "1") for p in known]
        outside = [(number, "12.34", "1") for number in invent_orphans(orphans)]
        write_csv(folder, f"deposits_{month}", DEPOSITS, inside + outside, compress=compress)
    quarter = [(p.number, f"{p.deposit:.2f}", "1") for p in known]
    write_csv(folder, "deposits_2019q3", DEPOSITS, quarter, compress=compress)


def write_interviews(folder: Path, people: Sequence[Person], seed: int = 1, as_of: date = AS_OF) -> None:
    """Write what managers asked these people and what card forms say: some of it old, some of it contradictory."""
    draw = random.Random(seed)  # noqa: S311 - invented people, not secrets
    asked, applied = [], []
    for person in people:
        day = as_of - timedelta(days=draw.randint(0, 900))
        answers = (draw.choice(OCCUPATIONS), draw.choice("低中高"), draw.choice(DISTRICTS), f"C{draw.randint(1, 5)}")
        asked.append((person.number, *answers, day.isoformat()))
        applied.append((person.number, draw.choice((answers[0], *OCCUPATIONS)), (day - timedelta(days=90)).isoformat()))
    write_csv(folder, "interviews", INTERVIEWS, asked, compress=False)
    write_csv(folder, "card_forms", CARD_FORMS, applied, compress=False)


def write_enterprises(folder: Path, count: int, seed: int = 1, representatives: Sequence[str] = ()) -> list[str]:
    """Write a file of invented enterprises of every line of business, from a workshop to a group; their numbers.

    Some leave out grade, settlement or staff; representatives are customer numbers of persons, taken in turn.
    """
    draw = random.Random(seed)  # noqa: S311 - invented companies, not secrets
    numbers = [f"E{at:06d}" for at in range(1, count + 1)]
    rows = [_enterprise(draw, at, number, representatives) for at, number in enumerate(numbers)]
    write_csv(folder, "enterprises", ENTERPRISES, rows, compress=False)
    return numbers


def _enterprise(draw: random.Random, at: int, number: str, representatives: Sequence[str]) -> tuple[str, ...]:
    size = 10 ** draw.uniform(5.5, 9.3)
    grade = draw.choice((*GRADES, ""))
    settled = f"{size * draw.uniform(0.2, 3):.2f}" if draw.random() < 0.9 else ""
    staff = str(max(2, round(size / 400_000))) if draw.random() < 0.9 else ""
    figures = (f"{size * draw.uniform(0, 0.8):.2f}", f"{size * draw.uniform(0.05, 0.4):.2f}", f"{size / 4:.0f}")
    representative = representatives[at % len(representatives)] if representatives else ""
    abroad = draw.choice(("是", "否", ""))
    industry = INDUSTRIES[at % len(INDUSTRIES)]
    return (number, industry, *figures, f"{size * 2:.2f}", staff, grade, settled, abroad, representative)


def write_contacts(folder: Path, numbers: Iterable[str], *, compress: bool = False) -> None:
    """Write a contacts department: invented names, and numbers +86 100…, which no Chinese mobile number starts with."""
    rows = [(number, invent_name(at), invent_phone(at)) for at, number in enumerate(numbers)]
    write_csv(folder, "contacts", CONTACTS, rows, compress=compress)


def invent_name(at: int) -> str:
    """The name of the at-th invented person; the first 280 differ."""
    return SURNAMES[at % len(SURNAMES)] + GIVEN[(at + at // len(SURNAMES)) % len(GIVEN)]


def invent_phone(at: int) -> str:
    """The number of the at-th invented person, from +86 100 0000 0001 on."""
    digits = f"{at + 1:08d}"
    return f"+86 100 {digits[:4]} {digits[4:]}"


def write_csv(folder: Path, name: str, header: Sequence[str], rows: Iterable[Sequence[str]], *, compress: bool) -> Path:
    """Write one department's file, compressed without a time stamp so that the same rows are the same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / (f"{name}.csv.gz" if compress else f"{name}.csv")
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([header, *rows])
    data = text.getvalue().encode()
    path.write_bytes(gzip.compress(data, mtime=0) if compress else data)
    return path


def _person(draw: random.Random, number: str, letter: str, as_of: date) -> Person:
    kind = KINDS[letter]
    assets = draw.randint(*kind.assets)
    wealth = round(assets * draw.uniform(0.2, 0.8))
    deposit = assets - wealth
    loan = draw.choice((0, 0, 0, 50_000))
    transfers = draw.randint(*kind.transfers)
    last = datetime(as_of.year, as_of.month, as_of.day, 10, 45) - timedelta(days=draw.randint(*kind.idle_days))  # noqa: DTZ001 - deliveries carry the bank's local time
    inward = transfers // 3
    behavior = (
        str(draw.randint(*kind.logins)),
        str(inward),
        f"{inward * 2500.5:.1f}",
        str(inward),
        f"{inward * 1200.0:.1f}",
        last.strftime("%Y-%m-%d %H:%M:%S"),
        f"{transfers}.0",
    )
    aum = ("0", "0.0", f"{deposit}.0", str(wealth), "0.0", "0.0", str(loan), "0")
    return Person(number, letter, aum, behavior, float(deposit))
