"""Fields that age: told by several departments and by feeds from outside, used by trust, asked again when stale."""

import json
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from campaigns.customers.fields import StaleFields
from campaigns.customers.intake import IntakeReport, IntakeService
from campaigns.customers.portraits import Portrait
from campaigns.customers.segments import SegmentService
from campaigns.members.model import Language
from handlers.terminal import page
from handlers.terminal.fields import print_stale, stale_json
from handlers.wording.fields import field_lines
from segmentation.synthetic import AS_OF, invent_people, write_contacts, write_csv, write_delivery, write_interviews
from storage.fields import stale_fields
from storage.intakes import open_intakes
from storage.portraits import portrait_of
from storage.segments import open_segments
from storage.vault import Vault

NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)
PEOPLE = invent_people(30)
INTERVIEWS = ("cust_no", "occupation", "income", "district", "risk", "asked_on")
CARD_FORMS = ("cust_no", "occupation", "applied_on")
HOW_TO = Path(__file__).parents[2] / "docs" / "how-to" / "import-a-delivery.md"
RIVER = ("CLIENT_ID", "STRUCT", "FIXED", "CURRENT", "WEALTH", "FUNDS", "PLANS", "CDS", "LOANS")
Import = Callable[..., IntakeReport]


class Unwatched:
    """A watcher who looks away."""

    def expect(self, steps: int) -> None: ...

    def begin(self, step: str) -> None: ...


