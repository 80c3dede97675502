"""The dashboard as a process of its own by the machine's clock, with a bare page beside it.

The bare page is what the least can be: the same framework answers a finished page of the size of
the list, without asking anybody who they are and without a database.
"""

from __future__ import annotations

import multiprocessing
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from fastapi import FastAPI
from fastapi.responses import HTMLResponse

from cloud.clock import SystemClock
from cloud.dashboard.app import create_app
from cloud.serving import settle
from cloud.settings import Settings
from scripts.bench_cloud.serving import Server, be_quiet, until_it_answers

HOST = "cloud.localhost"
BARE_BYTES = 100_000


@contextmanager
def serving(settings: Settings) -> Iterator[tuple[Server, Server]]:
    """Serve the dashboard and the bare page until the block ends."""
    ports = [_free_port(), _free_port()]
    apart = multiprocessing.get_context("spawn")
    origin = f"http://{HOST}:{ports[0]}"
    settings = settings.model_copy(update={"origin": origin, "session_idle_minutes": 600})
    processes = [
        apart.Process(target=_serve_pages, args=(settings, ports[0])),
        apart.Process(target=_serve_bare, args=(ports[1],)),
    ]
    for process in processes:
        process.start()
    try:
        servers = []
        for port, process in zip(ports, processes, strict=True):
            assert process.pid is not None
            servers.append(Server(f"http://127.0.0.1:{port}", process.pid))
            until_it_answers(servers[-1].url)
        yield servers[0], servers[1]
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.join(20)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as bound:
        port: int = bound.getsockname()[1]
        return port


def _serve_pages(settings: Settings, port: int) -> None:
    be_quiet()
    app = create_app(settings, SystemClock())
    settle()
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="error", access_log=False)


def _serve_bare(port: int) -> None:
    app, page = FastAPI(), HTMLResponse(f"<!doctype html><title>Bare</title><p>{'x' * BARE_BYTES}")

    @app.get("/")
    def bare() -> HTMLResponse:
        return page

    settle()
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="error", access_log=False)
