"""What a tester looks at and turns: the world, bots, faults, the clock, the record of calls and updates, files."""

from fastapi import APIRouter, Response

from sandbox.api.bodies import BotChange, ClockTurn, FaultSettings, NewBot
from sandbox.api.groups import group_summary
from sandbox.api.people import person_view
from sandbox.api.replies import TheBox, answer
from sandbox.box import Box
from sandbox.clock import seconds_of
from sandbox.errors import PersonRefused
from sandbox.menus import command_key, menus_of
from sandbox.model import Bot, JsonObject
from sandbox.updates import QueuedUpdate
from sandbox.webapps import is_allowed

router = APIRouter(prefix="/api", tags=["workshop"])


def bot_view(bot: Bot) -> JsonObject:
    """Return the bot with what its profile and menu show."""
    return bot.user() | {
        "description": bot.descriptions.get("", ""),
        "short_description": bot.short_descriptions.get("", ""),
        "descriptions": bot.descriptions,
        "commands": bot.commands.get(command_key(None, None), []),
        "menus": menus_of(bot),
        "menu_button": bot.menu_buttons.get("", {"type": "commands"}),
        "privacy_mode": bot.privacy_mode,
        "main_web_app": bot.main_web_app,
    }


def clock_view(box: Box) -> JsonObject:
    """Return the domain time, its rate and its distance from the system's clock."""
    now = box.clock.now()
    return {"now": now.isoformat(), "rate": box.clock.rate, "offset_seconds": box.clock.offset()}


def fault_view(box: Box) -> JsonObject:
    """Return the fault rules and limits in force."""
    return {"rules": [rule.model_dump() for rule in box.faults.rules], "limits": box.limiter.shown()}


@router.get("/world")
async def world(box: TheBox) -> Response:
    """Return who exists and how the sandbox is set; a group's members are told by `/api/groups/{chat}`."""
    state = box.world.state
    groups = [chat for chat in state.chats.values() if not chat.is_private and chat.migrated_to is None]
    return answer(
        {
            "bots": [bot_view(bot) for bot in state.bots.values()],
            "people": [person_view(person) for person in state.people.values()],
            "groups": [group_summary(box.world, chat) for chat in groups],
            "clock": clock_view(box),
            "faults": fault_view(box),
            "seq": state.seq,
        }
    )


@router.post("/bots")
async def new_bot(body: NewBot, box: TheBox) -> Response:
    """Create or rename a bot, as @BotFather does."""
    try:
        bot = box.world.add_bot(body.token, body.username, body.first_name)
    except ValueError as fault:
        raise PersonRefused(str(fault), 422) from fault
    box.world.tell_all("bot", bot=bot.id)
    return answer(bot_view(bot))


@router.patch("/bots/{bot}")
async def change_bot(bot: str, body: BotChange, box: TheBox) -> Response:
    """Turn a bot's privacy mode on or off, rename it, or set its main Mini App."""
    known = box.world.bot(bot)
    if body.privacy_mode is not None:
        known.privacy_mode = body.privacy_mode
    if body.main_web_app and not is_allowed(body.main_web_app):
        raise PersonRefused("A Mini App needs an https address.", 422)
    if body.main_web_app is not None:
        known.main_web_app = body.main_web_app or None
    known.first_name = body.first_name or known.first_name
    box.world.tell_all("bot", bot=known.id)
    return answer(bot_view(known))


@router.get("/faults")
async def faults(box: TheBox) -> Response:
    """Return the fault rules and limits in force."""
    return answer(fault_view(box))


@router.put("/faults")
async def set_faults(body: FaultSettings, box: TheBox) -> Response:
    """Replace the fault rules; limits change only when they are given."""
    if body.limits is not None:
        try:
            box.limiter.set(body.limits)
        except ValueError as fault:
            raise PersonRefused(str(fault), 422) from fault
    box.faults.replace(body.rules)
    return answer(fault_view(box))


@router.get("/clock")
async def clock(box: TheBox) -> Response:
    """Return the domain time."""
    return answer(clock_view(box))


@router.post("/clock")
async def turn_clock(body: ClockTurn, box: TheBox) -> Response:
    """Jump by a span, to a moment, or change the rate; written to the shared clock file."""
    if body.now is not None and body.now.tzinfo is None:
        raise PersonRefused("The moment needs an offset such as +08:00.", 422)
    try:
        span = seconds_of(body.advance or 0)
    except ValueError as fault:
        raise PersonRefused(str(fault), 422) from fault
    box.clock.turn(advance=span, now=body.now, rate=body.rate)
    box.world.tell_all("clock", clock=clock_view(box))
    return answer(clock_view(box))


@router.get("/calls")
async def calls(
    box: TheBox,
    after: int = 0,
    method: str | None = None,
    chat_id: int | None = None,
    bot: int | None = None,
    wait: float = 0,
) -> Response:
    """Return the calls of bots after the given number that match; may wait for the first."""

    def matching() -> list[JsonObject]:
        return box.record.after(after, method=method, chat_id=chat_id, bot=bot)

    await box.world.bells.wait_for("calls", lambda: bool(matching()), min(wait, 60))
    return answer({"calls": matching(), "seq": box.record.seq})


@router.get("/updates")
async def updates(box: TheBox, bot: str | None = None, after: int = 0) -> Response:
    """Return the updates queued for a bot (or all bots), with their delivered and confirmed marks."""
    wanted = [box.world.bot(bot).id] if bot else list(box.world.state.queues)
    rows = [
        _update_view(bot_id, update)
        for bot_id in wanted
        for update in (*box.world.state.queues[bot_id].done, *box.world.state.queues[bot_id].pending)
        if update.update_id > after
    ]
    return answer({"updates": rows})


def _update_view(bot_id: int, update: QueuedUpdate) -> JsonObject:
    marks = {"delivered": update.delivered, "confirmed": update.confirmed}
    return {"bot": bot_id, "kind": update.kind, **marks, "update_id": update.update_id, "update": update.whole()}


@router.get("/files/{file_id}")
async def file(file_id: str, box: TheBox) -> Response:
    """Return the bytes of a photo or document."""
    stored = box.world.state.files.get(file_id)
    if stored is None:
        raise PersonRefused("There is no such file.", 404)
    headers = {"Cache-Control": "max-age=31536000, immutable", "X-Content-Type-Options": "nosniff"}
    return Response(box.world.contents[file_id], media_type=stored.mime_type, headers=headers)