@pytest.fixture
def import_(database_url: str, vault: Vault) -> Import:
    """Import a folder, on a connection of its own."""

    def imported(place: Path, profile: str = "cn-bank", as_of: date = AS_OF) -> IntakeReport:
        with open_intakes(database_url, vault) as store:
            outcome = IntakeService(store, Unwatched(), NOW).import_delivery(place, profile, as_of, 0.0)
        assert isinstance(outcome, IntakeReport), str(outcome)
        return outcome

    return imported


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A delivery with interviews, forms for cards and credit grades beside the balances."""
    place = tmp_path / "bank"
    write_delivery(place, PEOPLE, compress=False)
    first, second, third = (person.number for person in PEOPLE[:3])
    asked = [
        (first, "受雇", "中", "朝阳区", "C3", "2019/09/01"),
        (second, "退休", "低", "海淀区", "", "20171224"),
        (third, "", "", "", "C1", "2019-01-02"),
    ]
    write_csv(place, "interviews", INTERVIEWS, asked, compress=False)
    forms = [(first, "学生", "2017-03-04"), (second, "个体", "2019-08-01")]
    write_csv(place, "card_forms", CARD_FORMS, forms, compress=False)
    write_csv(place, "credit", ("cust_no", "grade"), [(first, "优"), (second, "差")], compress=False)
    return place


def segment(url: str) -> None:
    with open_segments(url, "Asia/Shanghai") as store:
        assert SegmentService(store, NOW).segment() is not None


async def portrait(url: str, number: str) -> Portrait:
    found = await portrait_of(url, number)
    assert found is not None
    return found


async def test_a_card_says_who_told_what_when_and_what_to_ask_again(
    folder: Path, tmp_path: Path, import_: Import, database_url: str
) -> None:
    report = import_(folder)
    assert {(c.customer, c.field) for c in report.conflicts_listed} == {
        (PEOPLE[0].number, "occupation"), (PEOPLE[1].number, "occupation"),
    }  # fmt: skip
    write_contacts(tmp_path / "contacts", [PEOPLE[0].number])
    import_(tmp_path / "contacts")
    segment(database_url)
    found = {field.name: field for field in (await portrait(database_url, PEOPLE[0].number)).fields}
    assert {name: (field.value, field.source, field.stale) for name, field in found.items()} == {
        "occupation": ("employee", "interviews", False),
        "income_band": ("middle", "interviews", False),
        "district": ("朝阳区", "interviews", False),
        "risk_appetite": ("C3", "interviews", False),
        "credit_grade": ("excellent", "credit", False),
        "contact": (None, "contacts", False),
    }
    assert (found["occupation"].as_of, found["occupation"].confidence) == (date(2019, 9, 1), 0.8)
    assert [(word.department, word.value) for word in found["occupation"].others] == [("card_forms", "student")]
    [line] = field_lines([found["occupation"]], Language.ZH)
    assert line == "职业：受雇（interviews，2019-09-01，可信度 80%）；另有说法：学生（card_forms，940 天前）"
    assert json.loads(json.dumps((await portrait(database_url, PEOPLE[0].number)).as_json()))["fields"]


async def test_the_fresher_word_wins_in_the_card_in_the_snapshot_and_in_the_report(
    folder: Path, import_: Import, database_url: str
) -> None:
    report = import_(folder)
    second = next(c for c in report.conflicts_listed if c.customer == PEOPLE[1].number)
    assert [word.department for word in second.tellings] == ["card_forms", "interviews"]
    segment(database_url)
    fields = {field.name: field for field in (await portrait(database_url, PEOPLE[1].number)).fields}
    assert (fields["occupation"].value, fields["occupation"].source) == ("self_employed", "card_forms")
    assert fields["district"].stale
    assert report.stale_traits == {"income_band": 1, "district": 1}
    lines = list(field_lines([fields["district"]], Language.EN))
    assert lines == ["district: 海淀区 (interviews, 2017-12-24, confidence 80%); out of date, please ask"]


def test_what_is_stale_is_listed_with_whom_to_ask_first(
    folder: Path, import_: Import, database_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    import_(folder)
    found = stale_fields(database_url, None, 10)
    assert isinstance(found, StaleFields)
    assert {one.name: (one.known, one.stale) for one in found.counts} == {
        "occupation": (2, 0), "income_band": (2, 1), "district": (2, 1),
        "risk_appetite": (2, 0), "credit_grade": (2, 0),
    }  # fmt: skip
    [customer] = found.customers
    assert customer.number == PEOPLE[1].number
    assert [(field.name, field.source, field.age_days) for field in customer.fields] == [
        ("district", "interviews", 645),
        ("income_band", "interviews", 645),
    ]
    print_stale(found, Language.ZH, page())
    assert "居住区域（interviews，645 天前）" in capsys.readouterr().out.replace("\n", "")
    assert json.loads(stale_json(found))["customers"][0]["fields"][0]["value"] is None


def test_the_invented_bank_has_old_and_contradictory_words(tmp_path: Path, import_: Import, database_url: str) -> None:
    write_delivery(tmp_path / "bank", PEOPLE, compress=False)
    write_interviews(tmp_path / "bank", PEOPLE[:20])
    report = import_(tmp_path / "bank")
    assert {conflict.field for conflict in report.conflicts_listed} == {"occupation"}
    found = stale_fields(database_url, None, 100)
    assert found is not None
    assert {one.name for one in found.counts} == {"occupation", "income_band", "district", "risk_appetite"}
    assert all(0 < one.stale < one.known == 20 for one in found.counts)


def test_a_bank_without_customers_has_nobody_to_ask(database_url: str) -> None:
    assert stale_fields(database_url, None, 10) is None


async def test_the_how_to_s_own_bank_with_a_feed_from_outside_needs_no_code(
    tmp_path: Path, import_: Import, database_url: str
) -> None:
    bank, feed = re.findall(r"```yaml\n(.*?)```", HOW_TO.read_text("utf-8"), re.DOTALL)
    profile = tmp_path / "river-bank.yaml"
    profile.write_text(bank + feed, "utf-8")
    place = tmp_path / "bank"
    money = [(p.number, *p.aum[:6], p.aum[7], p.aum[6]) for p in PEOPLE]
    write_csv(place, "balances_201909", RIVER, money, compress=False)
    spent = [(PEOPLE[0].number, "61234.50"), ("0xstranger", "1.00")]
    write_csv(place, "shop_201908", ("BANK_REF", "SPENT_12M"), spent, compress=False)
    report = import_(place, str(profile))
    assert (report.profile, report.customers, report.not_delivered) == ("river-bank", 30, ())
    assert next(file for file in report.files if file.quality.department == "shop").orphans == 1
    segment(database_url)
    [field] = (await portrait(database_url, PEOPLE[0].number)).fields
    assert (field.name, field.value, field.source, field.confidence) == ("consumption", "50k_200k", "shop", 0.6)
    assert (field.as_of, field.stale) == (date(2019, 8, 31), False)


def test_a_profile_file_that_is_not_there_or_no_profile_is_refused(
    tmp_path: Path, database_url: str, vault: Vault
) -> None:
    (tmp_path / "odd.yaml").write_bytes("name: 银行".encode("gb18030"))
    for name, sentence in (
        ("none.yaml", "There is no profile file"),
        ("odd.yaml", "odd.yaml: is not written in"),
    ):
        with open_intakes(database_url, vault) as store:
            outcome = IntakeService(store, Unwatched(), NOW).import_delivery(tmp_path, str(tmp_path / name), AS_OF, 0.0)
        assert str(outcome).startswith(sentence)
