"""`run`: everything on one machine — database, sandbox and bot — until Ctrl-C; the demo world on the first day."""

import json
import os
import secrets
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import NoReturn

from sqlalchemy import create_engine, text

from bot.clock import Clock
from bot.demo import read_contacts, script
from bot.operations.invitations import invite
from bot.ports import check_port
from bot.settings import Settings
from campaigns.staff.model import Role
from storage.database import sqlalchemy_url

ROOT = Path(__file__).resolve().parent.parent
SANDBOX_USERNAME = "welfare_bot"
DEMO_CUSTOMERS = 400
DEMO_ENTERPRISES = 40
DEMO_MEMBERS = 8
START_SECONDS = 60
STOP_SECONDS = 20

Say = Callable[[str], None]


class RunError(RuntimeError):
    """Something that `run` started does not run; the message says which."""


@dataclass(frozen=True)
class Delivery:
    """The bank data that the demo's people are customers of; None of a folder means an invented bank."""

    folder: Path | None
    profile: str
    as_of: date


class Run:
    """The processes of one `run`, and what they are told."""

    def __init__(self, settings: Settings, url: str, say: Say) -> None:
        self.settings = settings
        self.url = url
        self.say = say
        self.has_sandbox = settings.bot_token is None and settings.bot_api_url is None
        self._children: list[tuple[str, subprocess.Popen[bytes]]] = []

    @property
    def sandbox_url(self) -> str:
        """Where the web chat is."""
        return f"http://{self.settings.host}:{self.settings.sandbox_port}"

    def start(self, delivery: Delivery) -> None:
        """Start what is needed, and load the demo world into a fresh private database."""
        check_port(self.settings.host, self.settings.port)
        fresh = is_fresh(self.url)
        if self.has_sandbox:
            check_port(self.settings.host, self.settings.sandbox_port)
            self._start_sandbox(fresh=fresh)
        self._start(
            "The bot", [sys.executable, "main.py", "serve"], f"http://{self.settings.host}:{self.settings.port}/ready"
        )
        if self.has_sandbox and self.settings.database_url is None and fresh:
            self._load_demo(delivery)
        elif self.has_sandbox and self.settings.database_url is not None:
            self.say("DATABASE_URL is set: the demo world is for a private database only and is not loaded.")
        self._greet()

    def watch(self) -> None:
        """Wait for Ctrl-C.

        Raises:
            RunError: a process that should run has ended.
        """
        while True:
            for name, process in self._children:
                if process.poll() is not None:
                    raise RunError(
                        f"{name} has stopped (exit code {process.returncode}); its log is in {self._log(name)}."
                    )
            time.sleep(0.5)

    def stop(self) -> None:
        """Stop the bot first, so that its last calls still find the sandbox; wait for each."""
        for name, process in reversed(self._children):
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self.say(f"{name} does not stop by itself: it is ended.")
                process.kill()
                process.wait()

    def _start_sandbox(self, *, fresh: bool) -> None:
        folder = self.settings.var_dir / "sandbox"
        folder.mkdir(parents=True, exist_ok=True)
        state = folder / "world.json"
        if fresh and state.exists():
            state.rename(folder / "world.before.json")
        bot = f"{self._sandbox_token()}:{SANDBOX_USERNAME}:福利小助手"
        clock = self.settings.effective_clock_file
        command = [sys.executable, "-m", "sandbox", "--host", self.settings.host]
        command += ["--port", str(self.settings.sandbox_port), "--bot", bot]
        command += ["--state", str(state.resolve()), "--clock-file", str(clock.resolve())]
        self._start("The sandbox", command, f"{self.sandbox_url}/api/world")
        self._set_main_app()

    def _set_main_app(self) -> None:
        """What @BotFather is told of elsewhere: where links with `startapp` open."""
        body = json.dumps({"main_web_app": f"{self.settings.public_address}/app"}).encode()
        address = f"{self.sandbox_url}/api/bots/{SANDBOX_USERNAME}"
        headers = {"Content-Type": "application/json"}
        request = urllib.request.Request(address, body, headers, method="PATCH")  # noqa: S310 - our own loopback address.
        with urllib.request.urlopen(request, timeout=5):  # noqa: S310 - our own loopback address.
            pass

    def _sandbox_token(self) -> str:
        """The bot's token in the sandbox: made once, worth nothing anywhere else."""
        file = self.settings.var_dir / "sandbox" / "token"
        if not file.exists():
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(f"7000000001:{secrets.token_hex(18)[:35]}", "utf-8")
        return file.read_text("utf-8").strip()

    def _start(self, name: str, command: list[str], address: str) -> None:
        """Start one process in a session of its own (Ctrl-C is ours to pass on) and wait until it answers."""
        with self._log(name).open("ab") as log:
            process = subprocess.Popen(
                command, cwd=ROOT, env=self._environment(), stdout=log, stderr=log, start_new_session=True
            )
        self._children.append((name, process))
        deadline = time.monotonic() + START_SECONDS
        while not answers(address):
            if process.poll() is not None or time.monotonic() > deadline:
                last = self._log(name).read_text("utf-8").strip().splitlines()[-1:]
                raise RunError(f"{name} did not start. {' '.join(last)}")
            time.sleep(0.1)
        self.say(f"{name} runs.")

    def _environment(self) -> dict[str, str]:
        ours = {"VAR_DIR": str(self.settings.var_dir.resolve()), "PYTHONUNBUFFERED": "1"}
        if self.has_sandbox:
            ours |= {"BOT_TOKEN": self._sandbox_token(), "BOT_API_URL": self.sandbox_url}
            ours["CLOCK_FILE"] = str(self.settings.effective_clock_file.resolve())
        return {**os.environ, **ours}

    def _log(self, name: str) -> Path:
        folder = self.settings.var_dir / "logs"
        folder.mkdir(parents=True, exist_ok=True)
        return folder / f"{name.rpartition(' ')[2]}.log"

    def _load_demo(self, delivery: Delivery) -> None:
        """Deliver, segment, invite, and let the demo's people come in."""
        folder = self.settings.var_dir / "demo"
        data = delivery.folder or _invent_bank(folder / "delivery", delivery.as_of)
        day = delivery.as_of.isoformat()
        self.say("The demo bank is delivered …")
        self._command("import", str(data), "--profile", delivery.profile, "--as-of", day, "--json")
        self._command("segment", "--json")
        contacts = folder / "contacts"
        self._command("demo-contacts", "--out", str(contacts.resolve()), "--count", str(DEMO_MEMBERS))
        self._command("import", str(contacts.resolve()), "--profile", delivery.profile, "--as-of", day, "--json")
        self._command("answers", "import", "starting", "--reviewer", "陈静", "--json")
        self.say("The demo's people come in …")
        play = folder / "script.json"
        words = script(self.settings.bank_name, invitation(self.settings, self.url), read_contacts(contacts))
        play.write_text(json.dumps(words, ensure_ascii=False), "utf-8")
        self._call(
            [
                sys.executable,
                "-m",
                "sandbox.personas",
                "--url",
                self.sandbox_url,
                "--bot",
                SANDBOX_USERNAME,
                str(play.resolve()),
            ]
        )

    def _command(self, *arguments: str) -> None:
        self._call([sys.executable, "main.py", *arguments])

    def _call(self, command: list[str]) -> None:
        done = subprocess.run(command, cwd=ROOT, env=self._environment(), capture_output=True, text=True, check=False)
        if done.returncode:
            raise RunError(f"The demo world could not be loaded: {(done.stderr or done.stdout).strip()[-500:]}")

    def _greet(self) -> None:
        if self.has_sandbox:
            self.say(f"\nThe web chat: {self.sandbox_url}\n")
            self.say("李敏 is the wealth manager: her private chat with the bot has an offer ready to confirm.")
            self.say("Turn the clock in the bar above the phones: a chain's reminder goes out in five minutes.")
            self.say("Between 21:00 and 09:00 an offer waits for the morning.")
        self.say("Ctrl-C stops everything; the next run continues where this one stopped.")


