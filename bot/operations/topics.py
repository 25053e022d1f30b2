"""Topics by the operator's hand: each command is one transaction on the services that the chat uses."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

from bot.backing import in_one_transaction
from bot.operations import OperationRefusedError
from bot.settings import Settings
from campaigns.deliveries.service import Outbox
from campaigns.forms.faults import FileError
from campaigns.members.model import Language
from campaigns.topics.files import read_topic
from campaigns.topics.model import EditionCount, Topic
from campaigns.topics.service import TopicService
from handlers.wording.catalogue_files import fault
from handlers.wording.topics import TopicWords, refusal
from storage.database import UnitOfWork
from storage.deliveries import SqlDeliveryStore
from storage.members import SqlMemberStore
from storage.topics import SqlTopicStore
from storage.vault import Keyring, Vault

Found = TypeVar("Found")
Now = Callable[[], datetime]
Counted = tuple[Topic, Sequence[EditionCount]]


class TopicOffice:
    """What commands do with topics, inside one unit of work; what cannot be is an OperationRefusedError."""

    def __init__(self, uow: UnitOfWork, settings: Settings, now: Now) -> None:
        people = SqlMemberStore(uow, Vault(Keyring.open(settings.keyring_file)))
        outbox, store = Outbox(SqlDeliveryStore(uow), now), SqlTopicStore(uow, settings.time_zone)
        self._topics = TopicService(store, people, outbox, TopicWords(), now, ZoneInfo(settings.time_zone))

    async def load(self, topic: Topic, by: str) -> Counted:
        """Keep a topic."""
        if refused := await self._topics.load(topic, by):
            raise OperationRefusedError(refusal(refused, Language.EN))
        return await self._counted(topic.code)

    async def counts(self) -> list[Counted]:
        """Every topic with what its editions brought."""
        return [await self._counted(each.code) for each in await self._topics.all()]

    async def _counted(self, code: str) -> Counted:
        found = await self._topics.counts(code)
        assert found is not None  # It is one of those that are kept.
        return found


def check(text: str) -> Topic:
    """A topic's file read whole and asked of the gate; nothing is kept."""
    try:
        return read_topic(text)
    except FileError as error:
        raise OperationRefusedError("\n".join(fault(each, Language.EN) for each in error.faults)) from None


def in_office(settings: Settings, url: str, now: Now, do: Callable[[TopicOffice], Awaitable[Found]]) -> Found:
    """Do one thing in one transaction."""
    return in_one_transaction(url, lambda uow: do(TopicOffice(uow, settings, now)))
