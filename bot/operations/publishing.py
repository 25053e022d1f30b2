"""Tasks and quizzes that an operator publishes from a file, beside what managers do in the chat."""

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.operations.platform import ask
from bot.settings import Settings
from campaigns.deliveries.service import Outbox
from campaigns.points.service import PointsService
from campaigns.quizzes.model import Quiz, QuizRefusal
from campaigns.quizzes.reading import read_quiz
from campaigns.quizzes.service import QuizService
from campaigns.tasks.model import Task, TaskRefusal
from campaigns.tasks.reading import read_tasks
from campaigns.tasks.service import publish
from handlers.wording.quizzes import QuizWords
from storage.database import one_transaction
from storage.deliveries import SqlDeliveryStore
from storage.groups import SqlGroupStore
from storage.points import SqlPointsStore
from storage.quizzes import SqlQuizStore
from storage.tasks import SqlTaskStore
from storage.vault import Keyring, Vault

Now = Callable[[], datetime]


async def publish_tasks(url: str, form: str, campaign_id: int, now: Now) -> list[Task] | TaskRefusal:
    """Add the tasks of a form to any running points campaign.

    Raises:
        FormError: says what is wrong with the form.
    """
    plans = read_tasks(form)
    async with one_transaction(url) as uow:
        return await publish(SqlTaskStore(uow), campaign_id, plans, None, now())


async def publish_quiz(
    settings: Settings, url: str, form: str, campaign_id: int, chat_id: int, now: Now
) -> Quiz | QuizRefusal:
    """Publish the quiz of a form in any group; the running bot posts its card.

    Raises:
        FormError: says what is wrong with the form.
        PlatformError: the bot's name cannot be learnt.
    """
    zone = ZoneInfo(settings.time_zone)
    plan = read_quiz(form, now(), zone)
    username = str(ask(settings, "getMe")["username"])
    async with one_transaction(url) as uow:
        service = QuizService(
            SqlQuizStore(uow, Vault(Keyring.open(settings.keyring_file))),
            PointsService(SqlPointsStore(uow), now, zone),
            Outbox(SqlDeliveryStore(uow), now),
            QuizWords(zone, settings.bank_name, username),
            now,
        )
        return await service.publish(campaign_id, await SqlGroupStore(uow).by_chat(chat_id), plan)
