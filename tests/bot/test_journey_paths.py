"""The shipped journeys, each on its course: what is said when, who has something to do, how it ends."""

from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.app import App
from campaigns.events.model import EventKind
from tests.bot.journey_town import NOON, RUN, Town

SHANGHAI = ZoneInfo("Asia/Shanghai")
LATER_RUN = "00000000-0000-0000-0000-000000000002"
OPEN_TO_ALL = "\nhold_out: 0\n"


@pytest.fixture
async def town(app: App, tmp_path: Path) -> Town:
    """A town without customers yet."""
    return await Town(app, tmp_path / "clock.json").opens()


async def runs(town: Town, name: str) -> str:
    """A shipped journey without its hold-out, so that everybody hears it."""
    words = (Path("campaigns/journeys") / f"{name}.yaml").read_text("utf-8")
    return await town.runs(words if "hold_out:" in words else words.replace("\nsteps:\n", f"{OPEN_TO_ALL}steps:\n"))


async def classes_change(town: Town, number: int, letter: str, lifecycle: str = "mature") -> None:
    """A later run puts a customer somewhere else."""
    await town.does(
        "INSERT INTO segmentation_runs VALUES (:run, '2026-11-01', 'lines-1', 1, repeat('1', 64), :now, '[]')",
        run=LATER_RUN,
        now=town.now,
    )
    await town.does(
        """INSERT INTO customer_classes (run_id, customer_id, letter, current, potential, reasons, confidence, missing,
            lifecycle) SELECT :later, customer_id, :letter, 50, 50, '[]', 1, '{}', :lifecycle FROM customer_classes
            WHERE run_id = :run AND customer_id = :id""",
        later=LATER_RUN,
        run=RUN,
        id=town.customers[number],
        letter=letter,
        lifecycle=lifecycle,
    )


async def test_a_delivered_card_is_explained_after_three_days_and_called_about_after_ten(town: Town) -> None:
    name = await runs(town, "card-not-activated")
    for number in (11, 12):
        await town.customer(number)
        await town.happens(EventKind.CARD_DELIVERED, number)
    await town.ticks()
    await town.happens(EventKind.CARD_ACTIVATED, 12)
    await town.passes(days=3)
    assert (await town.ends(name), len(await town.said(name)), await town.said(name, 12)) == ([None, "reached"], 1, [])
    await town.passes(days=7)
    assert await town.tasks() == 1
    await town.passes(days=14)
    assert await town.ends(name) == ["completed", "reached"]


async def test_a_paused_fund_plan_is_asked_about_at_ten_of_those_whose_risk_is_known(town: Town) -> None:
    name = await runs(town, "fund-plan-paused")
    await town.customer(11, "B", risk="C3")
    await town.customer(12, "B")
    for number in (11, 12):
        await town.happens(EventKind.FUND_PLAN_PAUSED, number)
    await town.ticks()
    assert (await town.ends(name), await town.said(name)) == ([None], [])
    assert await town.rows("SELECT due_at FROM journey_entries") == [(datetime(2026, 11, 3, 10, tzinfo=SHANGHAI),)]
    await town.passes(hours=22)
    [words] = await town.said(name)
    assert "理财非存款、产品有风险、投资须谨慎" in words
    assert await town.rows("SELECT product, risk FROM deliveries WHERE campaign = :n", n=f"journey:{name}") == [
        ("fund-plan", 3)
    ]
    await town.passes(days=14)
    assert (await town.ends(name), await town.tasks()) == (["completed"], 1)


async def test_a_look_at_study_abroad_brings_the_waiver_in_the_evening_and_the_manager_after_a_week(town: Town) -> None:
    name = await runs(town, "study-abroad")
    for number, letter in ((11, "C"), (12, "D")):
        await town.customer(number, letter)
        await town.happens(EventKind.PAGE_VIEWED, number, payload={"page": "study-abroad"})
        await town.happens(EventKind.PAGE_VIEWED, number, payload={"page": "loans"})
    await town.ticks()
    await town.passes(hours=6.5)
    [words] = await town.said(name)
    assert "免手续费" in words
    assert "保险" in words
    await town.passes(days=7)
    assert (await town.ends(name), await town.tasks()) == (["completed", "completed"], 1)


async def test_a_large_inflow_is_a_task_within_a_day_for_a_and_b_and_a_word_for_the_others(town: Town) -> None:
    name = await runs(town, "large-inflow")
    for number, letter in ((11, "A"), (12, "D")):
        await town.customer(number, letter)
        await town.happens(EventKind.LARGE_INFLOW, number, amount=15_000_000)
    await town.ticks()
    assert (await town.tasks(), await town.said(name, 11), len(await town.said(name, 12))) == (1, [], 1)
    [(due,)] = await town.rows("SELECT due_at FROM followups")
    assert due == datetime(2026, 11, 3, 18, tzinfo=SHANGHAI)
    await town.passes(days=30)
    assert await town.ends(name) == ["completed", "completed"]


