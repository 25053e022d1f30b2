"""Answers to button presses, the typing sign and reactions."""

from sandbox import taps
from sandbox.botapi.registry import Call, method
from sandbox.botapi.targets import chat_of, message_of


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
    reactions = chat.reactions.setdefault(stored.id, {})
    reactions[call.bot.id] = call.get("reaction") or []
    call.world.tell(chat, "reaction", stored, reaction=reactions[call.bot.id], user_id=call.bot.id)
    return True
