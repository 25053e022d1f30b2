"""Answers to button presses, the typing sign and reactions."""

from sandbox import reactions, taps
from sandbox.botapi.registry import Call, method
from sandbox.botapi.targets import chat_of, message_of
from sandbox.errors import bad_request

MOST_OF_A_BOT = 1


@method("answerCallbackQuery")
def answer_callback_query(call: Call) -> bool:
    """Show the answer to the person who pressed."""
    text, url = call.get("text"), call.get("url")
    taps.answer(call.world, call.bot.id, call.params["callback_query_id"], text, bool(call.get("show_alert")), url)
    return True


@method("sendChatAction")
def send_chat_action(call: Call) -> bool:
    """Show that the bot is typing or uploading."""
    chat = chat_of(call)
    call.world.tell(chat, "typing", action=call.params["action"], bot=call.bot.id)
    return True


@method("setMessageReaction")
def set_message_reaction(call: Call) -> bool:
    """Put the bot's reaction on a message, or take it off."""
    chat = chat_of(call)
    stored = message_of(chat, call.params["message_id"], "message to react not found")
    wanted = call.get("reaction") or []
    if len(wanted) > MOST_OF_A_BOT:
        raise bad_request("REACTIONS_TOO_MANY")
    reactions.react(call.world, chat, stored, call.bot.id, wanted)
    return True
