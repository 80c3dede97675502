"""Runs one web application until SIGTERM or SIGINT, and says on stdout when it listens."""

from __future__ import annotations

import json
import socket

import uvicorn
from starlette.types import ASGIApp

GRACE_S = 1


class _AnnouncingServer(uvicorn.Server):
    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            port = self.servers[0].sockets[0].getsockname()[1]
            print(f"ready {json.dumps({'port': port})}", flush=True)


def serve(app: ASGIApp, *, host: str, port: int) -> None:
    """Serve ``app``; port 0 chooses one. Returns when asked to end."""
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