async def test_a_birthday_is_greeted_at_nine_and_one_of_the_29th_of_february_too(town: Town) -> None:
    name = await runs(town, "birthday")
    await town.customer(11, born=date(1980, 11, 3))
    await town.customer(12, born=date(1980, 11, 5))
    await town.customer(13, born=date(1988, 2, 29))
    town.at(datetime(2026, 11, 3, 0, 1, tzinfo=SHANGHAI))
    await town.ticks()
    assert await town.said(name) == []
    town.at(datetime(2026, 11, 3, 9, tzinfo=SHANGHAI))
    await town.ticks()
    assert (len(await town.said(name)), await town.said(name, 12)) == (1, [])
    town.at(datetime(2027, 2, 28, 9, tzinfo=SHANGHAI))
    await town.ticks()
    assert len(await town.said(name, 13)) == 1


async def test_a_sleeping_account_is_woken_twice_and_then_by_the_manager_if_it_has_money(town: Town) -> None:
    name = await runs(town, "sleeping-account")
    asleep = NOON - timedelta(days=200)
    await town.customer(11, moved=asleep)
    await town.customer(12, moved=asleep, assets=100)
    await town.customer(13)
    await town.ticks()
    await town.passes(hours=23)
    await town.passes(days=14)
    assert [len(await town.said(name, number)) for number in (11, 12, 13)] == [2, 2, 0]
    await town.passes(days=30)
    assert (await town.ends(name), await town.tasks()) == (["completed", "completed"], 1)


async def test_a_churn_warning_goes_to_the_manager_first_and_to_the_customer_after_a_week(town: Town) -> None:
    name = await runs(town, "churn-warning")
    await town.customer(11)
    await town.ticks()
    await classes_change(town, 11, "A", "churn_warning")
    await town.passes(minutes=2)
    assert (await town.tasks(), await town.said(name)) == (1, [])
    await town.passes(days=7)
    [words] = await town.said(name)
    assert "利率优惠券" in words
    await town.happens(EventKind.PRODUCT_BOUGHT)
    await town.ticks()
    assert await town.ends(name) == ["reached"]


@pytest.mark.parametrize(("letter", "other", "said"), [("A", "class-down", 1), ("C", "class-up", 0)])
async def test_a_change_of_class_begins_its_own_journey(town: Town, letter: str, other: str, said: int) -> None:
    for name in ("class-up", "class-down"):
        await runs(town, name)
    await town.customer(11, "B")
    await town.ticks()
    await classes_change(town, 11, letter)
    await town.passes(minutes=2)
    name = "class-down" if other == "class-up" else "class-up"
    await town.passes(days=7)
    assert (await town.ends(name), await town.ends(other)) == (["completed"], [])
    assert (len(await town.said(name)), await town.tasks()) == (said, 1 - said)


async def test_a_prospect_who_came_is_welcomed_until_a_number_is_left(town: Town) -> None:
    name = await runs(town, "prospect-came")
    await town.member(21)
    came = """INSERT INTO events (member_id, kind, at, source, key, recorded_at)
        VALUES (21, 'prospect_came', :now, 'product', 'prospect:1', :now)"""
    await town.does(came, now=town.now)
    await town.ticks()
    assert len(await town.said(name, 21)) == 1
    await town.does("UPDATE members SET phone = '\\x00', phone_index = '\\x01' WHERE id = 21")
    await town.passes(days=1)
    assert await town.ends(name) == ["reached"]


async def test_a_lead_is_helped_to_an_account_and_the_groups_manager_hears_of_it(town: Town) -> None:
    name = await runs(town, "lead-to-account")
    await town.member(21)
    await town.does("UPDATE members SET phone = '\\x00', phone_index = '\\x01' WHERE id = 21")
    await town.ticks()
    [words] = await town.said(name, 21)
    assert "开户请带身份证件" in words
    await town.does(
        "INSERT INTO groups (chat_id, title, merchant, manager_id, registered_at) VALUES (-5, '群', '米店', 1, :now)",
        now=NOON,
    )
    await town.does("INSERT INTO group_members SELECT id, 21, :now FROM groups", now=NOON)
    await town.passes(days=3)
    assert len(await town.said(name, 1)) == 1
    await town.customer(22)
    await town.does("UPDATE members SET customer_id = NULL WHERE id = 22")
    await town.does("UPDATE members SET customer_id = :id WHERE id = 21", id=town.customers[22])
    await town.passes(days=1)
    assert await town.ends(name) == ["reached"]
