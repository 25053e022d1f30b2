"""The live view: everything that happens, as Server-Sent Events."""

import json
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import StreamingResponse

from sandbox.api.replies import TheBox
from sandbox.events import Event
from sandbox.world import World

router = APIRouter(prefix="/api", tags=["live"])
HEARTBEAT_SECONDS = 15.0


@router.get("/events")
async def events(
    request: Request,
    box: TheBox,
    person_id: Annotated[list[int] | None, Query()] = None,
    after: int | None = None,
) -> StreamingResponse:
    """Stream what these people see (everybody, when none is named), from the given number or from now on."""
    last = request.headers.get("last-event-id", "")
    start = int(last) if last.isdigit() else box.world.state.seq if after is None else after
    stream = _stream(box.world, set(person_id or ()), start)
    return StreamingResponse(stream, media_type="text/event-stream", headers={"Cache-Control": "no-store"})


async def _stream(world: World, people: set[int], seq: int) -> AsyncIterator[str]:
    yield ": open\n\n"
    while not world.bells.stopping:
        fresh = world.events.after(seq)
        if not fresh:
            if not await world.bells.wait("events", HEARTBEAT_SECONDS):
                yield ": still here\n\n"
            continue
        seq = fresh[-1].seq
        for event in fresh:
            if _is_for(world, event, people):
                yield f"id: {event.seq}\ndata: {json.dumps(event.body, ensure_ascii=False)}\n\n"


def _is_for(world: World, event: Event, people: set[int]) -> bool:
    if not people or not event.chat_key:
        return True
    if event.only is not None:
        return event.only in people
    chat = world.state.chats[event.chat_key]
    return any(world.sees(person_id, chat) for person_id in people)
