"""What people do in a chat: write, start a bot, share a contact, tap, react."""

import time

from fastapi import APIRouter, Response

from sandbox import membership, messages, polls, reactions, sharing, taps
from sandbox.api.bodies import ChatSharing, ContactSharing, NewMessage, NewTap, Reaction, Start, TapsTogether, Vote
from sandbox.api.groups import found_group
from sandbox.api.replies import TheBox, answer
from sandbox.api.writing import content_of, open_chat, write
from sandbox.errors import PersonRefused
from sandbox.model import Chat, JsonObject, Person, Tap, filled
from sandbox.world import World, shown

router = APIRouter(prefix="/api", tags=["chats"])


@router.post("/chats/{chat}/messages")
async def send(chat: str, body: NewMessage, box: TheBox) -> Response:
    """Send something to a group, or to a bot's private chat; or edit an own text."""
    world = box.world
    person = world.person(body.person_id)
    found = open_chat(world, person, chat)
    if body.edit_of is not None:
        return answer(_edit(world, found, person, body))
    content = content_of(world, person, body)
    messages.used_keyboard(found, person.id, body.text)
    return answer(shown(write(world, found, person, content, reply_to=body.reply_to_message_id)))


def _edit(world: World, chat: Chat, person: Person, body: NewMessage) -> JsonObject:
    stored = chat.messages.get(body.edit_of or 0)
    if stored is None or stored.deleted or stored.author != person.id or "text" not in stored.body:
        raise PersonRefused("Only an own text can be edited.", 404)
    messages.edit(world, chat, stored, content_of(world, person, body), drop=("text", "entities"))
    return shown(stored)


@router.post("/chats/{chat}/start")
async def start(chat: str, body: Start, box: TheBox) -> Response:
    """Open a bot's private chat by a deep link and press START."""
    world = box.world
    person = world.person(body.person_id)
    found = open_chat(world, person, chat)
    if not found.is_private:
        raise PersonRefused("A group is no bot: use the bot's username.", 409)
    membership.say(world, found, person, f"/start {body.parameter or ''}".strip())
    return answer({"started": True})


@router.post("/chats/{chat}/contact")
async def share_contact(chat: str, body: ContactSharing, box: TheBox) -> Response:
    """Share the own contact, or forward another person's."""
    world = box.world
    person = world.person(body.person_id)
    owner = world.person(body.contact_of or person.id)
    found = open_chat(world, person, chat)
    contact = filled(phone_number=owner.phone) | owner.names() | {"user_id": owner.id}
    keyboard = found.keyboards.get(person.id)
    if keyboard and keyboard.get("one_time_keyboard"):
        del found.keyboards[person.id]
    return answer(shown(write(world, found, person, {"contact": contact})))


@router.post("/chats/{chat}/shared-chat")
async def share_chat(chat: str, body: ChatSharing, box: TheBox) -> Response:
    """Press a button that asks for a chat: name a group of the person's, or the title of one to create."""
    world = box.world
    person = world.person(body.person_id)
    private = open_chat(world, person, chat)
    wanted = sharing.wanted_by(private, person, body.request_id)
    if (body.chat is None) == (body.title is None):
        raise PersonRefused("Name either a chat or the title of a new one.", 422)
    group = world.group(body.chat) if body.chat is not None else found_group(world, body.title or "", person)
    sharing.share_chat(world, private, person, wanted, group)
    return answer(world.chat_object(group))


