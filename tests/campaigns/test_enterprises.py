"""Enterprises beside persons: delivered, put into tiers with every run, explained, and never among the letters."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from campaigns.customers.enterprises import EnterprisePortrait, Tier
from campaigns.customers.intake import IntakeReport, IntakeService
from campaigns.customers.model import CustomerKind
from campaigns.customers.policies import PolicyService
from campaigns.customers.segments import SegmentationRun, SegmentService
from campaigns.members.model import Language
from handlers.terminal import page
from handlers.terminal.enterprises import enterprise_json, print_tiers
from handlers.wording.enterprises import enterprise_lines
from segmentation.intake.faults import Fault
from segmentation.synthetic import AS_OF, ENTERPRISES, invent_people, write_csv, write_delivery, write_enterprises
from storage.customers import SqlCustomerStore
from storage.database import UnitOfWork
from storage.enterprise_portraits import enterprise_of
from storage.intakes import open_intakes
from storage.segments import open_segments
from storage.vault import Vault

NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)
DAY = timedelta(days=1)
NEXT = date(2019, 12, 31)
PEOPLE = invent_people(40)
LARGE = ("G1", "科技", "600000000", "100000000", "50000000", "900000000", "800", "AAA", "2000000000", "是", "0xb1")
MIDDLE = ("G2", "贸易", "20000000", "20000000", "1000000", "", "", "A", "60000000", "", "")
Import = Callable[..., IntakeReport | Fault]


class Unwatched:
    """A watcher who looks away."""

    def expect(self, steps: int) -> None: ...

    def begin(self, step: str) -> None: ...


@pytest.fixture
def import_(database_url: str, vault: Vault) -> Import:
    """Import a folder, on a connection of its own."""

    def imported(place: Path, now: datetime = NOW, as_of: date = AS_OF) -> IntakeReport | Fault:
        with open_intakes(database_url, vault) as store:
            return IntakeService(store, Unwatched(), now).import_delivery(place, "cn-bank", as_of, 0.0)

    return imported


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A delivery of 40 persons."""
    write_delivery(tmp_path / "bank", PEOPLE, compress=False)
    return tmp_path / "bank"


def published(outcome: IntakeReport | Fault) -> IntakeReport:
    assert isinstance(outcome, IntakeReport), str(outcome)
    return outcome


def segment(url: str, now: datetime = NOW, known_by: datetime | None = None) -> tuple[SegmentationRun, dict[str, str]]:
    """A run with its letters."""
    with open_segments(url, "Asia/Shanghai", known_by=known_by) as store:
        run = SegmentService(store, now).segment()
        assert run is not None
        return run, {line.number: line.letter for line in store.lists.lines(run.id)}


async def portrait(url: str, number: str) -> EnterprisePortrait:
    found = await enterprise_of(url, number)
    assert found is not None
    return found


