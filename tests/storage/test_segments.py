"""Runs over several days on a real PostgreSQL: letters that hold, tenure, lists, migration, portraits, policies."""

from pathlib import Path

import psycopg
import pytest

from campaigns.customers.policies import PolicyService
from segmentation.policy import PolicyError
from segmentation.synthetic import AS_OF, DEPOSITS, Person, invent_people, write_csv, write_delivery
from storage.database import UnitOfWork
from storage.portraits import SqlPortraitStore
from storage.segments import open_segments
from storage.vault import Vault
from tests.storage.runs import NEXT, NOW, ZONE, change, deliver_next, import_folder, letters, segment

PEOPLE = invent_people(80)


@pytest.fixture
def bank(database_url: str, vault: Vault, tmp_path: Path) -> str:
    """A database with 80 customers of one quarter."""
    write_delivery(tmp_path / "delivery", PEOPLE)
    import_folder(database_url, vault, tmp_path / "delivery")
    return database_url


def test_the_first_run_fits_the_scaler_and_later_ones_use_it(bank: str, vault: Vault, tmp_path: Path) -> None:
    first = segment(bank)
    deliver_next(bank, vault, tmp_path / "next", PEOPLE[:40], {})
    second = segment(bank)
    assert (first.key.policy_version, second.key.policy_version) == (1, 1)
    assert first.report["scaler"] == second.report["scaler"]
    assert second.report["scaler"]["fitted_on"] == AS_OF.isoformat()
    assert second.key.previous == first.id
    with open_segments(bank, ZONE) as store:
        [entry] = PolicyService(store, NOW).history()
    assert (entry.made_by, entry.note) == ("segment", f"scaler fitted on the delivery of {AS_OF}")


def test_a_letter_holds_within_the_margin_and_goes_past_it(bank: str, vault: Vault, tmp_path: Path) -> None:
    """The steps that the first run promises are where the second run's letters change."""
    run = segment(bank)
    with open_segments(bank, ZONE) as store:
        lines = {line.number: line for line in store.lists.lines(run.id)}
    assets = {p.number: sum(float(p.aum[at]) for at in (0, 1, 2, 3, 4, 5, 7)) for p in PEOPLE}
    steps = {
        number: line.steps[0]
        for number, line in lines.items()
        if line.steps and 1e5 < line.steps[0]["change_fen"] < 1e11
    }
    some = sorted(steps)[:12]
    past, short = some[:6], some[6:]
    moved = {n: assets[n] + steps[n]["change_fen"] / 100 for n in past}
    moved |= {n: assets[n] + steps[n]["change_fen"] / 100 - 2 for n in short}
    deliver_next(bank, vault, tmp_path / "next", PEOPLE, {n: int(yuan) for n, yuan in moved.items()})
    after = letters(bank, segment(bank))
    assert {n: after[n] for n in past} == {n: steps[n]["letter"] for n in past}
    assert {n: after[n] for n in short} == {n: lines[n].letter for n in short}


def test_a_recomputed_day_is_the_same_to_the_last_bit(bank: str, vault: Vault, tmp_path: Path) -> None:
    segment(bank)
    deliver_next(bank, vault, tmp_path / "next", PEOPLE, {p.number: 900_000 for p in PEOPLE[:20]})
    run = segment(bank)
    with open_segments(bank, ZONE) as store:
        said = list(store.lists.lines(run.id))
    with psycopg.connect(bank) as connection:
        connection.execute("DELETE FROM customer_classes")
        connection.execute("DELETE FROM frozen_days")
        connection.execute("DELETE FROM segmentation_runs")
    segment(bank, AS_OF)
    again = segment(bank)
    with open_segments(bank, ZONE) as store:
        assert list(store.lists.lines(again.id)) == said
    assert again.report == run.report


