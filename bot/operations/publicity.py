"""The report on one event's publicity, as an operator asks for it."""

import asyncio

from bot.settings import Settings
from campaigns.publicity.model import PublicityReport
from campaigns.publicity.report import publicity_report
from storage.database import one_transaction
from storage.members import SqlMemberStore
from storage.publicity import SqlPublicityStore
from storage.vault import Keyring, Vault


def find_report(settings: Settings, url: str, event_id: int) -> PublicityReport | None:
    """The event from its codes to what their people did; None when there is no such event."""
    return asyncio.run(_find(Vault(Keyring.open(settings.keyring_file)), url, event_id))


async def _find(vault: Vault, url: str, event_id: int) -> PublicityReport | None:
    async with one_transaction(url) as uow:
        store = SqlPublicityStore(uow)
        event = await store.event(event_id)
        return await publicity_report(store, SqlMemberStore(uow, vault), event) if event else None
