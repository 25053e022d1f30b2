"""No message of marketing goes round the gate of persons: few modules speak to the platform, and those ask it."""

import ast
from functools import cache
from pathlib import Path

from tests.house.test_gate_of_words import calls_in

ROOT = Path(__file__).resolve().parents[2]
# What leaves at once answers the person's own act; the poller and the start send nothing to people.
SPEAKS = {"bot/sender.py", "bot/replies.py", "bot/poller.py", "bot/serving.py", "bot/channels.py"}
HARMLESS = {
    "create_chat_invite_link",
    "download",
    "forget_old",
    "get_chat_member",
    "set_chat_menu_button",
    "set_my_commands",
    "set_webhook",
}
ROOMS = ("bot", "handlers", "campaigns", "storage")


@cache
def sources() -> list[Path]:
    return [path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py"))]


@cache
def awaited(path: Path) -> set[str]:
    """What a file awaits, as it is written; nothing of a file that knows no bot and carries nothing."""
    source = path.read_text("utf-8")
    if "bot" not in source and ".carry" not in source:
        return set()
    nodes = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Await))
    return {ast.unparse(node.value.func) for node in nodes if isinstance(node.value, ast.Call)}


def test_only_sender_replies_and_carriers_hand_anything_to_the_outside() -> None:
    speaking = {
        str(path.relative_to(ROOT))
        for path in sources()
        if any(name.split(".")[-1] in {"bot", "_bot", "carry"} for name in awaited(path))
    }
    assert speaking == SPEAKS


def test_whoever_holds_the_bot_elsewhere_sends_no_words_with_it() -> None:
    spoken = {
        name.split(".")[-1]
        for path in sources()
        for name in awaited(path)
        if name.split(".")[-2:-1] in (["bot"], ["_bot"])
    }
    assert spoken - HARMLESS == set()


def test_what_is_handed_out_was_dispatched_behind_the_gate() -> None:
    dispatching = {
        f"{path.relative_to(ROOT)}:{name}": used
        for path in sources()
        if ".dispatch(" in path.read_text("utf-8")
        for name, used in calls_in(path).items()
        if any(each.endswith(".dispatch") for each in used) and path.parent.name == "bot"
    }
    assert dispatching.keys() == {"bot/sender.py:_round", "bot/channels.py:round"}
    assert "self._pass_gate" in dispatching["bot/sender.py:_round"]
    assert "Gatekeeper" in dispatching["bot/channels.py:round"]
    assert "judge_message" in calls_in(ROOT / "bot" / "channels.py")["let"]
    assert "judge" in calls_in(ROOT / "campaigns" / "channels" / "rules.py")["judge_message"]
    assert "judge" in calls_in(ROOT / "storage" / "compliance.py")["_judge"]


def test_the_gate_asks_an_offer_for_everything() -> None:
    rules = calls_in(ROOT / "campaigns" / "compliance" / "rules.py")
    assert {"_unreachable", "_bad_words", "_unfit", "_when"} <= rules["judge"]
    assert {"_unasked", "_unsuitable", "facts.needs_review", "facts.has_it"} <= rules["_unfit"]
    assert {"first_day_with_room", "next_allowed"} <= rules["_when"]


def test_no_answer_to_a_tap_is_marketing() -> None:
    """What leaves at once is asked nothing, so nothing that handlers or replies make may call itself an offer."""
    naming = [
        str(path.relative_to(ROOT))
        for path in sources()
        if path.is_relative_to(ROOT / "handlers" / "chat") or path.name == "replies.py"
        if "Kind.MARKETING" in path.read_text("utf-8")
    ]
    assert naming == []
