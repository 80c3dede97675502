"""From the start of the process to the first useful screen, against a bare Kivy window's.

Both are whole processes and take turns; the app's folder holds a day that an engine has kept.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from datetime import UTC
from pathlib import Path

from mobile.glance.leaves import Glance
from mobile.glance.opening import system_ms
from mobile.glance.sealed import keep
from mobile.platform import FileKeyStore
from mobile.presenters.appearance import Appearance
from mobile.presenters.glance import day_leaves
from mobile.presenters.help import help_view
from mobile.presenters.lock import Lock, LockReason
from mobile.presenters.today import BandFacts, DayFacts, Nearness, RecordFacts
from mobile.presenters.words import Now
from mobile.store import open_store
from scripts.bench.figures import Row, median
from shared.dose.reasons import Reason, ReasonCode
from tests.shared.clinic import itbs

SIZE = (540, 1200)
TURNS = 7
MOST_RATIO = 1.3
WITHIN_S = 120.0
_HOUR_MS = 3_600_000


def cold_start() -> list[Row]:
    """Measure, and return the figures with their limits."""
    bares: list[float] = []
    apps: list[float] = []
    welcomes: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        data, empty = Path(folder) / "phone", Path(folder) / "new"
        keep_a_day(data)
        for turn in range(TURNS + 1):
            figures = (_bare_s(), _app_s(data), _app_s(empty / str(turn)))
            if turn == 0:
                continue  # the first one also writes what Python keeps of compiled modules
            for times, figure in zip((bares, apps, welcomes), figures, strict=True):
                times.append(figure)
    base = median(bares)
    beside = f"median of {TURNS} of each, in turn"
    return [
        Row("a bare window's first frame", base, "s", beside=beside),
        Row("cold start to the day", median(apps), "s", beside=beside),
        Row("cold start to the day", median(apps) / base, "x bare", at_most=MOST_RATIO),
        Row("cold start to Welcome, a new phone", median(welcomes) / base, "x bare"),
    ]


def keep_a_day(data: Path) -> None:
    """Keep in a phone's folder the day that its last use left."""
    keys = FileKeyStore(data)
    open_store(data, keys, now_ms=1).close()
    now_ms = system_ms()
    facts = DayFacts(
        now=Now(now_ms - _HOUR_MS, UTC),
        prescription=itbs(),
        sessions_done=7,
        lock=Lock(
            (LockReason(Reason(ReasonCode.SESSION_INTERVAL), now_ms + 20 * _HOUR_MS),), by_band=True
        ),
        band=BandFacts(Nearness.CONNECTED, 82, now_ms),
        record=RecordFacts(0, 0, now_ms - _HOUR_MS, True, now_ms - _HOUR_MS),
        last_session_wall_ms=now_ms - 2 * _HOUR_MS,
    )
    keep(data, keys, Glance(Appearance(), "Etc/UTC", day_leaves(facts), help_view("Clinic")))


def _bare_s() -> float:
    width, height = (str(each) for each in SIZE)
    return _until_ready_s("scripts.bench_app.bare_window", width, height)


def _app_s(data: Path) -> float:
    return _until_ready_s("mobile.cli", "--data", str(data))


def _until_ready_s(module: str, *arguments: str) -> float:
    """Seconds from the start of the process to the line by which it says that it has drawn."""
    began = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, "-m", module, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        taken_s = time.perf_counter() - began
        process.kill()
    if not line.startswith("ready"):
        raise AssertionError(f"{module} said {line!r}")
    return taken_s