def test_enterprises_change_no_letter_and_have_tiers_of_their_own(
    folder: Path, import_: Import, database_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    published(import_(folder))
    _, before = segment(database_url)
    numbers = write_enterprises(folder, 50, representatives=[PEOPLE[0].number])
    report = published(import_(folder, NOW + DAY))
    assert (report.customers, report.new_customers, report.enterprises) == (40, 0, 50)
    run, after = segment(database_url, NOW + DAY)
    assert after == before
    assert not set(after) & set(numbers)
    tiers = run.report["enterprises"]["tiers"]
    assert sum(figures["customers"] for figures in tiers.values()) == 50
    assert all(figures["customers"] for figures in tiers.values())
    print_tiers(run.report["enterprises"], page())
    assert "战略客户 strategic" in capsys.readouterr().out


def test_a_change_of_the_tiers_is_tried_out_before_it_is_kept(folder: Path, import_: Import, database_url: str) -> None:
    write_csv(folder, "enterprises", ENTERPRISES, [LARGE, MIDDLE], compress=False)
    published(import_(folder))
    segment(database_url)
    with open_segments(database_url, "Asia/Shanghai") as store:
        policies = PolicyService(store, NOW)
        tried = policies.what_if(["enterprises.strategic_line=60", "enterprises.key_line=59"])
        assert (tried.moving["tier"], tried.moving["letter"]) == (1, 0)
        policies.change(["enterprises.key_line=59"], "head of corporate", "fewer key customers")
    run, _ = segment(database_url, NOW + DAY)
    assert run.report["enterprises"]["tiers"]["key"]["customers"] == 0


async def test_an_enterprise_is_explained_with_steps_needs_and_its_team(
    folder: Path, import_: Import, database_url: str, uow: UnitOfWork
) -> None:
    write_csv(folder, "enterprises", ENTERPRISES, [LARGE, MIDDLE], compress=False)
    published(import_(folder))
    segment(database_url)
    large, middle = await portrait(database_url, "G1"), await portrait(database_url, "G2")
    assert (large.tier, large.steps, large.representative, large.cross_border) == (
        Tier.STRATEGIC, (), "0xb1", True,
    )  # fmt: skip
    assert "cross_border_settlement" in large.needs
    assert (middle.tier, middle.cross_border, middle.confidence) == (Tier.KEY, None, 1.0)
    assert {step.code for step in middle.steps} <= {"business", "settlement", "credit"}
    lines = list(enterprise_lines(middle, Language.ZH))
    assert lines[0].startswith("G2：企业客户，重点客户（")
    assert "服务团队：分行公司部服务团队" in lines
    assert any(line.startswith("行业常见需求：应收账款融资、供应链金融") for line in lines)
    assert "This is the highest tier." in list(enterprise_lines(large, Language.EN))
    assert json.loads(enterprise_json(large))["kind"] == "enterprise"
    kinds = [await SqlCustomerStore(uow).find_by_number(number) for number in ("G1", PEOPLE[0].number)]
    assert [found.kind for found in kinds if found] == [CustomerKind.ENTERPRISE, CustomerKind.PERSON]


def test_a_number_of_both_kinds_is_refused_and_nothing_is_stored(
    folder: Path, import_: Import, database_url: str
) -> None:
    clash = (PEOPLE[3].number, *LARGE[1:])
    write_csv(folder, "enterprises", ENTERPRISES, [clash, MIDDLE], compress=False)
    outcome = import_(folder)
    assert isinstance(outcome, Fault)
    assert "1 customer numbers are delivered as" in str(outcome)
    assert PEOPLE[3].number in str(outcome)
    with psycopg.connect(database_url) as connection:
        assert connection.execute("SELECT count(*) FROM customers").fetchone() == (0,)


async def test_enterprises_alone_correct_their_day_and_the_old_tiers_can_be_computed_again(
    folder: Path, tmp_path: Path, import_: Import, database_url: str
) -> None:
    write_csv(folder, "enterprises", ENTERPRISES, [LARGE, MIDDLE], compress=False)
    published(import_(folder))
    first, _ = segment(database_url, NOW + DAY)
    shrunk = ("G1", "科技", "1000000", *LARGE[3:])
    write_csv(tmp_path / "part", "enterprises", ENTERPRISES, [shrunk], compress=False)
    published(import_(tmp_path / "part", NOW + 2 * DAY))
    later, _ = segment(database_url, NOW + 3 * DAY)
    assert later.report["enterprises"]["customers"] == 1
    again, _ = segment(database_url, NOW + 4 * DAY, known_by=NOW + DAY)
    assert again.report["enterprises"] == first.report["enterprises"]
    assert [past.tier for past in (await portrait(database_url, "G1")).history] == [Tier.STRATEGIC]


def test_a_later_day_without_news_of_enterprises_uses_their_last_figures(
    folder: Path, tmp_path: Path, import_: Import, database_url: str
) -> None:
    write_csv(folder, "enterprises", ENTERPRISES, [LARGE], compress=False)
    published(import_(folder))
    (folder / "enterprises.csv").unlink()
    published(import_(folder, NOW + DAY, NEXT))
    run, _ = segment(database_url, NOW + DAY)
    assert (run.key.as_of, run.report["enterprises"]["tiers"]["strategic"]["customers"]) == (NEXT, 1)
