"""Plays a script of people in a running sandbox: `python -m sandbox.personas --url URL SCRIPT.json`.

The script is data, so that this module knows no bot: {"people": {key: fields of a new person}, "steps": [step, …]}.
A step is {"who": key, verb: arguments} with the verbs below, or {"together": [[step, …], …]} for people who act at
the same time.
"""

import argparse
import asyncio
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import aiohttp

from sandbox.client import NotSeenError, Phone, RefusedError, Sandbox
from sandbox.model import JsonObject

PATIENCE = 30.0


class ScriptError(ValueError):
    """A step that cannot be played; the message says which."""


class Stage:
    """The people of one script and the groups they made."""

    def __init__(self, sandbox: Sandbox, bot: str) -> None:
        self._sandbox = sandbox
        self._bot = bot
        self._phones: dict[str, Phone] = {}
        self._groups: dict[str, int] = {}

    async def play(self, script: JsonObject) -> None:
        """Bring the people in, then play the steps."""
        for key, fields in script["people"].items():
            self._phones[key] = await self._sandbox.new_person(**fields)
        await self._scene(script["steps"])

    async def _scene(self, steps: list[JsonObject]) -> None:
        for step in steps:
            if scenes := step.get("together"):
                await asyncio.gather(*(self._scene(scene) for scene in scenes))
            else:
                await self._step(step)

    async def _step(self, step: JsonObject) -> None:
        phone = self._phones[step["who"]]
        match {name: value for name, value in step.items() if name != "who"}:
            case {"makes": name, "title": title}:
                self._groups[name] = await self._sandbox.new_group(title, phone)
            case {"adds_bot": rights, "parameter": parameter}:
                await phone.adds_bot(self._bot, rights=rights, parameter=parameter)
            case {"starts": parameter}:
                await phone.starts(self._bot, parameter or None)
            case {"joins": name}:
                await phone.joins(self._groups[name])
            case {"opens": name}:
                phone.opens(self._groups.get(name, self._bot))
            case {"says": words}:
                await phone.says(words)
            case {"taps": label}:
                await phone.taps(label)
            case {"sees": words}:
                await phone.sees(words, within=PATIENCE)
            case {"shares_contact": True}:
                await phone.shares_contact()
            case unknown:
                raise ScriptError(f"No such step: {unknown!r}.")


async def play(url: str, bot: str, script: Mapping[str, Any]) -> None:
    """Play a script against the sandbox at an address."""
    async with Sandbox(url) as sandbox:
        await Stage(sandbox, bot).play(dict(script))


def main(arguments: list[str] | None = None) -> int:
    """Play the script; returns the exit status, with one sentence on stderr when it could not be played."""
    parser = argparse.ArgumentParser(prog="python -m sandbox.personas", description="Play people in a sandbox.")
    parser.add_argument("--url", required=True, help="where the sandbox listens")
    parser.add_argument("--bot", required=True, help="the bot's username")
    parser.add_argument("script", type=Path)
    options = parser.parse_args(arguments)
    try:
        asyncio.run(play(options.url, options.bot, json.loads(options.script.read_text("utf-8"))))
    except (NotSeenError, RefusedError, ScriptError, OSError, KeyError, ValueError, aiohttp.ClientError) as fault:
        sys.stderr.write(f"The script stopped: {fault}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
