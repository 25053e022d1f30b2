"""Draws put together for whoever hosts them: the bot's every turn, and the command line."""

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.settings import Settings
from campaigns.announcements.service import AnnouncementService
from campaigns.deliveries.service import Outbox
from campaigns.draws.hosting import DrawHost
from campaigns.draws.service import DrawService
from campaigns.points.service import PointsService
from handlers.wording.announcements import RuleWords
from handlers.wording.draws import DrawWords
from storage.announcements import SqlAnnouncementStore
from storage.database import UnitOfWork
from storage.draws import SqlDrawStore
from storage.points import SqlPointsStore
from storage.vault import Vault


def draw_host(
    uow: UnitOfWork, vault: Vault, outbox: Outbox, settings: Settings, now: Callable[[], datetime]
) -> DrawHost:
    """Draws and their groups on one unit of work."""
    zone = ZoneInfo(settings.time_zone)
    store = SqlDrawStore(uow, vault)
    draws = DrawService(store, PointsService(SqlPointsStore(uow), now, zone), now)
    announcements = AnnouncementService(SqlAnnouncementStore(uow), RuleWords(zone), now)
    return DrawHost(draws, store, announcements, outbox, DrawWords(zone, settings.public_address), now)
