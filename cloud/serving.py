"""Runs one web application until SIGTERM or SIGINT, and says on stdout when it listens."""

from __future__ import annotations

import gc
import json
import socket
import sys

import uvicorn
from starlette.types import ASGIApp

SWITCH_S = 0.0001
"""How long a thread that computes keeps others waiting: a large upload a small one, say."""
COLLECT_AFTER = 20_000
"""So many new values are looked through for cycles at once. A large upload makes some ten thousand,
among which there are none, and looking at every 700 took a twentieth of its time."""
GRACE_S = 10
"""What is under way when asked to end has so long to be answered; who is idle ends at once."""


class _AnnouncingServer(uvicorn.Server):
    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            port = self.servers[0].sockets[0].getsockname()[1]
            print(f"ready {json.dumps({'port': port})}", flush=True)


def settle() -> None:
    """Let a process serve many at once: call it when everything is loaded."""
    # What is there now stays: the collector needn't look through it again and again under load.
    gc.collect()
    gc.freeze()
    gc.set_threshold(COLLECT_AFTER, 10, 10)
    sys.setswitchinterval(SWITCH_S)


def serve(app: ASGIApp, *, host: str, port: int) -> None:
    """Serve ``app``; port 0 chooses one. Returns when asked to end."""
    settle()
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE_S,
        lifespan="on",
    )
    _AnnouncingServer(config).run()
