"""Stamps of a crowd cost few statements, with everything that follows them: medals, gifts, coupons, cards, numbers."""

from sqlalchemy import event

from bot.app import App
from campaigns.rallies.model import Rally, StampWay
from campaigns.stamps.model import Award, StampOutcome
from tests.rally_visits import running_rally, visitors


async def statements(app: App, rally: Rally, people: range) -> int:
    """How many it takes to give everybody all stamps, stored together, medals and all."""
    await visitors(app, *people)
    said: list[str] = []

    def note(*told: object) -> None:
        said.append(str(told[2]))

    event.listen(app.database.engine.sync_engine, "before_cursor_execute", note)
    now = app.clock.now()
    awards = [Award(booth.id, person, None, StampWay.STAFF, now) for person in people for booth in rally.booths]
    async with app.database.unit_of_work() as uow:
        stamped = await app.services(uow).stamps.award(rally, awards)
    event.remove(app.database.engine.sync_engine, "before_cursor_execute", note)
    assert {each.outcome for each in stamped} == {StampOutcome.STAMPED}
    assert all(each.stamps == len(rally.booths) for each in stamped)
    return len(said)


async def test_a_crowd_is_stamped_by_as_many_statements_as_two_people(app: App) -> None:
    rally = await running_rally(app)
    await statements(app, rally, range(1, 3))
    assert await statements(app, rally, range(11, 13)) == await statements(app, rally, range(21, 36)) < 40