def is_fresh(url: str) -> bool:
    """Whether nobody has used this database yet."""
    engine = create_engine(sqlalchemy_url(url))
    try:
        with engine.connect() as connection:
            found = connection.scalar(
                text("SELECT NOT EXISTS (SELECT FROM members) AND NOT EXISTS (SELECT FROM customers)")
            )
            return bool(found)
    finally:
        engine.dispose()


def invitation(settings: Settings, url: str) -> str:
    """A one-time token that makes the demo's wealth manager."""
    now = Clock(settings.effective_clock_file).now
    return invite(settings, url, Role.WEALTH_MANAGER, now).rpartition("staff_")[2]


def _invent_bank(folder: Path, as_of: date) -> Path:
    """A small invented delivery of that day; in a function because it brings the data libraries along."""
    from segmentation.synthetic import invent_people, write_delivery, write_enterprises, write_interviews

    folder.mkdir(parents=True, exist_ok=True)
    people = invent_people(DEMO_CUSTOMERS, as_of=as_of)
    write_delivery(folder, people)
    write_interviews(folder, people[: DEMO_CUSTOMERS // 10], as_of=as_of)
    write_enterprises(folder, DEMO_ENTERPRISES, representatives=[person.number for person in people[:20]])
    return folder.resolve()


def answers(address: str) -> bool:
    """Whether something answers well at an address."""
    try:
        with urllib.request.urlopen(address, timeout=2) as response:  # noqa: S310 - our own loopback address.
            return int(response.status) == 200
    except (urllib.error.URLError, OSError):
        return False


@contextmanager
def interrupted_by_signals() -> Iterator[None]:
    """SIGTERM ends the run as Ctrl-C does, and so does a SIGINT that a shell's `&` had told us to ignore."""

    def interrupt(_number: int, _frame: object) -> NoReturn:
        raise KeyboardInterrupt

    before = {number: signal.signal(number, interrupt) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
