"""aiogram's conversation state on our PostgreSQL, inside the transaction of the update's turn."""

from collections.abc import Mapping
from typing import Any

from aiogram.fsm.state import State
from aiogram.fsm.storage.base import BaseStorage, StateType, StorageKey

from bot.turns import current
from storage import conversations


class TurnStorage(BaseStorage):
    """Reads what the turn brought along and writes through the turn's transaction: no second connection."""

    async def set_state(self, key: StorageKey, state: StateType = None) -> None:
        """Keep the state of the turn's conversation."""
        turn = current.get()
        turn.state = state.state if isinstance(state, State) else state
        await self._save(key)

    async def get_state(self, key: StorageKey) -> str | None:
        """The state that the turn brought along."""
        turn = current.get()
        return turn.state if turn.conversation_key == text_key(key) else None

    async def set_data(self, key: StorageKey, data: Mapping[str, Any]) -> None:
        """Keep the data of the turn's conversation."""
        current.get().data = dict(data)
        await self._save(key)

    async def get_data(self, key: StorageKey) -> dict[str, Any]:
        """The data that the turn brought along."""
        turn = current.get()
        return dict(turn.data) if turn.conversation_key == text_key(key) else {}

    async def close(self) -> None:
        """Nothing is held open."""

    async def _save(self, key: StorageKey) -> None:
        turn = current.get()
        await conversations.save(turn.uow, text_key(key), turn.state, turn.data)


def text_key(key: StorageKey) -> str:
    """The conversation's key: one per bot, chat and person."""
    return conversation_key(key.bot_id, key.chat_id, key.user_id)


def conversation_key(bot_id: int, chat_id: int, user_id: int) -> str:
    """The same key, made before aiogram has one."""
    return f"{bot_id}:{chat_id}:{user_id}"
