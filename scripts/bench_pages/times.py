"""How long the server takes for a page: one request after the other, over loopback.

Pages and the bare page are asked in turns, so that what else the machine does falls on all of them.
Beside the time stands what the server's process computed for a page: that says what the page costs
on a machine that others use, too.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator

import httpx2

from scripts.bench.figures import Row, median, percentile
from scripts.bench_cloud.serving import Server
from scripts.bench_pages.clinic import PATIENTS, Clinic

ASKED, WARMING = 100, 5
TRIAGE_MS = 100.0
"""What issue and docs promise of the list: p95, server time, with 500 patients."""
_TICK_S = 1 / os.sysconf("SC_CLK_TCK")


def times(pages: Server, bare: Server, clinic: Clinic, where: str) -> Iterator[Row]:
    """Yield p95 of list, refresh, patient and bare page."""
    asked = {
        "triage": f"{pages.url}/",
        "its refresh": f"{pages.url}/patients/live",
        "patient": f"{pages.url}/patients/{clinic.patient}",
        "bare page": f"{bare.url}/",
    }
    took: dict[str, list[float]] = {name: [] for name in asked}
    computed = dict.fromkeys(asked, 0.0)
    with httpx2.Client(headers={"Cookie": f"circlet={clinic.cookie}"}, timeout=60) as client:
        for round_ in range(WARMING + ASKED):
            for name, url in asked.items():
                pid = (bare if name == "bare page" else pages).pid
                before, began = _computed_s(pid), time.perf_counter()
                answer = client.get(url)
                ended = time.perf_counter()
                answer.raise_for_status()
                if round_ >= WARMING:
                    took[name].append(1000 * (ended - began))
                    computed[name] += 1000 * (_computed_s(pid) - before)
    for name in asked:
        yield Row(
            f"{name}, server time on {where}, p95",
            percentile(took[name], 95),
            "ms",
            at_most=TRIAGE_MS if name == "triage" else None,
            beside=f"median {median(took[name]):.0f} ms, of it computing"
            f" {computed[name] / ASKED:.0f} ms; {PATIENTS} patients"
            if name != "bare page"
            else f"median {median(took[name]):.1f} ms; asked in turns with the others",
        )


def _computed_s(pid: int) -> float:
    """Seconds that a process has computed so far."""
    with open(f"/proc/{pid}/stat", "rb") as file:
        fields = file.read().rpartition(b")")[2].split()
    return (int(fields[11]) + int(fields[12])) * _TICK_S