@router.post("/chats/{chat}/messages/{message_id}/taps")
async def tap(chat: str, message_id: int, body: NewTap, box: TheBox) -> Response:
    """Press an inline button; waits for the bot's answer as long as asked. Ephemeral messages have negative ids."""
    world = box.world
    person = world.person(body.person_id)
    found = world.chat_of_person(person, chat)
    if not world.sees(person.id, found):
        raise PersonRefused(f"{person.first_name} is not in this group.", 403)
    stored = taps.find_message(found, person.id, message_id)
    if body.data is not None:
        pressed = taps.press(world, found, person, stored, body.data, forged=True)
        return await _answered(world, pressed, body.wait)
    button = taps.find_button(stored, body.text, body.row, body.column)
    if "disabled" in button:
        raise PersonRefused(f"The button {button['text']!r} is disabled.", 409)
    if "callback_data" not in button:
        return answer({"callback_query_id": None, "answer": {"text": None, "show_alert": False, **_link_of(button)}})
    pressed = taps.press(world, found, person, stored, button["callback_data"], forged=False)
    return await _answered(world, pressed, body.wait)


def _link_of(button: JsonObject) -> JsonObject:
    web_app = button.get("web_app", {}).get("url")
    return {"url": button.get("url") or web_app} | filled(copy_text=button.get("copy_text", {}).get("text"))


async def _answered(world: World, pressed: Tap, wait: float) -> Response:
    await world.bells.wait_for(("tap", pressed.id), pressed.is_answered, min(wait, 60))
    return answer(_tap_view(pressed))


def _tap_view(pressed: Tap) -> JsonObject:
    return {
        "callback_query_id": pressed.id,
        "answered": pressed.answered,
        "answer": pressed.answer,
        "seconds": pressed.seconds,
    }


@router.post("/chats/{chat}/messages/{message_id}/taps/together")
async def tap_together(chat: str, message_id: int, body: TapsTogether, box: TheBox) -> Response:
    """Let many people press the same button at the same moment; waits until all are answered, as long as asked."""
    world = box.world
    presses = []
    for person_id in body.person_ids:
        person = world.person(person_id)
        found = world.chat_of_person(person, chat)
        if not world.sees(person.id, found):
            raise PersonRefused(f"{person.first_name} is not in this group.", 403)
        stored = taps.find_message(found, person.id, message_id)
        button = taps.find_button(stored, body.text, None, None)
        if "callback_data" not in button:
            raise PersonRefused(f"The button {button['text']!r} does not ask the bot.", 409)
        presses.append(taps.press(world, found, person, stored, button["callback_data"], forged=False))
    deadline = time.monotonic() + body.wait
    for pressed in presses:
        await world.bells.wait_for(("tap", pressed.id), pressed.is_answered, deadline - time.monotonic())
    return answer([_tap_view(pressed) for pressed in presses])


@router.get("/taps/{callback_query_id}")
async def tap_answer(callback_query_id: str, box: TheBox, wait: float = 0) -> Response:
    """Return the bot's answer to a press, waiting for it as long as asked."""
    pressed = box.world.state.taps.get(callback_query_id)
    if pressed is None:
        raise PersonRefused(f"There was no press {callback_query_id}.", 404)
    return await _answered(box.world, pressed, wait)


@router.post("/chats/{chat}/messages/{message_id}/reactions")
async def react(chat: str, message_id: int, body: Reaction, box: TheBox) -> Response:
    """Put an emoji on a message instead of the former one, or take it off."""
    world = box.world
    person = world.person(body.person_id)
    found = open_chat(world, person, chat)
    stored = found.messages.get(message_id)
    if stored is None or stored.deleted or messages.SERVICE_FIELDS & stored.body.keys():
        raise PersonRefused(f"There is no message {message_id} to react to.", 404)
    reactions.react(world, found, stored, person.id, [{"type": "emoji", "emoji": body.emoji}] if body.emoji else [])
    return answer(shown(stored))


@router.post("/chats/{chat}/messages/{message_id}/votes")
async def vote(chat: str, message_id: int, body: Vote, box: TheBox) -> Response:
    """Vote in a poll instead of the former vote, or take it back."""
    world = box.world
    person = world.person(body.person_id)
    found = open_chat(world, person, chat)
    stored = found.messages.get(message_id)
    if stored is None or stored.deleted or "poll" not in stored.body:
        raise PersonRefused(f"There is no poll {message_id} in this chat.", 404)
    polls.vote(world, found, stored, person, body.options)
    return answer(shown(stored))
