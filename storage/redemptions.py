"""The shelf and its redemptions; a check on the stock is the last guard against selling what is not there."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Select, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import SQLModel, col

from campaigns.redemptions.model import Asker, Redemption, RedemptionState, ShelfItem
from storage.columns import big, moment
from storage.database import UnitOfWork

COUNTED = (RedemptionState.HELD, RedemptionState.HANDED_OVER)


class ShelfItemRow(SQLModel, table=True):
    """Something that points buy."""

    __tablename__ = "shelf_items"

    id: int | None = big(default=None, primary_key=True)
    partner_id: int = big(foreign_key="partners.id")
    title_zh: str
    title_en: str
    points: int = big()
    stock: int
    starts_on: date
    ends_on: date
    per_person: int = 1
    offset_fen: int | None = big(default=None)


class RedemptionRow(SQLModel, table=True):
    """A redemption; the token itself is not kept."""

    __tablename__ = "redemptions"

    id: int | None = big(default=None, primary_key=True)
    item_id: int = big(foreign_key="shelf_items.id")
    member_id: int = big(foreign_key="members.id")
    customer_id: UUID | None = None
    points: int = big()
    token_hash: bytes
    state: str
    made_at: datetime = moment()
    lapses_at: datetime = moment()
    ended_at: datetime | None = moment(default=None)
    ended_by: int | None = big(default=None)
    undone: int = 0
    occasion: str | None = None


Found = Select[RedemptionRow, ShelfItemRow]
# Who puts a piece back locks the item before any points, as who takes one does: neither waits for the other in a ring.
BOTH = (RedemptionRow, ShelfItemRow)


class SqlRedemptionStore:
    """Implements `campaigns.redemptions.service.RedemptionStore`."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._session = uow.session

    async def add_item(self, item: ShelfItem) -> int:
        """Put something on the shelf; its `id` is not looked at, the new one is returned."""
        row = {name: value for name, value in vars(item).items() if name != "id"}
        return int((await self._session.scalar(insert(ShelfItemRow).values(row).returning(col(ShelfItemRow.id)))) or 0)

    async def on_shelf(self, today: date) -> list[ShelfItem]:
        """What can be had today, the cheapest first."""
        statement = (
            select(ShelfItemRow)
            .where(
                col(ShelfItemRow.starts_on) <= today, col(ShelfItemRow.ends_on) >= today, col(ShelfItemRow.stock) > 0
            )
            .order_by(col(ShelfItemRow.points), col(ShelfItemRow.id))
        )
        return [_item(row) for row in await self._session.scalars(statement)]

    async def lock_item(self, item_id: int) -> ShelfItem | None:
        """One item, locked until the transaction ends."""
        statement = select(ShelfItemRow).where(col(ShelfItemRow.id) == item_id).with_for_update()
        row = await self._session.scalar(statement.execution_options(populate_existing=True))
        return _item(row) if row else None

    async def had(self, item_id: int, asker: Asker) -> int:
        """How many of an item the member, or the bank's customer behind, has or is to fetch."""
        statement = select(func.count()).where(
            col(RedemptionRow.item_id) == item_id,
            or_(col(RedemptionRow.member_id) == asker.member_id, col(RedemptionRow.customer_id) == asker.customer_id),
            col(RedemptionRow.state).in_(COUNTED),
        )
        return int(await self._session.scalar(statement) or 0)

    async def item(self, item_id: int) -> ShelfItem | None:
        """One item, unlocked."""
        row = await self._session.get(ShelfItemRow, item_id)
        return _item(row) if row else None

    async def change_item(self, item: ShelfItem) -> None:
        """Store an item's new price, stock and last day."""
        values = {"points": item.points, "stock": item.stock, "ends_on": item.ends_on}
        await self._session.execute(update(ShelfItemRow).where(col(ShelfItemRow.id) == item.id).values(values))

    async def items(self) -> list[ShelfItem]:
        """Everything that ever stood on the shelf, in the order it was put there."""
        return [_item(row) for row in await self._session.scalars(select(ShelfItemRow).order_by(col(ShelfItemRow.id)))]

    async def was_asked(self, occasion: str) -> bool:
        """Whether a redemption came of this occasion before."""
        asked = select(col(RedemptionRow.id)).where(col(RedemptionRow.occasion) == occasion)
        return await self._session.scalar(asked) is not None

    async def save(
        self,
        item: ShelfItem,
        asker: Asker,
        token: bytes,
        now: datetime,
        lapses_at: datetime,
        occasion: str | None = None,
    ) -> Redemption:
        """Store a redemption and take one piece from the stock."""
        row = {
            "item_id": item.id,
            "member_id": asker.member_id,
            "customer_id": asker.customer_id,
            "points": item.points,
            "token_hash": token,
            "state": RedemptionState.HELD,
            "made_at": now,
            "lapses_at": lapses_at,
            "undone": 0,
            "occasion": occasion,
        }
        made = await self._session.scalars(insert(RedemptionRow).values(row).returning(RedemptionRow))
        await self._move_stock(item.id, -1)
        return _redemption(made.one(), item)

    async def lock_by_token(self, token: bytes) -> Redemption | None:
        """The redemption that a token opens, locked."""
        return await self._one(_found(token).with_for_update(of=RedemptionRow))

    async def by_token(self, token: bytes) -> Redemption | None:
        """The same, unlocked."""
        return await self._one(_found(token))

    async def lock_own(self, redemption_id: int, member_id: int) -> Redemption | None:
        """A member's own redemption, locked with its item."""
        own = col(RedemptionRow.id) == redemption_id, col(RedemptionRow.member_id) == member_id
        return await self._one(_with_items().where(*own).with_for_update(of=BOTH))

    async def open_of(self, member_id: int) -> list[Redemption]:
        """What a member has still to fetch, the oldest first."""
        held = col(RedemptionRow.member_id) == member_id, col(RedemptionRow.state) == RedemptionState.HELD
        return await self._all(_with_items().where(*held).order_by(col(RedemptionRow.id)))

    async def lapsed(self, now: datetime, limit: int) -> list[Redemption]:
        """Redemptions that nobody fetched in time, locked; those that others hold are left out."""
        over = col(RedemptionRow.state) == RedemptionState.HELD, col(RedemptionRow.lapses_at) <= now
        statement = _with_items().where(*over).order_by(col(RedemptionRow.id)).limit(limit)
        return await self._all(statement.with_for_update(of=BOTH, skip_locked=True))

    async def end(self, redemption: Redemption, state: RedemptionState, by: int | None, now: datetime) -> None:
        """Store a redemption's end; anything but handing over puts the piece back into the stock."""
        await self._change(redemption, state=state, ended_at=now, ended_by=by)
        if state is not RedemptionState.HANDED_OVER:
            await self._move_stock(redemption.item.id, 1)

    async def set_token(self, redemption: Redemption, token: bytes) -> None:
        """Let another token open a redemption, and the old one nothing."""
        await self._change(redemption, token_hash=token)

    async def reopen(self, redemption: Redemption) -> None:
        """A redemption that was handed over by mistake is open again; its piece stays taken."""
        again = redemption.undone + 1
        await self._change(redemption, state=RedemptionState.HELD, ended_at=None, ended_by=None, undone=again)

    async def _change(self, redemption: Redemption, **values: object) -> None:
        own = col(RedemptionRow.id) == redemption.id
        await self._session.execute(update(RedemptionRow).where(own).values(**values))

    async def _move_stock(self, item_id: int, by: int) -> None:
        await self._session.execute(
            update(ShelfItemRow).where(col(ShelfItemRow.id) == item_id).values(stock=col(ShelfItemRow.stock) + by)
        )

    async def _one(self, statement: Found) -> Redemption | None:
        return next(iter(await self._all(statement)), None)

    async def _all(self, statement: Found) -> list[Redemption]:
        rows = await self._session.execute(statement.execution_options(populate_existing=True))
        return [_redemption(row, _item(item)) for row, item in rows]


def _with_items() -> Found:
    return select(RedemptionRow, ShelfItemRow).join(ShelfItemRow, col(ShelfItemRow.id) == col(RedemptionRow.item_id))


def _found(token: bytes) -> Found:
    return _with_items().where(col(RedemptionRow.token_hash) == token)


def _item(row: ShelfItemRow) -> ShelfItem:
    assert row.id is not None
    return ShelfItem(**row.model_dump())


def _redemption(row: RedemptionRow, item: ShelfItem) -> Redemption:
    assert row.id is not None
    return Redemption(
        row.id,
        item,
        row.member_id,
        row.points,
        RedemptionState(row.state),
        row.made_at,
        row.lapses_at,
        row.ended_at,
        row.ended_by,
        row.undone,
    )
