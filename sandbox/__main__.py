"""Starts the sandbox: `python -m sandbox --port 8081`."""

import argparse
import logging
import resource
import socket
import sys
from pathlib import Path
from types import FrameType

import uvicorn

from sandbox.app import Front
from sandbox.box import Box
from sandbox.state import StateError

BACKLOG = 4096
SHUTDOWN_SECONDS = 3


class Server(uvicorn.Server):
    """A server that ends its long polls as soon as it is asked to stop."""

    def __init__(self, config: uvicorn.Config, box: Box) -> None:
        super().__init__(config)
        self._box = box

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Wake all long polls and stop; a second signal does not wait for them."""
        self.force_exit = self.should_exit
        self.should_exit = True
        self._box.world.bells.stop()


def main(arguments: list[str] | None = None) -> int:
    """Run until stopped; returns the exit status, with one sentence on stderr when it cannot start."""
    options = _parser().parse_args(arguments)
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(message)s")
    logging.getLogger("python_multipart").setLevel(logging.ERROR)
    try:
        box = Box(
            clock_file=options.clock_file, state_file=options.state, seed=options.seed, limits=not options.no_limits
        )
        for text in options.bot:
            _add_bot(box, text)
        listener = _listen(options.host, options.port)
    except (StateError, ValueError, OSError) as fault:
        sys.stderr.write(f"{_sentence(fault, options)}\n")
        return 1
    _allow_many_connections()
    config = uvicorn.Config(
        Front(box),
        access_log=False,
        log_level="warning",
        ws="none",
        lifespan="on",
        timeout_graceful_shutdown=SHUTDOWN_SECONDS,
        timeout_keep_alive=75,
    )
    sys.stdout.write(f"The sandbox listens on http://{options.host}:{listener.getsockname()[1]}\n")
    sys.stdout.flush()
    Server(config, box).run(sockets=[listener])
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m sandbox", description="A Telegram in a box.")
    parser.add_argument("--port", type=int, required=True, help="port to listen on (0: any free one)")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--clock-file", type=Path, help="the shared turnable clock")
    parser.add_argument("--state", type=Path, help="save the world to this file and continue from it")
    parser.add_argument("--seed", type=int, default=0, help="seed of chances and generated numbers")
    parser.add_argument(
        "--bot", action="append", default=[], metavar="TOKEN:USERNAME:NAME", help="a bot to know by name"
    )
    parser.add_argument("--no-limits", action="store_true", help="do without Telegram's rate limits")
    return parser


def _add_bot(box: Box, text: str) -> None:
    parts = text.split(":", 3)
    if len(parts) < 2:
        raise ValueError(f"--bot {text!r} is not of the form TOKEN:USERNAME:NAME.")
    username = parts[2] if len(parts) > 2 else None
    box.world.add_bot(f"{parts[0]}:{parts[1]}", username, parts[3] if len(parts) > 3 else None)


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((host, port))
    listener.listen(BACKLOG)
    return listener


def _sentence(fault: Exception, options: argparse.Namespace) -> str:
    if isinstance(fault, OSError):
        return f"The sandbox cannot listen on {options.host}:{options.port}: {fault.strerror}. Choose another --port."
    return str(fault)


def _allow_many_connections() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < hard:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


if __name__ == "__main__":
    sys.exit(main())
