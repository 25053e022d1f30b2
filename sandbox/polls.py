"""Polls: made by people and bots, voted on by people, stopped by their bot."""

from typing import Any

from sandbox.errors import PersonRefused
from sandbox.model import Chat, JsonObject, Person, StoredMessage, filled
from sandbox.world import World


def new_poll(world: World, question: str, options: list[str], **settings: Any) -> JsonObject:
    """Return Telegram's Poll without a vote; settings such as `is_anonymous` replace the defaults."""
    looks = {"total_voter_count": 0, "is_closed": False, "is_anonymous": True, "type": "regular"}
    flags = {"allows_multiple_answers": False, "allows_revoting": True, "members_only": False}
    rows = [{"persistent_id": str(n), "text": text, "voter_count": 0} for n, text in enumerate(options)]
    return {"id": str(world.random.getrandbits(60)), "question": question, "options": rows} | looks | flags | settings


def vote(world: World, chat: Chat, stored: StoredMessage, person: Person, chosen: list[int]) -> None:
    """Put this person's vote in place of the former; no options take it back. PersonRefused when it cannot count."""
    poll = stored.body["poll"]
    _check(poll, stored.votes.get(person.id), chosen)
    if chosen:
        stored.votes[person.id] = sorted(chosen)
    else:
        stored.votes.pop(person.id, None)
    _count(world, chat, stored)
    if stored.author in world.state.bots:
        _tell_bot(world, stored, person, sorted(chosen))


def _check(poll: JsonObject, former: list[int] | None, chosen: list[int]) -> None:
    if poll["is_closed"]:
        raise PersonRefused("The poll is closed.", 409)
    if former and not poll["allows_revoting"]:
        raise PersonRefused("A vote in this poll cannot be changed.", 409)
    if not former and not chosen:
        raise PersonRefused("There is no vote to take back.", 409)
    if len(chosen) > 1 and not poll["allows_multiple_answers"]:
        raise PersonRefused("This poll takes one answer.", 422)
    if len(set(chosen)) != len(chosen) or not set(chosen) <= set(range(len(poll["options"]))):
        raise PersonRefused(f"The poll has the options 0 to {len(poll['options']) - 1}, each once.", 422)


def stop(world: World, chat: Chat, stored: StoredMessage, markup: JsonObject | None) -> JsonObject:
    """Close the poll, leave these buttons below it and return it as it ended."""
    kept = {name: value for name, value in stored.body.items() if name != "reply_markup"}
    stored.body = kept | {"poll": stored.body["poll"] | {"is_closed": True}} | filled(reply_markup=markup)
    _count(world, chat, stored)
    closed: JsonObject = stored.body["poll"]
    world.updates.add(stored.author, "poll", closed, f"poll:{closed['id']}")
    return closed


def _count(world: World, chat: Chat, stored: StoredMessage) -> None:
    poll = stored.body["poll"]
    votes = [option for chosen in stored.votes.values() for option in chosen]
    rows = [row | {"voter_count": votes.count(number)} for number, row in enumerate(poll["options"])]
    stored.body = stored.body | {"poll": poll | {"options": rows, "total_voter_count": len(stored.votes)}}
    world.tell(chat, "poll", stored)


def _tell_bot(world: World, stored: StoredMessage, person: Person, chosen: list[int]) -> None:
    """Tell the bot whose poll it is; people's polls are told to no bot."""
    poll = stored.body["poll"]
    lane = f"poll:{poll['id']}"
    world.updates.add(stored.author, "poll", poll, lane)
    if not poll["is_anonymous"]:
        persistent = [poll["options"][number]["persistent_id"] for number in chosen]
        who = {"poll_id": poll["id"], "user": person.user()}
        answer = who | {"option_ids": chosen, "option_persistent_ids": persistent}
        world.updates.add(stored.author, "poll_answer", answer, lane)
