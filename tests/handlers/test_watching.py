"""Pages that wait for their card: one look for all, each answered when its own has changed, faults looked over."""

import asyncio
from collections.abc import Collection, Mapping

from handlers.http.watching import CardWatch, Place

ANNA, BOB = (1, 7), (1, 8)


class Cards:
    """Versions that the test turns."""

    def __init__(self) -> None:
        self.versions: dict[Place, str] = {ANNA: "0", BOB: "0"}
        self.looks: list[set[Place]] = []
        self.faults = 0
        self.looked = asyncio.Event()

    async def look(self, places: Collection[Place]) -> Mapping[Place, str]:
        self.looks.append(set(places))
        self.looked.set()
        if self.faults:
            self.faults -= 1
            raise OSError("gone for a moment")
        return {place: self.versions[place] for place in places}


async def test_who_waits_is_answered_by_the_change_of_their_own_card() -> None:
    cards = Cards()
    watch = CardWatch(cards.look)
    anna = asyncio.create_task(watch.changed(ANNA, "0", 60))
    bob = asyncio.create_task(watch.changed(BOB, "0", 60))
    await cards.looked.wait()
    cards.versions[ANNA] = "1"
    assert await anna == "1"
    assert not bob.done()
    assert cards.looks[0] == {ANNA, BOB}
    bob.cancel()


async def test_a_change_that_came_before_the_page_waits_is_answered_at_once() -> None:
    cards = Cards()
    cards.versions[ANNA] = "5"
    assert await CardWatch(cards.look).changed(ANNA, "0", 60) == "5"
    assert len(cards.looks) == 1


async def test_without_a_change_the_page_is_let_go_with_what_it_has_seen() -> None:
    assert await CardWatch(Cards().look).changed(ANNA, "0", 0.01) == "0"


async def test_a_fault_of_the_database_is_looked_over() -> None:
    cards = Cards()
    cards.faults, cards.versions[ANNA] = 1, "1"
    assert await CardWatch(cards.look).changed(ANNA, "0", 60) == "1"
    assert len(cards.looks) == 2
