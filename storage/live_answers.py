"""What members ask of themselves, read across features in one statement."""

from datetime import datetime

from sqlalchemy import text

from campaigns.answers.live import OwnEntry
from storage.database import UnitOfWork

ENTRIES = text(
    """SELECT g.merchant, c.product, e.quantity,
        CASE WHEN e.item > 0 THEN coalesce(c.items[e.item], '') ELSE '' END AS item,
        e.waits, c.state = 'open' AS is_open, c.deadline
    FROM chain_entries e JOIN chains c ON c.id = e.chain_id JOIN groups g ON g.id = c.group_id
    WHERE e.member_id = :member AND e.left_at IS NULL AND e.proxy_index = '' AND c.deadline > :since
    ORDER BY c.deadline DESC, e.sequence LIMIT 20"""
)


class SqlLiveStore:
    """Implements `campaigns.answers.live.LiveStore`."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._session = uow.session

    async def entries(self, member_id: int, since: datetime) -> list[OwnEntry]:
        """A member's own entries of chains that run or ended since then, the newest first."""
        found = await self._session.execute(ENTRIES, {"member": member_id, "since": since})
        return [OwnEntry(**row._mapping) for row in found]