def test_who_first_appears_in_a_later_statement_is_new_and_provisional(bank: str, vault: Vault, tmp_path: Path) -> None:
    newcomer, before = PEOPLE[5], [p for p in PEOPLE if p is not PEOPLE[5]]
    rows = [(p.number, f"{p.deposit:.2f}", "1") for p in before]
    write_csv(tmp_path / "corrected", "deposits_2019m07", DEPOSITS, rows, compress=False)
    import_folder(bank, vault, tmp_path / "corrected")
    run = segment(bank)
    with open_segments(bank, ZONE) as store:
        provisional = {line.number: line.lifecycle for line in store.lists.lines(run.id) if line.provisional}
    assert provisional == {newcomer.number: "new"}
    assert run.report["provisional"] == 1


def test_age_cards_channels_and_the_first_day_count_where_they_are_delivered(bank: str) -> None:
    with psycopg.connect(bank) as connection:
        connection.execute(
            """UPDATE customer_snapshots s SET birth_date = as_of - ((20 + n % 50) * 365.25)::int - 20, cards = n % 3,
                   counter_uses = n % 7, atm_uses = 1, transfer_uses = 1, online_uses = 1,
                   customer_since = CASE WHEN n <= 3 THEN as_of - 100 ELSE as_of - 4000 END
               FROM (SELECT customer_id, (row_number() OVER (ORDER BY customer_id))::int AS n
                   FROM customer_snapshots) placed
               WHERE placed.customer_id = s.customer_id"""
        )
    run = segment(bank)
    assert run.report["left_out"] == {}
    assert run.report["provisional"] == 3
    with open_segments(bank, ZONE) as store:
        frame = store.snapshots(AS_OF)
        lines = list(store.lists.lines(run.id))
    assert sorted(frame["age"]) == sorted(20 + n % 50 for n in range(1, 81))
    assert frame["counter_share"].max() == pytest.approx(6 / 9)
    assert max(line.confidence for line in lines) == 1
    assert {reason.code for line in lines for reason in line.reasons} >= {"age", "assets", "activity"}


def test_somebody_whom_the_deposits_knew_before_the_sample_did_is_not_new(
    bank: str, vault: Vault, tmp_path: Path
) -> None:
    known = Person("0xc0000001", "A", PEOPLE[0].aum, PEOPLE[0].behavior, PEOPLE[0].deposit)
    rows = [(p.number, "5.00", "1") for p in (*PEOPLE, known)]
    write_csv(tmp_path / "next", "deposits_2019q4", DEPOSITS, rows, compress=False)
    deliver_next(bank, vault, tmp_path / "next", [*PEOPLE, known], {})
    run = segment(bank)
    with open_segments(bank, ZONE) as store:
        stages = {line.number: line.provisional for line in store.lists.lines(run.id)}
    assert stages[known.number] is False


def test_the_lists_name_whom_they_promise(bank: str) -> None:
    change(bank, "watch_line=1", "churn_line=5")
    run = segment(bank)
    with open_segments(bank, ZONE) as store:
        lists = store.class_lists(run, 100)
        valued = store.lists.most_valuable(run.id, 5)
    by_letter = {entry["letter"]: entry["customers"] for entry in run.summary}
    assert {line.letter for line in lists.watched} == {"B"}
    assert len(lists.watched) == run.report["watched"]
    assert (len(lists.to_develop), {line.letter for line in lists.to_develop}) == (by_letter["C"], {"C"})
    scores = [line.development or 0 for line in lists.to_develop]
    assert scores == sorted(scores, reverse=True)
    assert len(lists.apart) == run.report["apart_from_quadrant"]
    assert all(line.letter != line.quadrant for line in lists.apart)
    worth = [line.current_value or 0 for line in valued]
    assert (len(worth), worth) == (5, sorted(worth, reverse=True))
    assert all(len(line.reasons) == 3 for line in valued)


def test_migration_counts_who_moved_who_came_and_who_left(bank: str, vault: Vault, tmp_path: Path) -> None:
    first = segment(bank)
    rich = next(p for p in PEOPLE if p.letter == "A")
    newcomer = Person("0x00000001", "A", PEOPLE[0].aum, PEOPLE[0].behavior, 1.0)
    deliver_next(bank, vault, tmp_path / "next", [*PEOPLE[:-1], newcomer], {rich.number: 9_000_000})
    second = segment(bank)
    with open_segments(bank, ZONE) as store:
        earlier = store.run_of(AS_OF)
        assert earlier == (first.id, AS_OF)
        found = store.lists.migration(earlier, (second.id, NEXT))
    assert found.matrix["A"]["B"] == 1
    assert sum(found.matrix["–"].values()) == 1
    assert sum(row["–"] for row in found.matrix.values()) == 1
    assert found.kept == round(78 / 79, 4)


