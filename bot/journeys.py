"""Journeys put together: the desk and what moves them, on one unit of work."""

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from campaigns.deliveries.service import Outbox
from campaigns.events.service import EventService
from campaigns.journeys.deeds import Surroundings
from campaigns.journeys.engine import JourneyEngine
from campaigns.journeys.ports import Audiences, Channels, FollowUps, People, Tags
from campaigns.journeys.service import JourneyService
from handlers.wording.audiences import LEXICON
from handlers.wording.journeys import JourneyWords
from storage.channels import SqlChannelStore
from storage.database import UnitOfWork
from storage.events import SqlEventStore
from storage.journeys import SqlJourneyStore
from storage.setbacks import SqlSetbacks


def journeys(
    uow: UnitOfWork,
    audiences: Audiences,
    people: People,
    followups: FollowUps,
    tags: Tags,
    channels: Channels,
    outbox: Outbox,
    now: Callable[[], datetime],
    zone: ZoneInfo,
) -> tuple[JourneyService, JourneyEngine]:
    """The desk of journeys, and what moves them."""
    store = SqlJourneyStore(uow, zone.key)
    happenings = EventService(SqlEventStore(uow, zone.key), now)
    around = Surroundings(audiences, people, followups, tags, channels, happenings)
    desk = JourneyService(store, outbox, SqlChannelStore(uow), LEXICON, now)
    return desk, JourneyEngine(store, around, outbox, JourneyWords(), SqlSetbacks(uow, now), now, zone)
