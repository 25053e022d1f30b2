"""Mini Apps on the person's phone: opening one, and what a keyboard's app sends back."""

from fastapi import APIRouter, Response

from sandbox import messages, webapps
from sandbox.api.bodies import AppData, AppOpening
from sandbox.api.replies import TheBox, answer
from sandbox.api.writing import open_chat
from sandbox.errors import PersonRefused
from sandbox.model import Chat

router = APIRouter(prefix="/api", tags=["mini apps"])


@router.post("/people/{person_id}/web-apps")
async def open_app(person_id: int, body: AppOpening, box: TheBox) -> Response:
    """Return the signed address of a bot's Mini App: a button's, or its main one as t.me/<bot>?startapp= opens it."""
    world = box.world
    person, bot = world.person(person_id), world.bot(body.bot)
    url = body.url or bot.main_web_app
    if url is None:
        raise PersonRefused(f"@{bot.username} has no main Mini App.", 404)
    if not webapps.is_allowed(url):
        raise PersonRefused("A Mini App needs an https address.", 422)
    return answer({"url": webapps.address(world, bot, person, url, body.start_parameter)})


@router.post("/chats/{chat}/web-app-data")
async def send_data(chat: str, body: AppData, box: TheBox) -> Response:
    """Send what the app of a keyboard's button made, as Telegram.WebApp.sendData does; the keyboard must show it."""
    world = box.world
    person = world.person(body.person_id)
    found = open_chat(world, person, chat)
    if body.button_text not in _apps(found, person.id):
        raise PersonRefused(f"The keyboard has no Mini App {body.button_text!r}.", 409)
    sent = {"data": body.data, "button_text": body.button_text}
    stored = messages.post(world, found, person.id, {"web_app_data": sent})
    messages.used_keyboard(found, person.id, body.button_text)
    return answer({"message_id": stored.id})


def _apps(chat: Chat, person_id: int) -> list[str]:
    rows = chat.keyboards.get(person_id, {}).get("keyboard", [])
    return [key["text"] for row in rows for key in row if isinstance(key, dict) and "web_app" in key]
