"""Serves the desk's files from memory, with headers that let the page do nothing else.

No cookies, no forms, no data of any patient: what is to be signed arrives in a URL's fragment,
which a browser never sends. Behind TLS in a clinic; on loopback as it is.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from email.utils import format_datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import PurePosixPath

from cloud.clock import Clock, ClockError, open_clock
from cloud.desk import bundle

DEFAULT_PORT = 8090
READ_TIMEOUT_S = 10.0
POLL_S = 0.1

CONTENT_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".toml": "text/plain; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".woff2": "font/woff2",
}
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "frame-ancestors 'none'",
        "form-action 'none'",
        "base-uri 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "publickey-credentials-get=(self), publickey-credentials-create=(self)",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cache-Control": "no-cache",
}


class DeskServer(ThreadingHTTPServer):
    """The bundle on one port."""

    daemon_threads = True

    def __init__(self, host: str, port: int, clock: Clock) -> None:
        self.files = bundle.load()
        self.clock = clock
        super().__init__((host, port), _Desk)

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.server_address[1])


class _Desk(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "circlet-desk"
    sys_version = ""
    timeout = READ_TIMEOUT_S
    server: DeskServer

    def do_GET(self) -> None:
        self._answer(self._send_body)

    def do_HEAD(self) -> None:
        self._answer(lambda _: None)

    def _answer(self, send: Callable[[bytes], None]) -> None:
        path = self.path.partition("?")[0].removeprefix("/") or "index.html"
        data = self.server.files.get(path)
        if data is None:
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", CONTENT_TYPES[PurePosixPath(path).suffix])
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        send(data)

    def end_headers(self) -> None:
        for name, value in HEADERS.items():
            self.send_header(name, value)
        super().end_headers()

    def date_time_string(self, timestamp: float | None = None) -> str:
        """Return the Date header by the desk's clock, which may be a demonstration's."""
        when = self.server.clock.wall_ms() / 1000 if timestamp is None else timestamp
        return format_datetime(datetime.fromtimestamp(when, UTC), usegmt=True)

    def log_message(self, format: str, *arguments: object) -> None:
        print(f"desk {self.address_string()} {format % arguments}", file=sys.stderr)

    def _send_body(self, data: bytes) -> None:
        self.wfile.write(data)


def serve(host: str, port: int, clock: Clock) -> None:
    """Serve the desk until SIGTERM or SIGINT; port 0 chooses one, said on stdout."""
    with DeskServer(host, port, clock) as server:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: threading.Thread(target=server.shutdown).start())
        print(f"ready {json.dumps({'port': server.port})}", flush=True)
        server.serve_forever(poll_interval=POLL_S)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the signing desk from the command line."""
    parser = argparse.ArgumentParser(
        prog="circlet-cloud signing-desk", description="Serves the signing desk's static page."
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (%(default)s)")
    parser.add_argument("--port", type=int, default=DEFAULT_PORT, help="0 chooses (%(default)s)")
    parser.add_argument(
        "--clock", default=os.environ.get("CIRCLET_CLOCK"), help="HOST:PORT of a clock server"
    )
    arguments = parser.parse_args(argv)
    try:
        serve(arguments.host, arguments.port, open_clock(arguments.clock, "desk"))
    except (OSError, ClockError) as problem:
        print(f"circlet-cloud signing-desk: {problem}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
