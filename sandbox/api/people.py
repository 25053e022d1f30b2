"""People: who they are, which bots they block, which chats are on their phones."""

from typing import Any

from fastapi import APIRouter, Response

from sandbox import messages
from sandbox.api.bodies import Blocking, NewPeople, NewPerson
from sandbox.api.replies import TheBox, answer
from sandbox.errors import PersonRefused
from sandbox.menus import commands_for, menu_button_for
from sandbox.model import Chat, JsonObject, Member, Person, StoredMessage, filled
from sandbox.world import World, shown

router = APIRouter(prefix="/api/people", tags=["people"])


def person_view(person: Person) -> JsonObject:
    """Return the person as the person's side shows people."""
    hidden = ("opened", "blocked")
    return {name: value for name, value in vars(person).items() if name not in hidden}


@router.post("")
async def new_person(body: NewPerson, box: TheBox) -> Response:
    """Create a person; without a phone number an impossible one is given."""
    return answer(_create(box.world, body))


@router.post("/together")
async def new_people(body: NewPeople, box: TheBox) -> Response:
    """Create many people."""
    return answer([_create(box.world, person) for person in body.people])


def _create(world: World, body: NewPerson) -> JsonObject:
    if body.username and any(person.username == body.username for person in world.state.people.values()):
        raise PersonRefused(f"The username {body.username} is taken.", 409)
    person = world.add_person(**body.model_dump())
    person.phone = person.phone or f"+8610{person.id % 10**9:09d}"
    world.tell_all("person", person=person_view(person))
    return person_view(person)


@router.get("")
async def people(box: TheBox) -> Response:
    """Return everybody."""
    return answer([person_view(person) for person in box.world.state.people.values()])


@router.get("/{person_id}")
async def person(person_id: int, box: TheBox) -> Response:
    """Return one person."""
    return answer(person_view(box.world.person(person_id)))


@router.post("/{person_id}/block")
async def block(person_id: int, body: Blocking, box: TheBox) -> Response:
    """Block a bot: its messages answer 403 from now on."""
    return _block(box.world, box.world.person(person_id), body, blocked=True)


@router.post("/{person_id}/unblock")
async def unblock(person_id: int, body: Blocking, box: TheBox) -> Response:
    """Let a blocked bot write again."""
    return _block(box.world, box.world.person(person_id), body, blocked=False)


def _block(world: World, person: Person, body: Blocking, *, blocked: bool) -> Response:
    bot = world.bot(body.bot)
    if (bot.id in person.blocked) != blocked:
        (person.blocked.add if blocked else person.blocked.discard)(bot.id)
        _tell_bot(world, world.private_chat(bot, person), blocked=blocked)
    return answer({"blocked": blocked})


def _tell_bot(world: World, chat: Chat, *, blocked: bool) -> None:
    bot = world.state.bots[chat.bot_id or 0]
    old, new = Member(bot.id, "kicked"), Member(bot.id, "member")
    if blocked:
        old, new = new, old
    change = {
        "chat": world.chat_object(chat),
        "from": world.user(chat.id),
        "date": world.date(),
        "old_chat_member": old.chat_member(bot.user()),
        "new_chat_member": new.chat_member(bot.user()),
    }
    world.updates.add(bot.id, "my_chat_member", change, f"chat:{chat.id}")
    world.tell(chat, "chat", blocked=blocked)


@router.get("/{person_id}/chats")
async def chats(person_id: int, box: TheBox) -> Response:
    """Return the chats on the person's phone, newest first."""
    person = box.world.person(person_id)
    mine = [chat for chat in box.world.state.chats.values() if box.world.sees(person_id, chat)]
    views = [_chat_view(box.world, person, chat) for chat in mine]
    return answer(sorted(views, key=lambda view: view["moved"], reverse=True))


def _chat_view(world: World, person: Person, chat: Chat) -> JsonObject:
    seen = [stored for stored in messages.visible(chat, person.id) if not stored.deleted]
    read = chat.read.get(person.id, 0)
    pinned = messages.pinned(chat)
    bots = world.bots_in(chat)
    return {
        "chat": chat.bot_id or chat.id,
        "title": bots[0].first_name if chat.is_private else chat.title,
        "kind": chat.kind,
        "last_message": shown(seen[-1]) if seen else None,
        "unread": sum(1 for stored in seen if stored.born > read and stored.author != person.id),
        "pinned_message": shown(pinned[0]) if pinned else None,
        "pinned_messages": [shown(stored) for stored in pinned],
        "bots": [bot.user() | {"commands": commands_for(bot, chat, person)} for bot in bots],
        "menu_button": menu_button_for(bots[0], chat) if chat.is_private else None,
        "members_count": 2 if chat.is_private else len(chat.inside()),
        "blocked": chat.bot_id in person.blocked,
        "opened": chat.bot_id in person.opened if chat.is_private else True,
        "seq": chat.seq,
        "moved": seen[-1].born if seen else 0,
    }


@router.get("/{person_id}/chats/{chat}/messages")
async def read_chat(
    person_id: int, chat: str, box: TheBox, after: int = 0, wait: float = 0, limit: int = 1000
) -> Response:
    """Return what this person sees: messages created, edited or deleted after the given number; may wait for one."""
    world = box.world
    person = world.person(person_id)
    found = _readable(world, person, chat)
    await world.bells.wait_for(("chat", found.key), lambda: found.seq > after, min(wait, 60))
    return answer(_page(world, person, found, after, limit))


def _readable(world: World, person: Person, name: str) -> Chat:
    chat = world.chat_of_person(person, name)
    if not world.sees(person.id, chat):
        raise PersonRefused(f"{person.first_name} is not in this group.", 403)
    return chat


def _page(world: World, person: Person, chat: Chat, after: int, limit: int) -> dict[str, Any]:
    seen = [stored for stored in messages.visible(chat, person.id) if stored.seq > after]
    pinned = [shown(stored) for stored in messages.pinned(chat)]
    return {
        "messages": [shown(stored) | _own(stored, person) for stored in seen[-limit:]],
        "pinned": pinned[0] if pinned else None,
        "pinned_messages": pinned,
        "reply_keyboard": chat.keyboards.get(person.id),
        "seq": max(chat.seq, after),
    }


def _own(stored: StoredMessage, person: Person) -> JsonObject:
    return {"out": stored.author == person.id} | filled(voted=stored.votes.get(person.id))


@router.post("/{person_id}/chats/{chat}/read")
async def mark_read(person_id: int, chat: str, box: TheBox) -> Response:
    """Mark everything in the chat as read."""
    found = _readable(box.world, box.world.person(person_id), chat)
    found.read[person_id] = found.seq
    return answer({"read": found.seq})
