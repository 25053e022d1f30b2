"""Use cases of places: keep a merchant with its community and branch, list them."""

from typing import Protocol

from campaigns.places.model import Merchant, Spot


class PlaceStore(Protocol):
    """What places' use cases need."""

    async def keep(self, spot: Spot) -> Merchant:
        """Keep a merchant, or find it again; a community or branch that was unknown is filled in."""
        ...

    async def merchants(self) -> list[Merchant]:
        """Every merchant."""
        ...


class PlaceService:
    """Places inside one unit of work."""

    def __init__(self, store: PlaceStore) -> None:
        self._store = store

    async def keep(self, *spots: Spot) -> list[Merchant]:
        """Keep merchants; each is a partner of the points ledger, too. Keeping one again changes nothing."""
        return [await self._store.keep(spot) for spot in spots]

    async def all(self) -> list[Merchant]:
        """Every merchant with its community, branch, groups and members."""
        return await self._store.merchants()
