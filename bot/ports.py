"""Whether a port is free, asked before anything is started."""

import socket


class PortBusyError(RuntimeError):
    """The port that the product should listen on is taken."""


def check_port(host: str, port: int) -> None:
    """Refuse a busy port before anything is started.

    Raises:
        PortBusyError: somebody listens there.
    """
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as fault:
            raise PortBusyError(
                f"Port {port} on {host} cannot be used ({fault.strerror}): stop the other program or set another port."
            ) from fault
