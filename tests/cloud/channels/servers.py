"""A mail server and a gateway on this machine, that say what came in."""

import asyncio
import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

from aiosmtpd.controller import Controller


@dataclass
class Mailbox:
    """What a real SMTP server on loopback took, and when by the monotonic clock; ``refusals`` more
    are answered with 451. One that ``is_slow`` keeps the next mail waiting, says that it ``waits``,
    and takes it in no case, but answers only once it ``may_refuse``."""

    port: int = 0
    refusals: int = 0
    came: list[Message] = field(default_factory=list)
    at_s: list[float] = field(default_factory=list)
    arrived: threading.Condition = field(default_factory=threading.Condition)
    is_slow: bool = False
    waits: threading.Event = field(default_factory=threading.Event)
    may_refuse: threading.Event = field(default_factory=threading.Event)

    async def handle_DATA(self, _server: object, _session: object, envelope: Any) -> str:  # noqa: N802
        if self.is_slow:
            self.is_slow = False
            self.waits.set()
            await asyncio.to_thread(self.may_refuse.wait)
            return "451 try again"
        with self.arrived:
            if self.refusals:
                self.refusals -= 1
                return "451 try again"
            self.came.append(message_from_bytes(envelope.content))
            self.at_s.append(time.monotonic())
            self.arrived.notify_all()
        return "250 taken"


@contextmanager
def mail_server() -> Iterator[Mailbox]:
    """Run a mail server."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    mailbox = Mailbox(port)
    controller = Controller(mailbox, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield mailbox
    finally:
        controller.stop()


@dataclass(frozen=True)
class Came:
    """One call that a gateway took."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def said(self) -> dict[str, str]:
        found: dict[str, str] = json.loads(self.body)
        return found


@dataclass
class Gateway:
    """What a webhook's other side took, and when; answers with ``status``."""

    url: str = ""
    status: int = 204
    headers: dict[str, str] = field(default_factory=dict)
    came: list[Came] = field(default_factory=list)
    arrived: threading.Condition = field(default_factory=threading.Condition)

    def wait_for(self, count: int, within_s: float) -> bool:
        """Wait until so many calls came; False where they didn't in time."""
        with self.arrived:
            return self.arrived.wait_for(lambda: len(self.came) >= count, within_s)


@contextmanager
def gateway() -> Iterator[Gateway]:
    """Run a gateway."""
    made = Gateway()

    class Answering(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            with made.arrived:
                made.came.append(Came(self.path, dict(self.headers), body))
                made.arrived.notify_all()
            self.send_response(made.status)
            for name, value in made.headers.items():
                self.send_header(name, value)
            self.end_headers()

        def log_message(self, *_about: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Answering)
    made.url = f"http://127.0.0.1:{server.server_port}/ring?to=1"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@dataclass
class Silence:
    """A gateway that takes connections and never says a word on them."""

    url: str
    taken: list[socket.socket] = field(default_factory=list)
    came: threading.Condition = field(default_factory=threading.Condition)

    def wait_for(self, count: int, within_s: float) -> bool:
        """Wait until so many connections came; False where they didn't in time."""
        with self.came:
            return self.came.wait_for(lambda: len(self.taken) >= count, within_s)


@contextmanager
def silent_gateway() -> Iterator[Silence]:
    """Run a gateway that never answers; in the end it hangs up."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        made = Silence(f"http://127.0.0.1:{server.getsockname()[1]}/")

        def take() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                with made.came:
                    made.taken.append(connection)
                    made.came.notify_all()

        thread = threading.Thread(target=take)
        thread.start()
        try:
            yield made
        finally:
            server.shutdown(socket.SHUT_RDWR)
            thread.join()
            for each in made.taken:
                each.close()
