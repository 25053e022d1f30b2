"""`python -m sandbox` starts, saves its world, stops at once and explains what it cannot do."""

import json
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from aiogram import Bot
from aiogram.types import BufferedInputFile, ReplyKeyboardMarkup
from aiogram.types import KeyboardButton as Key

from sandbox.client import Sandbox
from tests.sandbox.conftest import SECRET, new_bot
from tests.sandbox.scenes import ALL_RIGHTS, button, group_with
from tests.sandbox.test_messages import picture
from tests.sandbox_process import ROOT, running_sandbox

TOKEN = f"777:{SECRET}"


def refusal(*arguments: str) -> str:
    """Return what the sandbox says when it refuses to start."""
    run = subprocess.run(
        [sys.executable, "-m", "sandbox", "--port", "0", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 1
    assert "Traceback" not in run.stderr
    assert run.stderr.count("\n") == 1
    return run.stderr


def test_a_busy_port_is_told_in_a_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert f"cannot listen on 127.0.0.1:{port}" in refusal("--port", str(port))


def test_a_malformed_bot_is_told_in_a_sentence() -> None:
    assert "A bot token looks like" in refusal("--bot", "1:short:name")
    assert "is no bot username" in refusal("--bot", f"{TOKEN}:1name:Name")
    assert "TOKEN:USERNAME:NAME" in refusal("--bot", "nothing")


def test_a_damaged_state_or_clock_is_told_in_a_sentence(tmp_path: Path) -> None:
    damaged = tmp_path / "world.json"
    damaged.write_text("{")
    assert str(damaged) in refusal("--state", str(damaged))
    assert "clock file" in refusal("--clock-file", str(damaged))


async def test_named_bots_are_known_from_the_start() -> None:
    with running_sandbox("--bot", f"{TOKEN}:welfare_bot:福利小助手") as url:
        async with Sandbox(url) as sandbox:
            (known,) = (await sandbox.world())["bots"]
    assert (known["id"], known["username"], known["first_name"]) == (777, "welfare_bot", "福利小助手")


async def furnish(bot: Bot, sandbox: Sandbox) -> int:
    """Put something of every kind into the world; returns the group."""
    group = await group_with(sandbox, bot, ALL_RIGHTS)
    card = await bot.send_photo(group.id, picture(), caption="接龙", reply_markup=button())
    await card.pin()
    await bot.send_document(group.id, BufferedInputFile(b"a", "a.txt"))
    await bot.create_chat_invite_link(group.id, name="柜台")
    await group.member.starts(bot.id)
    await bot.send_message(group.member.id, "选", reply_markup=ReplyKeyboardMarkup(keyboard=[[Key(text="参团")]]))
    await bot.set_my_commands([{"command": "join", "description": "参团"}])  # type: ignore[list-item]
    await group.member.taps("我要接龙", group.id)
    await group.member.reacts("👍", card.message_id, group.id)
    await bot.get_updates(limit=2, allowed_updates=["message", "callback_query"])
    return group.id


async def test_the_world_survives_a_restart(tmp_path: Path) -> None:
    state = str(tmp_path / "var" / "world.json")
    with running_sandbox("--state", state) as url:
        bot = new_bot(url, TOKEN)
        async with Sandbox(url) as sandbox:
            await bot.me()
            group = await furnish(bot, sandbox)
            before, updates = await sandbox.world(), await sandbox.updates()
            member = (await sandbox.phones())[1]
            seen = await member.reads(group)
        await bot.session.close()
    with running_sandbox("--state", state) as url:
        bot = new_bot(url, TOKEN)
        async with Sandbox(url) as sandbox:
            after = await sandbox.world()
            assert {name: after[name] for name in ("bots", "people", "groups", "seq")} == {
                name: before[name] for name in ("bots", "people", "groups", "seq")
            }
            assert await sandbox.updates() == updates
            member = (await sandbox.phones())[1]
            assert await member.reads(group) == seen
            assert await member.keyboard(777) is not None
            photo = next(message for message in seen if "photo" in message)["photo"][0]["file_id"]
            async with httpx.AsyncClient() as http:
                assert (await http.get(f"{url}/api/files/{photo}")).content == picture().data
            pressed = [update.callback_query for update in await bot.get_updates() if update.callback_query]
            await bot.answer_callback_query(pressed[0].id, "在")
        await bot.session.close()


def test_a_snapshot_is_whole_even_after_a_kill(tmp_path: Path) -> None:
    state = tmp_path / "world.json"
    with subprocess.Popen(
        [sys.executable, "-m", "sandbox", "--port", "0", "--state", str(state)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        with httpx.Client(base_url=process.stdout.readline().split()[-1]) as http:
            while not state.exists():
                http.post("/api/people", json={"first_name": "一"})
        process.kill()
    assert json.loads(state.read_text())["people"]


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_a_waiting_poll_does_not_hold_up_the_stop(how: signal.Signals) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "sandbox", "--port", "0"], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        url = process.stdout.readline().split()[-1]
        with httpx.Client(base_url=url, timeout=30) as http:
            http.get(f"/bot{TOKEN}/getMe")
            with http.stream("GET", "/api/events") as events:
                assert next(events.iter_lines()) == ": open"
                process.send_signal(how)
                assert process.wait(10) == 0
