"""What reviewers, compliance and operators read is whole where it matters, however much there is of it."""

from dataclasses import replace
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from zoneinfo import ZoneInfo

from rich.console import Console

from campaigns.catalogue.files import read_catalogue
from campaigns.catalogue.model import Change, Edition
from campaigns.channels.model import ChannelPolicy
from campaigns.halts.model import Aim, Halt, HaltState, Held, Scope
from campaigns.members.model import Language
from campaigns.promotions.dry_runs import Check, DryRun
from campaigns.promotions.faults import CheckCode, CheckFault
from campaigns.promotions.files import EXAMPLE, read_promotion
from campaigns.promotions.model import PromotionState, Version
from campaigns.promotions.sending import Sending
from campaigns.results.model import Proposal, Step, Why
from campaigns.reviews.model import Sheet
from campaigns.watches.model import Finding, Look, Signal
from handlers.terminal.halts import print_halts
from handlers.wording.halts import listing
from handlers.wording.results import proposal_words
from handlers.wording.reviews import sheet
from handlers.wording.watches import WatchWords

CATALOGUE = Path(__file__).parents[2] / "campaigns" / "catalogue" / "example.yaml"
ZONE, NOW = ZoneInfo("Asia/Shanghai"), datetime(2030, 10, 30, 4, tzinfo=UTC)


def test_a_sheet_tells_what_the_check_found_however_long_the_changes_are() -> None:
    edition = Edition(3, read_catalogue(CATALOGUE.read_text("utf-8")), "tests", NOW, "a beginning")
    plan = read_promotion(EXAMPLE.read_text("utf-8"), edition, ChannelPolicy(), ZONE).plan
    version = Version(1, "autumn-steady", 2, PromotionState.CHECKED, plan, "0" * 64, 1, NOW)
    run = DryRun(version, 7, 0, (), {}, (), None, {}, Sending(NOW))
    long = tuple(Change(f"copies.{arm}.text.zh", "旧" * 1_000, "新" * 1_000) for arm in "abc")
    fault = CheckFault(CheckCode.OVER_BUDGET, {**dict.fromkeys(("cost", "cap", "yuan"), 3)})
    for language in Language:
        said = sheet(Sheet(version, "李敏", (), long, (), Check((fault,), run)), ZONE, language)
        assert len(said) <= 4096
        assert "5,000" in said  # The budget.
        assert said.endswith("…")
    short = sheet(Sheet(replace(version, number=1), "李敏", (), (), (), Check((), run)), ZONE, Language.ZH)
    assert "第一版" in short


def test_a_look_of_hundreds_of_findings_fits_a_message_and_tells_first_what_is_held() -> None:
    told = [Finding(Signal.REFUSALS, f"journey:{'x' * 186}{at}", 0.75, 0.5) for at in range(300)]
    held = Finding(Signal.OPT_OUTS, "promotion:9", 0.02, 0.01, holds=True)
    look = Look(NOW, (*told, held), 3, 0)
    for language in Language:
        alert = WatchWords().alert(look, language)
        assert len(alert.text) <= 4096
        assert "promotion:9" in alert.text.splitlines()[1]
        assert "301" in alert.text.splitlines()[0]
        assert [[button.label for button in row] for row in alert.buttons] == [["▶"]]


def test_many_stops_with_long_reasons_fit_a_message_whole_and_say_how_many_are_left() -> None:
    aim = Aim(Scope.CAMPAIGN, "journey:" + "x" * 186)
    held = [Held(Halt(at, aim, "因" * 200, "风险监测 risk watch", NOW, HaltState.STANDING), 10**6) for at in range(40)]
    for language in Language:
        shown = listing(held, ZONE, language)
        assert len(shown.text) <= 4096
        assert "32" in shown.text.splitlines()[-1]
        assert len(shown.buttons) == shown.text.count("因" * 200) == 8


def test_a_reason_with_brackets_stands_in_the_table_as_it_was_written() -> None:
    halt = Halt(1, Aim(Scope.CAMPAIGN, "promotion:1"), "price [/] is [bold] wrong", "ops", NOW, HaltState.STANDING)
    out = StringIO()
    print_halts([Held(halt, 3)], Console(file=out, width=200))
    assert "price [/] is [bold] wrong" in out.getvalue()


def test_an_arm_that_harms_is_told_without_a_double_negative() -> None:
    figures = {"difference": -0.02, "low": -0.03, "high": -0.01, "smallest": 0.01}
    said = [proposal_words(Proposal(Step.STOP, Why.ARM_HARMS, "plain", figures), each) for each in Language]
    assert ["下降 -" in said[0], "lowers conversion by -" in said[1]] == [False, False]
    assert "-2.0%" in said[0]
