"""Whether a promotion worked: an effect that is there is found, none is invented, a broken assignment blocks all."""

import json
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text

from bot.app import App
from bot.commands import results
from bot.commands.exits import REFUSED
from bot.operations import OperationRefusedError
from bot.operations.results import ResultOffice
from campaigns.members.model import Language
from campaigns.promotions.conclusions import read_conclusion
from campaigns.promotions.files import EXAMPLE
from campaigns.promotions.model import Version
from campaigns.results.model import HELD_OUT, Step, Why
from handlers.pages.results.page import compose_page
from handlers.pictures.results import results_png
from handlers.wording.conclusions import conclusion
from storage.results import SqlResultStore
from tests.bot.conftest import Types
from tests.promotion_people import AUTHOR, fill

NOW = datetime(2030, 10, 30, 4, tzinfo=UTC)
SENT = datetime(2030, 11, 1, 2, tzinfo=UTC)
LATER = datetime(2031, 1, 5, 4, tzinfo=UTC)
PEOPLE, CODE = 600, "autumn-steady"
CATALOGUE = Path(__file__).parents[2] / "campaigns" / "catalogue" / "example.yaml"

# Customers in turn: one of ten held out, the others in two arms; the last two digits of the number decide what they do.
RECIPIENTS = """INSERT INTO promotion_recipients
        (promotion_id, version, customer_id, member_id, letter, place, arm, channel, assigned_at)
    SELECT :promotion, 1, id, 1000 + n, 'A', CASE WHEN n % 10 < :held THEN 'held_out' ELSE 'arm' END,
        CASE WHEN n % 10 < :held THEN NULL WHEN n % 2 = 1 THEN 'lecture' ELSE 'review' END, 'private', :sent
    FROM (SELECT id, right(number, 8)::int AS n FROM customers) c"""
# At the later delivery some hold wealth products: of an arm `effect` of every 100 more than of the held-out.
AFTER = """INSERT INTO customer_snapshots (as_of, customer_id, structured_deposit, time_deposit, demand_deposit,
        wealth_products, funds, asset_plans, large_certificates, loans, has_activity)
    SELECT '2030-12-31', r.customer_id, 0, 0, b.demand_deposit, CASE WHEN (right(number, 8)::int * 37) % 100
        < 10 + CASE WHEN r.arm = 'lecture' THEN :effect ELSE 0 END THEN 5000000 ELSE 0 END, 0, 0, 0, 0, false
    FROM promotion_recipients r JOIN customers c ON c.id = r.customer_id
    JOIN customer_snapshots b ON b.customer_id = c.id AND b.as_of = '2030-10-30'"""
SENDINGS = """INSERT INTO deliveries (campaign, step, recipient, kind, method, payload, state, priority, due_at, pin,
        attempts, repeats, awaits_release, planned_at, ended_at)
    SELECT :campaign, 'v1:' || arm, member_id, 'marketing', 'sendMessage', '{}', 'sent', 5, :sent, false, 1, 0, false,
        :sent, :sent FROM promotion_recipients WHERE place = 'arm'"""
ANSWERS = """INSERT INTO followups (mark, customer_id, owner_id, source, ref, why, opened_at, due_at, deferrals, state)
    SELECT gen_random_uuid(), customer_id, 1, 'offer_answered', :campaign, '', :sent, :sent, 0, 'open'
    FROM promotion_recipients WHERE place = 'arm' AND arm = 'lecture'"""

# The first hundred claim a voucher within the window, held out or not; the next hundred did before it began.
VOUCHERS = (
    """INSERT INTO voucher_versions (version, body, made_by, made_at, reason)
        VALUES (1, '{}', 'tests', now(), 'tests')""",
    """INSERT INTO voucher_stocks (code, stock, budget_fen, liability_fen, issued, open, redeemed, expired, clawed_back,
        open_fen, redeemed_fen, clawed_back_fen) VALUES ('visa', 200, 2000, 2000, 200, 200, 0, 0, 0, 2000, 0, 0)""",
    """INSERT INTO vouchers (version, code, customer_id, member_id, value_fen, need_fen, claimed_at, counts_from,
        last_day, expires_at, state, progress_fen)
    SELECT 1, 'visa', customer_id, member_id, 10, 10, :sent + interval '1 day' * CASE WHEN member_id <= 1100 THEN 1 ELSE
        -1 END, '2030-11-01', '2030-12-01', '2030-12-31', 'claimed', 0
    FROM promotion_recipients WHERE member_id BETWEEN 1001 AND 1200""",
)


