"""The drive port: a script presses what a finger would press and waits for what a person sees.

JSON lines over loopback, off unless asked for. `tap` goes through Kivy's own touch pipeline; other
names than the ones here are passed on to the engine's ``drive``. Not a way round the app: what a
person couldn't touch, a script can't either.
"""

from __future__ import annotations

import contextlib
import json
import logging
import socketserver
import threading
from collections.abc import Callable, Mapping
from typing import Any

from mobile.app import CircletApp, Engine
from mobile.screens.driven import DriveError, Driven

LOG = logging.getLogger(__name__)
LOOPBACK = "127.0.0.1"
LONGEST_LINE = 1_000_000


class DrivePort:
    """Listens from the start; each connection is answered line by line, in order."""

    def __init__(self, app: CircletApp, engine: Engine, port: int) -> None:
        self._commands = Commands(Driven(app), engine)
        self._server = _Server((LOOPBACK, port), _Lines)
        self._server.answer = self._commands.answer
        self.port = int(self._server.server_address[1])
        self._thread = threading.Thread(
            target=self._server.serve_forever,
            kwargs={"poll_interval": 0.1},
            name="drive port",
            daemon=True,
        )
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class Commands:
    """One JSON request to one JSON answer; what fails says why."""

    def __init__(self, driven: Driven, engine: Engine) -> None:
        self._engine = engine
        self._by_name: dict[str, Callable[[Mapping[str, Any]], Mapping[str, Any]]] = {
            "tap": driven.tap,
            "type": driven.type,
            "key": driven.key,
            "wait": driven.wait,
            "shot": driven.shot,
            "tree": driven.tree,
            "view": driven.view,
        }

    def answer(self, line: bytes) -> bytes:
        try:
            answer = {"ok": True, **self._do(line)}
        except Exception as problem:
            if not isinstance(problem, DriveError):
                LOG.info("drive port: %r", problem)
            answer = {"ok": False, "error": str(problem) or type(problem).__name__}
        return json.dumps(answer, ensure_ascii=False, default=str).encode() + b"\n"

    def _do(self, line: bytes) -> Mapping[str, Any]:
        try:
            request = json.loads(line)
        except ValueError:
            raise DriveError("the line is no JSON") from None
        if not isinstance(request, dict) or not isinstance(request.get("do"), str):
            raise DriveError('a request is an object with "do"')
        name = request.pop("do")
        command = self._by_name.get(name)
        return command(request) if command else self._engine.drive(name, request) or {}


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    answer: Callable[[bytes], bytes]


class _Lines(socketserver.StreamRequestHandler):
    server: _Server

    def handle(self) -> None:
        with contextlib.suppress(ConnectionError):
            while line := self.rfile.readline(LONGEST_LINE):
                self.wfile.write(self.server.answer(line))
