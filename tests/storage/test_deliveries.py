"""The ledger on real rows: planned once, cards coalesced, cancel wins, and every row accounted for."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from sqlalchemy import select
from sqlmodel import col

from campaigns.deliveries.model import Delivery, Draft, Kind, Message, Picture, Reason, State
from campaigns.deliveries.rules import Ambiguous, Outcome, RateLimited, Refused, Sent, Verdict, after, closing
from storage.database import Database, UnitOfWork
from storage.deliveries import CARD_PACE, DeliveryRow, Resting, SqlDeliveryStore, value
from storage.ledger_desk import SqlLedgerDesk

NOW = datetime(2026, 11, 21, 4, tzinfo=UTC)
GROUP, ANNA = -100, 7
SECOND = timedelta(seconds=1)
AWAKE = Resting([], [])


def draft(step: str = "reminder", recipient: int = ANNA, kind: Kind = Kind.SERVICE, at: datetime = NOW) -> Draft:
    return Draft("chain:1", step, recipient, Message(f"words of {step}"), kind, at)


def card(text: str, at: datetime = NOW) -> Draft:
    return Draft("chain:1", "card", GROUP, Message(text), Kind.CARD, at)


def picture_card(text: str, at: datetime = NOW) -> Draft:
    return Draft("stamps:1:7", "card", ANNA, Message(text, picture=Picture("stamp_card", 1, ANNA)), Kind.CARD, at)


@dataclass
class Ledger:
    """The ledger in short steps, as outbox and sender use it."""

    uow: UnitOfWork

    @property
    def store(self) -> SqlDeliveryStore:
        return SqlDeliveryStore(self.uow)

    @property
    def desk(self) -> SqlLedgerDesk:
        return SqlLedgerDesk(self.uow)

    async def due(self, now: datetime = NOW) -> list[Delivery]:
        return await self.store.due(now, AWAKE, limit=100)

    async def dispatch(self, now: datetime = NOW) -> list[Delivery]:
        due = await self.due(now)
        await self.store.dispatch([delivery.id for delivery in due], "me")
        return [replace(delivery, state=State.DISPATCHING, attempts=delivery.attempts + 1) for delivery in due]

    async def send(self, now: datetime = NOW, message_id: int = 55) -> list[Delivery]:
        flying = await self.dispatch(now)
        for delivery in flying:
            await self.store.settle(delivery, after(delivery, Sent(message_id), now), now)
        return flying

    async def posted(self, campaign: str, chat: int) -> int | None:
        return (await self.store.card_messages({(campaign, chat)})).get((campaign, chat))

    async def rows(self) -> list[Delivery]:
        self.uow.session.expire_all()
        found = await self.uow.session.scalars(select(DeliveryRow).order_by(col(DeliveryRow.id)))
        return [value(row) for row in found]


@pytest.fixture
def ledger(uow: UnitOfWork) -> Ledger:
    return Ledger(uow)


async def test_the_same_message_is_planned_once(ledger: Ledger) -> None:
    assert await ledger.store.plan([draft(), draft("ended")], NOW) == 2
    assert await ledger.store.plan([draft(), draft(recipient=8)], NOW) == 1
    assert await ledger.store.plan([draft(), draft()], NOW) == 0
    assert len(await ledger.rows()) == 3


async def test_a_message_that_was_sent_is_not_planned_again(ledger: Ledger) -> None:
    await ledger.store.plan([draft()], NOW)
    await ledger.send()
    assert await ledger.store.plan([draft()], NOW + SECOND) == 0
    assert await ledger.due(NOW + timedelta(days=9)) == []


async def test_nothing_leaves_before_its_time(ledger: Ledger) -> None:
    await ledger.store.plan([draft(at=NOW + SECOND)], NOW)
    assert await ledger.due(NOW) == []
    assert len(await ledger.due(NOW + SECOND)) == 1


async def test_cards_go_before_service_and_service_before_offers(ledger: Ledger) -> None:
    offer = replace(draft("offer", kind=Kind.MARKETING), due_at=NOW - SECOND)
    await ledger.store.plan([offer, draft("welcome"), card("card")], NOW)
    assert [delivery.kind for delivery in await ledger.due()] == [Kind.CARD, Kind.SERVICE, Kind.MARKETING]


async def test_a_group_that_rests_from_messages_still_takes_edits_and_holds_up_nobody(ledger: Ledger) -> None:
    await ledger.store.show_cards([card("posted")], NOW)
    await ledger.send()
    await ledger.store.show_cards([card("edited")], NOW)
    await ledger.store.plan([draft(recipient=GROUP), draft(recipient=ANNA)], NOW)
    now = NOW + CARD_PACE

    async def methods(resting: Resting) -> list[tuple[int, str]]:
        return [(found.recipient, found.method) for found in await ledger.store.due(now, resting, limit=9)]

    edit, message, other = (GROUP, "editMessageText"), (GROUP, "sendMessage"), (ANNA, "sendMessage")
    assert await methods(AWAKE) == [edit, message, other]
    assert await methods(Resting([GROUP], [])) == [edit, other]
    assert await methods(Resting([], [GROUP])) == [message, other]
    assert await methods(Resting([GROUP], [GROUP])) == [other]


async def test_many_showings_of_a_card_before_it_left_are_one_post_with_the_last_words(ledger: Ledger) -> None:
    for number in range(20):
        await ledger.store.show_cards([card(f"{number} joined")], NOW)
    [post] = await ledger.due()
    assert (post.method, post.payload["text"]) == ("sendMessage", "19 joined")


async def test_many_showings_of_a_posted_card_are_one_pending_edit_with_the_last_words(ledger: Ledger) -> None:
    await ledger.store.show_cards([card("0 joined")], NOW)
    await ledger.send()
    for number in range(1, 20):
        await ledger.store.show_cards([card(f"{number} joined")], NOW + SECOND)
    [edit] = await ledger.due(NOW + CARD_PACE)
    assert (edit.method, edit.payload["text"]) == ("editMessageText", "19 joined")
    assert await ledger.posted("chain:1", GROUP) == 55


async def test_edits_of_one_card_keep_their_pace(ledger: Ledger) -> None:
    now, left = NOW, []
    await ledger.store.show_cards([card("first")], now)
    for number in range(300):  # Somebody taps every tenth of a second.
        now = NOW + number * SECOND / 10
        await ledger.store.show_cards([card(f"{number}", now)], now)
        left += [now for _ in await ledger.send(now)]
    assert all(later - earlier >= CARD_PACE for earlier, later in pairwise(left))
    assert len(left) == 10


async def test_a_card_that_changes_while_an_edit_flies_is_edited_once_more(ledger: Ledger) -> None:
    await ledger.store.show_cards([card("posted")], NOW)
    await ledger.send()
    await ledger.store.show_cards([card("flying")], NOW)
    [flying] = await ledger.dispatch(NOW + CARD_PACE)
    await ledger.store.show_cards([card("last")], NOW + CARD_PACE)
    await ledger.store.settle(flying, after(flying, Sent(), NOW + CARD_PACE), NOW + CARD_PACE)
    [edit] = await ledger.due(NOW + 2 * CARD_PACE)
    assert edit.payload["text"] == "last"


async def test_an_edit_that_is_tried_again_does_not_bring_old_words_back(ledger: Ledger) -> None:
    await ledger.store.show_cards([card("posted")], NOW)
    await ledger.send()
    await ledger.store.show_cards([card("old")], NOW)
    [flying] = await ledger.dispatch(NOW + CARD_PACE)
    await ledger.store.show_cards([card("new")], NOW + CARD_PACE)
    await ledger.store.settle(flying, after(flying, RateLimited(30 * SECOND), NOW + CARD_PACE), NOW + CARD_PACE)
    assert await ledger.due(NOW + 2 * CARD_PACE) == []
    later = NOW + timedelta(minutes=9)
    shown = [delivery.payload["text"] for _ in range(2) for delivery in await ledger.send(later)]
    assert shown[-1] == "new"


async def test_an_edit_waits_for_a_post_that_is_tried_again(ledger: Ledger) -> None:
    await ledger.store.show_cards([card("posted")], NOW)
    [flying] = await ledger.dispatch()
    await ledger.store.show_cards([card("edited")], NOW)
    await ledger.store.settle(flying, after(flying, RateLimited(30 * SECOND), NOW), NOW)
    assert await ledger.due(NOW + 29 * SECOND) == []
    [post] = await ledger.send(NOW + 30 * SECOND)
    [edit] = await ledger.due(NOW + 30 * SECOND)
    assert (post.method, edit.method, edit.payload["text"]) == ("sendMessage", "editMessageText", "edited")


async def test_a_posted_card_keeps_its_message_and_its_pin_is_planned_once(ledger: Ledger) -> None:
    await ledger.store.show_cards([replace(card("posted"), pin=True)], NOW)
    [post] = await ledger.send()
    for _ in range(2):
        await ledger.store.plan_pin(post, 55, NOW)
    [pin] = await ledger.due()
    assert (pin.method, pin.payload["message_id"], pin.recipient) == ("pinChatMessage", 55, GROUP)


async def test_a_picture_card_keeps_what_is_drawn_and_is_edited_in_place_with_the_newest_words(ledger: Ledger) -> None:
    await ledger.store.show_cards([picture_card("1 stamp")], NOW)
    [post] = await ledger.send()
    for number in range(2, 9):
        await ledger.store.show_cards([picture_card(f"{number} stamps")], NOW + SECOND)
    [edit] = await ledger.due(NOW + CARD_PACE)
    assert (post.method, edit.method, edit.payload["caption"]) == ("sendPhoto", "editMessageMedia", "8 stamps")
    assert edit.payload["picture"] == {"subject": "stamp_card", "of": 1, "person": ANNA}
    assert await ledger.posted("stamps:1:7", ANNA) == 55


async def test_words_leave_before_pictures_and_pictures_before_offers(ledger: Ledger) -> None:
    await ledger.store.plan([draft("offer", kind=Kind.MARKETING, at=NOW - SECOND)], NOW)
    await ledger.store.show_cards([picture_card("1 stamp")], NOW - SECOND)
    await ledger.store.plan([draft("medal", recipient=8)], NOW)
    assert [delivery.kind for delivery in await ledger.due()] == [Kind.SERVICE, Kind.CARD, Kind.MARKETING]


async def test_who_asks_for_the_card_has_it_at_the_end_of_the_chat_and_edits_follow_it(ledger: Ledger) -> None:
    await ledger.store.show_cards([picture_card("1 stamp")], NOW)
    for _ in range(3):
        await ledger.store.post_card_anew(picture_card("1 stamp"), NOW)
    assert [post.step for post in await ledger.send(message_id=55)] == ["card"]
    await ledger.store.show_cards([picture_card("2 stamps")], NOW)
    await ledger.store.post_card_anew(picture_card("3 stamps"), NOW)
    later = NOW + CARD_PACE
    assert {(each.step, each.payload["caption"]) for each in await ledger.send(later, message_id=77)} == {
        ("card:2", "3 stamps"),
        ("edit:1", "3 stamps"),
    }
    await ledger.store.show_cards([picture_card("4 stamps")], later)
    assert (await ledger.posted("stamps:1:7", ANNA), (await ledger.rows())[-1].step) == (77, "edit:2")


async def test_a_card_that_a_shut_chat_did_not_take_is_posted_once_the_chat_is_open(ledger: Ledger) -> None:
    await ledger.store.show_cards([picture_card("1 stamp")], NOW)
    [post] = await ledger.dispatch()
    await ledger.store.settle(post, after(post, Refused(Reason.NO_PRIVATE_CHAT), NOW), NOW)
    await ledger.store.show_cards([picture_card("2 stamps")], NOW)
    [again] = await ledger.due()
    assert (again.step, again.method, again.payload["caption"]) == ("card:2", "sendPhoto", "2 stamps")


async def test_a_picture_in_doubt_is_posted_again_as_a_picture(ledger: Ledger) -> None:
    await ledger.store.show_cards([picture_card("1 stamp")], NOW)
    [flying] = await ledger.dispatch()
    await ledger.store.settle(flying, after(flying, Ambiguous(Reason.KILLED), NOW), NOW)
    await ledger.store.post_again(flying, NOW)
    [again] = await ledger.due()
    assert (again.step, again.method, again.payload) == ("card:2", "sendPhoto", flying.payload)


async def test_what_is_cancelled_does_not_leave(ledger: Ledger) -> None:
    await ledger.store.plan([draft("reminder"), draft("ended"), card("card")], NOW)
    assert await ledger.store.cancel("chain:1", "reminder", Reason.WITHDRAWN) == 1
    assert {delivery.step for delivery in await ledger.due()} == {"ended", "card"}
    assert await ledger.store.cancel("chain:1", None, Reason.WITHDRAWN) == 2
    assert await ledger.due() == []


async def test_a_cancel_during_the_call_wins_over_a_second_try(ledger: Ledger) -> None:
    await ledger.store.plan([draft()], NOW)
    [flying] = await ledger.dispatch()
    await ledger.store.cancel("chain:1", "reminder", Reason.WITHDRAWN)
    await ledger.store.settle(flying, after(flying, RateLimited(SECOND), NOW), NOW)
    assert await ledger.due(NOW + timedelta(hours=1)) == []
    assert [(row.state, row.reason) for row in await ledger.rows()] == [(State.CANCELLED, Reason.WITHDRAWN)]


async def test_a_cancel_during_a_call_that_arrives_does_not_hide_that_it_arrived(ledger: Ledger) -> None:
    await ledger.store.plan([draft()], NOW)
    [flying] = await ledger.dispatch()
    await ledger.store.cancel("chain:1", "reminder", Reason.WITHDRAWN)
    await ledger.store.settle(flying, after(flying, Sent(9), NOW), NOW)
    [row] = await ledger.rows()
    assert (row.state, row.message_id) == (State.SENT, 9)


async def test_two_senders_never_take_the_same_row(database: Database) -> None:
    async with database.unit_of_work() as uow:
        await SqlDeliveryStore(uow).plan([draft(recipient=number) for number in range(1, 11)], NOW)
    async with database.unit_of_work() as first, database.unit_of_work() as second:
        taken = await SqlDeliveryStore(first).due(NOW, AWAKE, limit=6)
        others = await SqlDeliveryStore(second).due(NOW, AWAKE, limit=6)
    assert len(taken) + len(others) == 10
    assert not {delivery.id for delivery in taken} & {delivery.id for delivery in others}


async def test_a_retry_waits_and_counts_its_attempts(ledger: Ledger) -> None:
    await ledger.store.plan([draft()], NOW)
    [flying] = await ledger.dispatch()
    await ledger.store.settle(flying, after(flying, RateLimited(5 * SECOND), NOW), NOW)
    assert await ledger.due(NOW + 4 * SECOND) == []
    [again] = await ledger.due(NOW + 5 * SECOND)
    assert (again.attempts, again.repeats) == (1, 0)


async def test_a_service_message_repeats_once_and_is_unknown_after_that(ledger: Ledger) -> None:
    await ledger.store.plan([draft()], NOW)
    now = NOW
    for _ in range(2):
        now += timedelta(minutes=1)
        [flying] = await ledger.dispatch(now)
        await ledger.store.settle(flying, after(flying, Ambiguous(Reason.TIMED_OUT), now), now)
    [row] = await ledger.rows()
    assert (row.state, row.repeats, row.attempts) == (State.UNKNOWN, 1, 2)


async def test_what_a_killed_sender_left_is_found_by_the_next_one_only(ledger: Ledger) -> None:
    await ledger.store.plan([draft()], NOW)
    [flying] = await ledger.dispatch()
    assert await ledger.store.abandoned("me") == []
    assert [delivery.id for delivery in await ledger.store.abandoned("another")] == [flying.id]


async def test_an_unknown_delivery_is_settled_by_a_person_once(ledger: Ledger) -> None:
    await ledger.store.plan([draft("lost"), draft("arrived")], NOW)
    for delivery in await ledger.dispatch():
        await ledger.store.settle(delivery, Verdict(State.UNKNOWN, Reason.KILLED), NOW)
    lost, arrived = await ledger.desk.unknown()
    assert await ledger.desk.resolve(lost.id, arrived=False, by="9", now=NOW)
    assert await ledger.desk.resolve(arrived.id, arrived=True, by="9", now=NOW)
    assert not await ledger.desk.resolve(arrived.id, arrived=False, by="9", now=NOW)
    assert not await ledger.desk.resolve(10**9, arrived=True, by="9", now=NOW)
    assert [row.state for row in await ledger.rows()] == [State.FAILED, State.SENT]


async def test_after_a_restore_nothing_that_was_due_leaves_before_a_person_releases_it(ledger: Ledger) -> None:
    await ledger.store.plan([draft("sent")], NOW)
    await ledger.send()
    await ledger.store.plan([draft("one"), draft("two", at=NOW + timedelta(days=3))], NOW)
    assert await ledger.desk.hold_all() == 2
    assert await ledger.due(NOW + timedelta(days=9)) == []
    await ledger.store.plan([draft("planned after the restore")], NOW)
    assert [delivery.step for delivery in await ledger.due()] == ["planned after the restore"]
    assert await ledger.desk.release_all() == 2
    assert await ledger.desk.release_all() == 0
    assert {delivery.step for delivery in await ledger.due()} == {"one", "planned after the restore"}


async def test_a_group_that_became_a_supergroup_keeps_its_messages_and_gets_its_card_anew(ledger: Ledger) -> None:
    await ledger.store.show_cards([card("posted")], NOW)
    await ledger.send()
    await ledger.store.show_cards([card("edited")], NOW)
    await ledger.store.plan([replace(draft(), origin_chat=GROUP), draft("other", recipient=-200)], NOW)
    await ledger.store.move_chat(GROUP, -1001)
    rows = {row.step: row for row in await ledger.rows()}
    assert {step: row.recipient for step, row in rows.items()} == {
        "card": -1001,
        "edit:1": -1001,
        "reminder": ANNA,
        "other": -200,
    }
    assert rows["reminder"].origin_chat == -1001
    assert rows["edit:1"].state == State.CANCELLED
    assert await ledger.posted("chain:1", -1001) is None
    await ledger.store.show_cards([replace(card("posted anew"), recipient=-1001)], NOW)
    assert [delivery.step for delivery in await ledger.due()] == ["card:2", "reminder", "other"]


async def test_a_post_in_flight_when_its_group_moves_is_no_card_to_edit(ledger: Ledger) -> None:
    await ledger.store.show_cards([card("posted")], NOW)
    [post] = await ledger.due()
    await ledger.store.dispatch([post.id], "sender")
    await ledger.store.move_chat(GROUP, -1001)
    await ledger.store.settle(post, Verdict(State.SENT, message_id=55), NOW)
    assert await ledger.posted("chain:1", -1001) is None
    await ledger.store.show_cards([replace(card("posted anew"), recipient=-1001)], NOW)
    assert [delivery.step for delivery in await ledger.due()] == ["card:2"]


async def test_the_equation_of_a_campaign_balances_from_planning_to_the_close(ledger: Ledger) -> None:
    steps = ["sent", "failed", "suppressed", "unknown", "cancelled", "waiting"]
    await ledger.store.plan([draft(step, recipient) for recipient, step in enumerate(steps, start=1)], NOW)
    await ledger.store.cancel("chain:1", "cancelled", Reason.WITHDRAWN)
    outcomes: dict[str, Outcome] = {
        "sent": Sent(5),
        "failed": Refused(Reason.REFUSED_BY_PLATFORM),
        "suppressed": Refused(Reason.BLOCKED),
        "unknown": Ambiguous(Reason.KILLED),
        "waiting": RateLimited(SECOND),
    }
    for delivery in await ledger.dispatch():
        await ledger.store.settle(delivery, after(delivery, outcomes[delivery.step], NOW), NOW)
    running = closing(len(steps), await ledger.desk.states("chain:1"))
    assert (running.balances, running.pending, running.can_close) == (True, 1, False)
    await ledger.send(NOW + SECOND)
    assert not closing(len(steps), await ledger.desk.states("chain:1")).can_close
    [unknown] = await ledger.desk.unknown()
    await ledger.desk.resolve(unknown.id, arrived=True, by="9", now=NOW)
    closed = closing(len(steps), await ledger.desk.states("chain:1"))
    assert closed.can_close
    assert closed.by_state == {State.SENT: 3, State.FAILED: 1, State.SUPPRESSED: 1, State.CANCELLED: 1}


async def test_a_sender_is_woken_only_once_the_plan_is_safe(database: Database) -> None:
    woken: list[bool] = []
    async with database.unit_of_work() as uow:
        await SqlDeliveryStore(uow, wake=lambda: woken.append(True)).plan([draft()], NOW)
        assert woken == []
    assert woken == [True]


async def test_what_one_process_planned_another_sends_and_a_cancel_outlives_its_process(database_url: str) -> None:
    """Between the plan and its hour the process dies: nothing was in its memory, and nothing is planned again."""
    later = NOW + timedelta(hours=1)
    for work in ("plan", "cancel"):
        database = Database(database_url)
        async with database.unit_of_work() as uow:
            if work == "plan":
                await SqlDeliveryStore(uow).plan([draft("reminder", at=later), draft("ended", at=later)], NOW)
            else:
                assert await SqlDeliveryStore(uow).cancel("chain:1", "ended", Reason.WITHDRAWN) == 1
        await database.close()
    database = Database(database_url)
    async with database.unit_of_work() as uow:
        assert await SqlDeliveryStore(uow).due(NOW, AWAKE, limit=9) == []
        assert [each.step for each in await SqlDeliveryStore(uow).due(later, AWAKE, limit=9)] == ["reminder"]
    await database.close()


async def test_who_lost_the_lead_may_tell_how_it_ended_but_starts_nothing_anew(ledger: Ledger) -> None:
    await ledger.store.plan([draft("offer", kind=Kind.MARKETING), draft("other", kind=Kind.MARKETING)], NOW)
    arrived, limited = await ledger.dispatch()
    for delivery in await ledger.store.abandoned("the new leader"):
        await ledger.store.settle(delivery, after(delivery, Ambiguous(Reason.KILLED), NOW), NOW)
    await ledger.store.settle(arrived, after(arrived, Sent(9), NOW), NOW)
    await ledger.store.settle(limited, after(limited, RateLimited(SECOND), NOW), NOW)
    assert [(row.state, row.message_id) for row in await ledger.rows()] == [(State.SENT, 9), (State.UNKNOWN, None)]
    assert await ledger.desk.resolve(limited.id, arrived=True, by="7", now=NOW)
    await ledger.store.settle(limited, after(limited, Ambiguous(Reason.TIMED_OUT), NOW), NOW)
    assert [row.state for row in await ledger.rows()] == [State.SENT, State.SENT]


async def test_a_cancelled_message_in_doubt_is_neither_repeated_nor_called_cancelled(ledger: Ledger) -> None:
    await ledger.store.plan([draft("welcome")], NOW)
    [flying] = await ledger.dispatch()
    await ledger.store.cancel(flying.campaign, None, Reason.WITHDRAWN)
    await ledger.store.settle(flying, after(flying, Ambiguous(Reason.TIMED_OUT), NOW), NOW)
    assert [row.state for row in await ledger.rows()] == [State.UNKNOWN]