async def play(app: App, url: str, *, held: int = 1, effect: int = 0) -> Version:
    """A promotion that was sent, answered and followed by a delivery of the bank; its version is closed."""
    fill(url, PEOPLE, NOW, willing=True)
    async with app.database.unit_of_work() as uow:
        await app.services(uow).catalogue.load(CATALOGUE.read_text("utf-8"), "tests", "a beginning")
    async with app.database.unit_of_work() as uow:
        version = await app.services(uow).promotions.load(EXAMPLE.read_text("utf-8"), AUTHOR)
        assert isinstance(version, Version)
        facts = {
            "promotion": version.promotion_id,
            "campaign": version.campaign,
            "sent": SENT,
            "held": held,
            "effect": effect,
        }
        closed = """UPDATE promotion_versions SET state = 'closed', submitted_at = :sent, ended_at = :sent
            WHERE promotion_id = :promotion"""
        for statement in (RECIPIENTS, AFTER, SENDINGS, ANSWERS, *VOUCHERS, closed):
            await uow.session.execute(text(statement), {k: v for k, v in facts.items() if f":{k}" in statement})
    return version


@pytest.fixture(autouse=True)
def in_october(tmp_path: Path) -> None:
    """The product's clock stands still at the day on which the promotion is written."""
    anchor = {"anchor_real": 0, "anchor_domain": NOW.isoformat(), "rate": 0}
    (tmp_path / "clock.json").write_text(json.dumps(anchor), "utf-8")


async def test_an_effect_is_found_beside_targets_and_cost_and_concluded_once(app: App, database_url: str) -> None:
    version = await play(app, database_url, effect=25)
    async with app.database.unit_of_work() as uow:
        found = await ResultOffice(uow, app.world.settings, lambda: LATER).conclude(CODE, "分析师王")
    assert found.course.units == {HELD_OUT: 60, "lecture": 300, "review": 240}
    assert (found.window.before, found.window.after) == (date(2030, 10, 30), date(2030, 12, 31))
    assert (found.course.reached, found.course.participants) == (540, 340)
    assert found.course.took_part == {HELD_OUT: 10, "lecture": 300, "review": 40}
    took, converted, growth = found.aims
    assert (took.value, took.is_met) == (340 / 540, True)
    assert (converted.value, converted.is_met) == (106 / 340, False)
    assert growth.is_met is False
    said = [(each.step, each.why, each.subject) for each in found.proposals]
    assert (Step.KEEP, Why.ARM_WORKS, "lecture") in said
    assert (Step.CHANGE, Why.NOTHING_FOUND, "review") in said
    gain = next(each for each in found.gains if each.arm == "lecture")
    assert gain.accounts == pytest.approx(75, abs=15)
    assert 0 < gain.accounts_interval.low < gain.accounts < gain.accounts_interval.high
    shown = compose_page(found)
    assert "扣除活动前资产后" in shown
    assert "“lecture” lifts conversion by" in shown
    assert results_png(found).startswith(b"\x89PNG")
    assert json.loads(json.dumps(found.as_json()))["aims"][0]["is_met"] is True
    async with app.database.unit_of_work() as uow:
        kept = await SqlResultStore(uow).concluded(version.promotion_id)
        assert kept is not None
        figures = conclusion(kept, version, ZoneInfo("Asia/Shanghai"), Language.ZH)
        assert f"· 参与率：{340 / 540:.1%}（95% 区间" in figures
        assert "· lecture（300 人）：+2" in figures
        assert "样本比例检验：通过（p = " in figures
        assert await uow.session.scalar(text("SELECT state FROM promotion_versions")) == "evaluated"
        assert await uow.session.scalar(text("SELECT body ->> 'code' FROM promotion_results")) == CODE
        with pytest.raises(OperationRefusedError, match="only a closed one is concluded"):
            await ResultOffice(uow, app.world.settings, lambda: LATER).conclude(CODE, "分析师王")


async def test_people_who_did_not_fall_as_planned_block_the_result(app: App, database_url: str) -> None:
    version = await play(app, database_url, held=3, effect=25)
    async with app.database.unit_of_work() as uow:
        found = await ResultOffice(uow, app.world.settings, lambda: LATER).result(CODE)
    assert found.evaluation is not None
    assert found.evaluation.sample_ratio.p < 0.001
    kept = read_conclusion(1, LATER, "分析师王", found.as_json())
    assert (kept.is_blocked, kept.arms) == (True, ())
    assert "差异不可信" in conclusion(kept, version, ZoneInfo("Asia/Shanghai"), Language.ZH)
    assert found.gains == ()
    assert [(each.step, each.why) for each in found.proposals] == [(Step.STOP, Why.BLOCKED)]


def test_what_cannot_be_read_is_refused_with_a_sentence(command_line: Types) -> None:
    types = partial(command_line, results.commands)
    for arguments, sentence in (
        (("nothing-like-it",), "There is no such promotion"),
        (("nothing-like-it", "--out", "nowhere"), "There is no folder nowhere"),
        (("nothing-like-it", "--conclude"), "say who does it with --by NAME"),
    ):
        code, said = types(*arguments)
        assert (code, sentence in said) == (REFUSED, True), said
