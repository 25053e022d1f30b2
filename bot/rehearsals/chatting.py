"""Visitors act in the chat: their phones scan, tap and send over the sandbox, and the whole bot answers."""

import asyncio
import random
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import httpx
from sqlalchemy import text

from bot.rehearsals.acting import RIGHT, bind, chunks
from bot.rehearsals.codes import Screens
from bot.rehearsals.desks import collect, confirm, play
from bot.rehearsals.running import Stage
from bot.rehearsals.world import USERNAME, World
from campaigns.games.model import GameKind
from campaigns.members.model import Introduction, Language
from campaigns.rallies.model import Booth
from campaigns.rehearsals.model import Course, Step, Verb
from campaigns.rehearsals.report import Messages, Way, messages_of

LINES = 32
BACKLOG = 64  # Updates that may wait in the bot before the next beat comes.
LOOK_AGAIN = 0.02
PATIENCE = 120.0
LOOKS, LONG_LOOK = 4, 1  # An edit that Telegram's pace swallowed never comes.
GATHER_EVERY = 2_000  # Acts after which the record of calls is read, long before it forgets any.
PACED = ("sendMessage", "sendPhoto", "editMessageText", "editMessageMedia", "editMessageCaption")
TAPPED = frozenset({GameKind.QUIZ, GameKind.SPIN})
TOO_MANY = 429
DONE = "SELECT count(*) FROM inbox WHERE state <> 'new'"
DUE = "SELECT count(*) FROM deliveries WHERE state IN ('planned', 'retry', 'dispatching') AND due_at <= :now"


@dataclass(frozen=True)
class Shown:
    """A message of a game on somebody's phone, as it was at `seen`; no buttons once the game is over."""

    seen: int = 0
    message: int = 0
    buttons: tuple[str, ...] = ()


class LateError(RuntimeError):
    """The bot did not get through its updates in time."""


