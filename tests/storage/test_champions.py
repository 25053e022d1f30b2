"""Models that say the potential: judged on a later window, used after it, demoted by a worse one; never a letter."""

import asyncio
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from campaigns.customers.champions import Candidate, ChampionService, ModelNotFoundError, Standing, Why
from campaigns.customers.evaluations import evaluate_outlook
from campaigns.customers.intake import IntakeReport, IntakeService
from campaigns.customers.reporting import champion_card
from campaigns.customers.segments import SegmentationRun, SegmentService
from campaigns.members.model import Language
from handlers.wording.segments import reason_words
from segmentation.outlook.respects import RESPECTS
from storage.intakes import open_intakes
from storage.portraits import portrait_of
from storage.reports import open_reports
from storage.segments import open_segments
from storage.vault import Vault
from tests.segmentation.quarters import AFTER, NEXT_AS_OF, OUTCOME, quarters_with_model

NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)
LATER = datetime(2026, 4, 5, 9, tzinfo=UTC)
ZONE = "Asia/Shanghai"


class Unwatched:
    """A watcher who looks away."""

    def expect(self, steps: int) -> None: ...

    def begin(self, step: str) -> None: ...


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three quarters, and a model of the first."""
    return quarters_with_model(tmp_path_factory.getbasetemp())


@pytest.fixture
def imported(place: Path, database_url: str, vault: Vault) -> Callable[[str, date], None]:
    def deliver(quarter: str, as_of: date) -> None:
        with open_intakes(database_url, vault) as store:
            found = IntakeService(store, Unwatched(), NOW).import_delivery(place / quarter, "cn-bank", as_of, 0.0)
        assert isinstance(found, IntakeReport), str(found)

    return deliver


def segment(
    url: str, known_by: datetime | None = None, now: datetime = LATER
) -> tuple[SegmentationRun, dict[str, tuple[str, float]]]:
    """The run of the latest day, and letter and potential of every customer."""
    with open_segments(url, ZONE, known_by=known_by) as store:
        run = SegmentService(store, now).segment()
        assert run is not None
        return run, {line.number: (line.letter, line.potential) for line in store.lists.lines(run.id)}


@pytest.fixture(scope="module")
def candidate(place: Path) -> Candidate:
    """The model as the window of the next quarter shows it."""
    outcome = next((place / "q4").glob(f"{OUTCOME}*"))
    return evaluate_outlook(place / "q4", "cn-bank", outcome, NEXT_AS_OF, place / "model", max_rejected=0.0)[1]


def accept(url: str, found: Candidate, now: datetime = NOW) -> None:
    with open_segments(url, ZONE) as store:
        ChampionService(store.champions, now).keep(found, "head of retail")


def worse(found: Candidate) -> Candidate:
    """The same model on a window after, where it did not win."""
    return Candidate(**{**vars(found), "as_of": date(2020, 1, 31), "outcome": "b" * 64, "holds": False})


def test_an_accepted_model_says_the_potential_with_reasons_and_no_letter_moves(
    candidate: Candidate, database_url: str, imported: Callable[[str, date], None]
) -> None:
    imported("q4", NEXT_AS_OF)
    imported("q1", AFTER)
    plain_run, plain = segment(database_url, now=NOW)
    assert plain_run.report["potential"]["why"] == Why.NO_MODEL
    accept(database_url, candidate)
    run, told = segment(database_url)
    said = run.report["potential"]
    assert (said["from"], said["why"], said["judged_on"]) == ("model", Why.BEATS_HEURISTIC, NEXT_AS_OF.isoformat())
    assert {number: letter for number, (letter, _) in told.items()} == {
        number: letter for number, (letter, _) in plain.items()
    }
    assert {number: score for number, (_, score) in told.items()} != {n: score for n, (_, score) in plain.items()}
    ranked, kept = (sorted(score for _, score in found.values()) for found in (told, plain))
    assert ranked == pytest.approx(kept, abs=0.011)
    assert (segment(database_url)[0].id, segment(database_url)[0].report["potential"]) == (run.id, said)
    with open_reports(database_url, ZONE) as store:
        card = champion_card(run, store.champions.models())
    assert card is not None
    assert (card.why, card.model, card.judged_on) == (Why.BEATS_HEURISTIC, said["model"], NEXT_AS_OF)
    assert card.lead["heuristic"]["low"] > 0
    portrait = asyncio.run(portrait_of(database_url, next(iter(told))))
    assert portrait is not None
    assert {reason.code for reason in portrait.potential_reasons} <= set(RESPECTS)
    assert "潜在价值" in reason_words(portrait.potential_reasons[0], Language.ZH)


def test_a_run_of_the_judged_window_itself_keeps_the_heuristic(
    candidate: Candidate, database_url: str, imported: Callable[[str, date], None]
) -> None:
    imported("q4", NEXT_AS_OF)
    accept(database_url, candidate)
    run, _ = segment(database_url)
    assert (run.report["potential"]["from"], run.report["potential"]["why"]) == ("heuristic", Why.NOT_JUDGED)
    assert run.key.model is None


def test_a_later_window_demotes_a_model_and_a_look_back_still_shows_it_in_use(
    candidate: Candidate, database_url: str, imported: Callable[[str, date], None]
) -> None:
    imported("q1", AFTER)
    found = candidate
    accept(database_url, found)
    assert segment(database_url)[0].key.model == found.digest
    accept(database_url, worse(found), LATER)
    run, _ = segment(database_url)
    assert (run.key.model, run.report["potential"]["why"]) == (None, Why.NOT_BETTER)
    assert segment(database_url, known_by=NOW)[0].key.model == found.digest


def test_a_retired_model_is_known_and_unused_and_comes_back_when_accepted_again(
    candidate: Candidate, database_url: str
) -> None:
    found = candidate
    accept(database_url, found)
    with open_segments(database_url, ZONE) as store:
        service = ChampionService(store.champions, LATER)
        assert service.retire(found.digest[:8], "risk").standing() is Standing.RETIRED
        with pytest.raises(ModelNotFoundError, match="0 models"):
            service.retire("nothing", "risk")
        assert service.keep(found, "head of retail").standing() is Standing.ACTIVE
        assert len(service.models()[0].judgements) == 1


def test_a_kept_body_that_cannot_be_read_falls_back_to_the_heuristic(
    candidate: Candidate, database_url: str, imported: Callable[[str, date], None]
) -> None:
    imported("q1", AFTER)
    accept(database_url, Candidate(**{**vars(candidate), "digest": "c" * 64, "body": b"PK and nothing else"}))
    run, _ = segment(database_url)
    assert (run.report["potential"]["from"], run.report["potential"]["why"]) == ("heuristic", Why.NOT_USABLE)
