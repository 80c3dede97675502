"""Figures for Prometheus: how much, how fast, how many failed; never whose.

Each process has a registry of its own and serves it on loopback alone, on a port of its own. No
figure has a label that names a clinic, a patient, a phone or a person; routes are templates.
docs/operations.md lists the names.
"""

from __future__ import annotations

import time

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, start_http_server
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cloud.errors import SetupError

LOOPBACK = "127.0.0.1"
REGISTRY = CollectorRegistry()
REQUESTS = Counter(
    "circlet_requests",
    "Requests that were answered, by route and status.",
    ("method", "route", "status"),
    registry=REGISTRY,
)
REQUEST_SECONDS = Histogram(
    "circlet_request_seconds",
    "How long an answer took, in seconds, by route.",
    ("route",),
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
    registry=REGISTRY,
)
UNDER_WAY = Gauge("circlet_requests_under_way", "Requests under way.", registry=REGISTRY)
TASKS = Counter(
    "circlet_worker_tasks",
    "The worker's tasks, by name and outcome (done, failed).",
    ("task", "outcome"),
    registry=REGISTRY,
)
ROUND_SECONDS = Histogram(
    "circlet_worker_round_seconds",
    "How long a round over all clinics took, in seconds.",
    buckets=(0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
    registry=REGISTRY,
)
WORKER_CLINICS = Gauge(
    "circlet_worker_clinics",
    "Clinics that this worker looks after.",
    registry=REGISTRY,
)
MESSAGES = Counter(
    "circlet_messages",
    "Messages that went out or did not, by kind of channel and outcome (sent, failed).",
    ("channel", "outcome"),
    registry=REGISTRY,
)
NO_ROUTE = "none"
_METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS"})


class Measured:
    """Counts each request by its route's template; an address that is none is counted as such."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status, began = 500, time.perf_counter()

        async def send_noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        with UNDER_WAY.track_inprogress():
            try:
                await self._app(scope, receive, send_noting)
            finally:
                route = getattr(scope.get("route"), "path", NO_ROUTE)
                method = scope["method"] if scope["method"] in _METHODS else "other"
                REQUESTS.labels(method, route, str(status)).inc()
                REQUEST_SECONDS.labels(route).observe(time.perf_counter() - began)


def serve_metrics(port: int | None) -> None:
    """Serve the figures on loopback; nothing where there is no port.

    Raises SetupError where the port is taken.
    """
    if port is None:
        return
    try:
        start_http_server(port, addr=LOOPBACK, registry=REGISTRY)
    except OSError as problem:
        raise SetupError(f"metrics port {port}: {problem.strerror}") from problem