class ChatActing:
    """Acts by deep links and buttons; what clerks do behind their tables goes through the services."""

    way = Way.CHAT
    beat = timedelta(seconds=5)

    def __init__(self, world: World, screens: Screens, phones: httpx.AsyncClient, seed: int) -> None:
        self._world = world
        self._screens = screens
        self._sandbox = phones
        self._chance = random.Random(seed)  # noqa: S311 - a simulation that must come out the same again.
        self._people: dict[int, int] = {}
        self._sent = self._acts = self._seq = 0
        self._calls: list[tuple[datetime, int, bool]] = []
        self._games: set[asyncio.Task[None]] = set()

    async def begin(self, course: Course) -> None:
        """Everybody has a phone; the event opens by the clock."""
        names = [{"first_name": f"访客{each.number}"} for each in course.visitors]
        for at in range(0, len(names), 1_000):
            people = await self._ask("POST", "/api/people/together", {"people": names[at : at + 1_000]})
            self._people |= {course.visitors[at + place].number: person["id"] for place, person in enumerate(people)}
        made = [
            (number, Introduction(person, f"访客{number}", Language.ZH, is_private=True))
            for number, person in self._people.items()
        ]
        await self._world.meet(made)
        await bind(self._world)
        await self._turn_clock(self._world.plan.starts_at)
        await self._until("SELECT count(*) FROM rallies WHERE state = 'running'", lambda count: count == 1)

    async def act(self, steps: Sequence[Step], now: datetime) -> None:
        """Turn the clock to the beat's end and let everybody act at once, while the bot keeps up."""
        await self._turn_clock(now)
        for some in chunks([step for step in steps if step.verb is not Verb.COLLECT]):
            await asyncio.gather(*(self._scan(step) for step in some))
            self._begin_games(some)
        for step in steps:
            if step.verb is Verb.COLLECT:
                await self._games_over(0)
                await self._settled(0)
                await collect(self._world, step)
        await self._games_over(BACKLOG)
        await self._settled(BACKLOG)
        self._acts += len(steps)
        if self._acts >= GATHER_EVERY:
            self._acts = 0
            await self._gather()

    async def end(self, now: datetime) -> Messages | None:
        """Let the bot answer and send everything, then count it."""
        await self._games_over(0)
        await self._settled(0)
        await self._turn_clock(now)
        await self._until(DUE, lambda count: count == 0)
        await self._gather()
        return messages_of(self._calls)

    async def _scan(self, step: Step) -> None:
        """A deep link, opened as a phone's camera does; the update's date is the clock's now."""
        late = self._world.app.clock.now() - step.at
        body = {"person_id": self._people[step.visitor], "parameter": f"k_{self._screens.code(step, late)}"}
        await self._ask("POST", f"/api/chats/{USERNAME}/start", body)
        self._sent += 1

    def _begin_games(self, steps: Sequence[Step]) -> None:
        """Games that those who scanned a live code are asked to play; the day goes on meanwhile."""
        for step in steps:
            is_live = step.verb in (Verb.SCAN, Verb.RELAY)
            if is_live and self._world.booth(step.booth).game.kind is not GameKind.SCAN:
                game = asyncio.create_task(self._play(step))
                self._games.add(game)

    async def _games_over(self, most: int) -> None:
        """Wait until at most so many games are being played."""
        while len(self._games) > most:
            done, self._games = await asyncio.wait(self._games, return_when=asyncio.FIRST_COMPLETED)
            for game in done:
                game.result()

    async def _play(self, step: Step) -> None:
        kind = self._world.booth(step.booth).game.kind
        if kind in TAPPED:
            await self._tap(step)
            return
        await self._settled(0)
        if kind is GameKind.PHOTO:
            await play(self._world, step, right=True)
        else:
            await confirm(self._world, step)

    async def _tap(self, step: Step) -> None:
        """Taps on the game's buttons until they are gone; a clerk helps whom that gave no stamp."""
        booth, person = self._world.booth(step.booth), self._people[step.visitor]
        right = self._chance.random() < RIGHT
        shown = await self._shown(person, booth)
        for move in range(booth.game.tries):
            data = next(
                (each for each in shown.buttons if each.startswith(chosen(booth, right=right or move > 0))), None
            )
            if data is None:
                break
            self._sent += 1
            path = f"/api/chats/{USERNAME}/messages/{shown.message}/taps"
            await self._ask("POST", path, {"person_id": person, "data": data})
            shown = await self._edited(person, shown)
        async with self._world.turn() as services:
            stand = await services.rally_course.stand(self._world.rally, self._world.members[step.visitor].id)
        if stand is None or booth.code not in stand.stamped:
            await confirm(self._world, step)

    async def _shown(self, person: int, booth: Booth) -> Shown:
        """Wait for a message with the booth's buttons on a phone."""
        shown = Shown()
        for _ in range(LOOKS):
            page = await self._look(person, shown.seen)
            shown = Shown(page["seq"])
            for message in reversed(page["messages"]):
                buttons = pressed_by(message)
                if any(each.startswith(chosen(booth, right=True)) for each in buttons):
                    return Shown(page["seq"], int(message["message_id"]), buttons)
        return shown

    async def _edited(self, person: int, before: Shown) -> Shown:
        """Wait for that message to change."""
        seen = before.seen
        for _ in range(LOOKS):
            page = await self._look(person, seen)
            seen = page["seq"]
            for message in page["messages"]:
                if message["message_id"] == before.message:
                    return Shown(seen, before.message, pressed_by(message))
        return Shown(seen)

    async def _look(self, person: int, seen: int) -> Any:
        """What is new on a phone, waited for."""
        path = f"/api/people/{person}/chats/{USERNAME}/messages"
        return await self._ask("GET", f"{path}?after={seen}&wait={LONG_LOOK}")

    async def _turn_clock(self, now: datetime) -> None:
        """Forward only: a bot that was slow has its own time already."""
        if now > self._world.app.clock.now():
            await self._ask("POST", "/api/clock", {"now": now.isoformat(), "rate": 1})

    async def _settled(self, backlog: int) -> None:
        """Wait until the bot has worked on all but so many updates."""
        await self._until(DONE, lambda count: count >= self._sent - backlog)

    async def _until(self, query: str, is_so: Any) -> None:
        try:
            async with asyncio.timeout(PATIENCE):
                while not is_so(await self._count(query)):  # noqa: ASYNC110 - the database tells nobody of a row.
                    await asyncio.sleep(LOOK_AGAIN)
        except TimeoutError:
            raise LateError(f"The bot fell behind for {PATIENCE:.0f} s: {query}") from None

    async def _count(self, query: str) -> int:
        async with self._world.app.database.unit_of_work() as uow:
            facts = {"now": self._world.app.clock.now()} if ":now" in query else {}
            return int(await uow.session.scalar(text(query), facts) or 0)

    async def _gather(self) -> None:
        """Read the sandbox's record of calls since the last time."""
        after = self._seq
        for method in PACED:
            found = await self._ask("GET", f"/api/calls?after={after}&method={method}")
            self._seq = max(self._seq, found["seq"])
            for call in found["calls"]:
                refused = call["error_code"] == TOO_MANY
                self._calls.append((datetime.fromisoformat(call["at"]), call["chat_id"] or 0, refused))

    async def _ask(self, verb: str, path: str, body: dict[str, Any] | None = None) -> Any:
        answer = await self._sandbox.request(verb, path, json=body)
        answer.raise_for_status()
        return answer.json()


def chosen(booth: Booth, *, right: bool) -> str:
    """How the data of the button begins that a visitor presses in a booth's game."""
    if booth.game.kind is GameKind.SPIN:
        return f"play_spin:{booth.id}:"
    return f"play:{booth.id}:{booth.game.answer if right else booth.game.answer % len(booth.game.options) + 1}:"


def pressed_by(message: dict[str, Any]) -> tuple[str, ...]:
    """The data of a message's buttons."""
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return tuple(button.get("callback_data", "") for row in rows for button in row)


@asynccontextmanager
async def phones(stage: Stage) -> AsyncIterator[httpx.AsyncClient]:
    """Connections to the sandbox."""
    limits = httpx.Limits(max_connections=LINES, max_keepalive_connections=LINES)
    async with httpx.AsyncClient(base_url=stage.sandbox, limits=limits, timeout=90, trust_env=False) as client:
        yield client
