"""The phones' server as a process of its own, by the machine's clock."""

from __future__ import annotations

import logging
import multiprocessing
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

import httpx2
import structlog
import uvicorn

from cloud.clock import SystemClock
from cloud.ingest.app import Ingest, create_app
from cloud.serving import settle
from cloud.settings import Settings


class Server(NamedTuple):
    """Where it listens, and the process's id."""

    url: str
    pid: int


def be_quiet() -> None:
    """Log what goes wrong, and nothing else."""
    quiet = structlog.make_filtering_bound_logger(logging.ERROR)
    structlog.configure(wrapper_class=quiet)


def as_it_is(_ingest: Ingest) -> None:
    """Change nothing."""


@contextmanager
def serving(settings: Settings, change: Callable[[Ingest], None] = as_it_is) -> Iterator[Server]:
    """Serve until the block ends; ``change`` is called in the process before it listens."""
    with socket.create_server(("127.0.0.1", 0)) as bound:
        port = bound.getsockname()[1]
    apart = multiprocessing.get_context("spawn")
    process = apart.Process(target=_serve, args=(settings, port, change))
    process.start()
    try:
        assert process.pid is not None
        server = Server(f"http://127.0.0.1:{port}", process.pid)
        until_it_answers(server.url)
        yield server
    finally:
        process.terminate()
        process.join(20)


def _serve(settings: Settings, port: int, change: Callable[[Ingest], None]) -> None:
    be_quiet()
    app = create_app(settings, SystemClock())
    change(app.state.ingest)
    settle()
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="error", access_log=False)


def until_it_answers(url: str) -> None:
    tried = threading.Event()
    for _ in range(200):
        try:
            httpx2.get(f"{url}/health", timeout=5)
        except httpx2.HTTPError:
            tried.wait(0.1)
        else:
            return
    raise TimeoutError("the server doesn't come up")
