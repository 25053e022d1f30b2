"""The segment report on a real PostgreSQL: two quarters in, everything that the page shows out."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
import psycopg
import pytest

from campaigns.customers.report import ModelCard, SegmentReport
from campaigns.customers.reporting import ReportRefusal, ReportService
from segmentation.intake.faults import DeliveryRefusedError
from segmentation.outlook.boosting import SMALL_SETTINGS, grow
from segmentation.outlook.calibration import Calibration
from segmentation.outlook.model import OutlookModel, Part
from segmentation.outlook.modelfile import save_model
from segmentation.synthetic import AS_OF, invent_people, write_delivery
from storage.private_postgres import PrivatePostgres
from storage.reports import open_reports
from storage.vault import Keyring, Vault
from tests.databases import fresh_database
from tests.storage.runs import NEXT, NOW, ZONE, change, deliver_next, import_folder, segment

PEOPLE = invent_people(450)
RICHER = {p.number: 9_000_000 for p in PEOPLE if p.letter == "A"}


def report(url: str, until: date | None = None, since: date | None = None) -> SegmentReport | ReportRefusal:
    with open_reports(url, ZONE) as store:
        return ReportService(store).report(until, since=since, first=4)


def tell_traits(url: str) -> None:
    """Ages from 20 to 79 and sexes of all but five, on every day."""
    with psycopg.connect(url) as connection:
        connection.execute(
            """UPDATE customer_snapshots SET sex = CASE WHEN n <= 5 THEN NULL WHEN n % 2 = 0 THEN 'f' ELSE 'm' END,
                   birth_date = as_of - ((20 + n % 60) * 365.25)::int - 20
               FROM (SELECT id, (row_number() OVER (ORDER BY number))::int AS n FROM customers) placed
               WHERE id = customer_id"""
        )


@pytest.fixture(scope="module")
def bank(postgres: PrivatePostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """450 customers of two quarters, some of whom became rich in between; nothing writes to it."""
    folder = tmp_path_factory.mktemp("bank")
    vault = Vault(Keyring.open(folder / "keyring.json"))
    with fresh_database(postgres) as url:
        write_delivery(folder / "delivery", PEOPLE)
        import_folder(url, vault, folder / "delivery")
        tell_traits(url)
        segment(url)
        deliver_next(url, vault, folder / "next", PEOPLE, RICHER)
        tell_traits(url)
        segment(url)
        yield url


def test_the_report_of_a_second_quarter_has_everything(bank: str) -> None:
    found = report(bank)
    assert isinstance(found, SegmentReport)
    assert (found.as_of, found.made_at, found.is_current) == (NEXT, NOW, True)
    assert sum(found.quadrant.sizes.values()) == len(PEOPLE) == found.quadrant.sampled
    assert {point.letter for point in found.quadrant.points} == {
        letter for letter, n in found.quadrant.sizes.items() if n
    }
    assert [profile.letter for profile in found.fit.profiles] == list("ABCD")
    assert found.firmness.rounds == 20
    assert 0 < found.firmness.kept_worst <= found.firmness.kept_mean <= 1
    assert found.firmness.scaler_of == AS_OF.isoformat()
    assert found.grouping is not None
    assert [count.groups for count in found.grouping.tried] == list(range(2, 9))
    assert len(found.valuable) == 4
    assert all(len(line.reasons) == 3 for line in found.valuable)
    assert found.model is None


def test_migration_and_drift_look_back_to_the_run_before(bank: str) -> None:
    found = report(bank)
    assert isinstance(found, SegmentReport)
    assert found.migration is not None
    assert found.drift is not None
    assert (found.migration.earlier, found.drift.earlier, found.drift.later) == (AS_OF, AS_OF, NEXT)
    assert sum(sum(row.values()) for row in found.migration.matrix.values()) == len(PEOPLE)
    levels = {each.indicator: each.level for each in found.drift.indicators}
    assert (levels["assets"], levels["logins"]) == ("alarm", "calm")
    assert {each.indicator for each in found.drift.alarms} >= {"assets", "demand_deposit"}


def test_the_run_itself_keeps_the_drift_that_the_report_shows(bank: str) -> None:
    run, found = segment(bank), report(bank)
    assert isinstance(found, SegmentReport)
    assert found.drift is not None
    assert run.report["drift_since"] == AS_OF.isoformat()
    assert run.report["drift"] == {i.indicator: {"psi": i.psi, "level": i.level} for i in found.drift.indicators}
    first = segment(bank, AS_OF)
    assert (first.report["drift_since"], first.report["drift"]) == (None, {})


def test_sexes_ages_and_newcomers_stand_side_by_side(bank: str) -> None:
    found = report(bank)
    assert isinstance(found, SegmentReport)
    groups = {(group.trait, group.group): group for group in found.fairness.groups}
    assert groups["sex", "unknown"].suppressed
    assert groups["sex", "unknown"].customers is None
    assert (groups["sex", "f"].customers or 0) + (groups["sex", "m"].customers or 0) == len(PEOPLE) - 5
    assert sum(group.customers or 0 for group in groups.values() if group.trait == "age") == len(PEOPLE)
    assert found.fairness.price.clean
    assert found.fairness.price.traits_known == ("age", "sex")
    assert found.fairness.price.letters_by_age is not None


def test_the_card_of_a_model_s_file_is_shown_and_a_broken_file_is_refused(bank: str, tmp_path: Path) -> None:
    values = np.random.default_rng(6).normal(size=(200, 1))
    trees = grow(values, np.digitize(values[:, 0], [-0.5, 0.5]), 1, {**SMALL_SETTINGS, "max_iter": 2})
    quality = {"macro_auc": {"value": 0.8, "low": 0.79, "high": 0.81}}
    part = Part(("assets",), (1.0,), (trees,), Calibration(np.eye(3), np.zeros(3)), quality)
    save_model(OutlookModel("cn-bank", AS_OF, 1, (0.2, 0.3, 0.5), {"balances": part}), tmp_path / "model")
    with open_reports(bank, ZONE) as store:
        found = ReportService(store).report(model=tmp_path / "model")
        assert isinstance(found, SegmentReport)
        assert found.model == ModelCard(
            "cn-bank", AS_OF, {"fell": 0.2, "same": 0.3, "rose": 0.5}, {"balances": quality}
        )
        with pytest.raises(DeliveryRefusedError, match="There is no model file"):
            ReportService(store).report(model=tmp_path / "nothing")


def test_an_earlier_report_knows_nothing_of_later_days(bank: str) -> None:
    found = report(bank, until=AS_OF)
    assert isinstance(found, SegmentReport)
    assert (found.as_of, found.migration, found.drift) == (AS_OF, None, None)


def test_a_small_young_bank_has_a_report_too_and_it_says_when_the_policy_has_changed_since(
    database_url: str, vault: Vault, tmp_path: Path
) -> None:
    write_delivery(tmp_path / "delivery", PEOPLE[:9])
    import_folder(database_url, vault, tmp_path / "delivery")
    segment(database_url)
    change(database_url, "margin=0.7")
    found = report(database_url)
    assert isinstance(found, SegmentReport)
    assert (found.is_current, found.grouping, found.drift) == (False, None, None)
    assert all(group.suppressed for group in found.fairness.groups)


def test_no_report_without_a_run_and_none_against_a_run_that_is_not_there(bank: str) -> None:
    assert report(bank, until=date(2019, 1, 1)) is ReportRefusal.NO_RUN
    assert report(bank, since=date(2019, 1, 1)) is ReportRefusal.NO_EARLIER_RUN
    assert report(bank, since=NEXT) is ReportRefusal.NO_EARLIER_RUN
    assert isinstance(report(bank, since=AS_OF), SegmentReport)


def test_the_report_is_json_and_the_same_every_time(bank: str) -> None:
    first, second = report(bank), report(bank)
    assert isinstance(first, SegmentReport)
    assert isinstance(second, SegmentReport)
    text = json.dumps(first.as_json(), allow_nan=False, ensure_ascii=False)
    assert text == json.dumps(second.as_json(), allow_nan=False, ensure_ascii=False)
    assert json.loads(text)["valuable"][0]["number"] == first.valuable[0].number