async def test_a_portrait_says_everything_and_its_parts_add_up(bank: str, uow: UnitOfWork) -> None:
    segment(bank)
    store = SqlPortraitStore(uow)
    found = await store.portrait(PEOPLE[1].number)
    assert found is not None
    assert (found.letter, found.as_of, found.missing, len(found.reasons)) == ("B", AS_OF, ("deposits",), 3)
    assert found.gap == pytest.approx(sum(reason.points for reason in found.reasons), abs=0.01)
    assert sum(found.value_parts.values()) == found.current_value
    assert {step.letter for step in found.steps} <= set("ACD")
    assert set(found.left_out) == {"age", "counter", "cards"}
    assert [past.as_of for past in found.history] == [AS_OF]
    assert await store.portrait("nobody") is None


async def test_history_has_one_letter_a_day_the_latest_first(
    bank: str, vault: Vault, tmp_path: Path, uow: UnitOfWork
) -> None:
    segment(bank)
    change(bank, "margin=0.1")
    segment(bank)
    deliver_next(bank, vault, tmp_path / "next", PEOPLE, {PEOPLE[0].number: 9_000_000})
    segment(bank)
    found = await SqlPortraitStore(uow).portrait(PEOPLE[0].number)
    assert found is not None
    assert [(past.as_of, past.letter) for past in found.history] == [(NEXT, "B"), (AS_OF, "A")]


def test_what_if_counts_the_letters_that_the_change_then_moves(bank: str) -> None:
    before = letters(bank, segment(bank))
    setting = "prototypes.B.assets=3"
    with open_segments(bank, ZONE) as store:
        service = PolicyService(store, NOW)
        found = service.what_if([setting])
        assert service.show().version == 1
    change(bank, setting)
    after = letters(bank, segment(bank))
    moved = sum(before[number] != after[number] for number in before)
    assert found.moving["letter"] == moved > 0
    assert sum(heads for a, row in found.matrix.items() for b, heads in row.items() if a != b) == moved
    assert found.changes == {"prototypes.B.assets": (1.2, 3)}


def test_a_change_keeps_who_when_and_why_and_the_same_again_keeps_nothing(bank: str) -> None:
    segment(bank)
    with open_segments(bank, ZONE) as store:
        service = PolicyService(store, NOW)
        first = service.change(["gate_fen=60000000"], "王芳", "600,000 from October on")
        again = service.change(["gate_fen=60000000"], "王芳", "")
        entry = service.history()[0]
    assert (first.version, again.version) == (2, 2)
    assert (entry.version, entry.made_by, entry.made_at, entry.note) == (2, "王芳", NOW, "600,000 from October on")


def test_the_scaler_is_estimated_again_only_when_asked(bank: str, vault: Vault, tmp_path: Path) -> None:
    segment(bank)
    deliver_next(bank, vault, tmp_path / "next", PEOPLE, {p.number: 300_000 for p in PEOPLE[:30]})
    with open_segments(bank, ZONE) as store:
        service = PolicyService(store, NOW)
        tried = service.what_if([], refitted=True)
        made = service.change([], "head of retail", "", refitted=True)
    assert "scaler.centre.assets" in tried.changes
    assert made.policy.scaler is not None
    assert (made.version, made.policy.scaler.fitted_on) == (2, NEXT.isoformat())


def test_a_policy_is_tried_on_customers_only(database_url: str) -> None:
    with open_segments(database_url, ZONE) as store:
        service = PolicyService(store, NOW)
        assert service.show().version == 0
        with pytest.raises(PolicyError, match="import a delivery first"):
            service.what_if(["margin=1"])
        with pytest.raises(PolicyError, match="no version 7"):
            service.show(7)
