"""A certificate of the clinic's servers that ends: without it every band of the clinic stops.

The clearance key's certificate is short on purpose (docs/adr/0020).
"""

from __future__ import annotations

from collections.abc import Iterator

from cloud.alerts.facts import CertificateFact
from cloud.alerts.findings import NOW, TODAY, Cause, Finding
from cloud.alerts.thresholds import Thresholds

DAY_MS = 86_400_000


def certificate(fact: CertificateFact, thresholds: Thresholds, *, now_ms: int) -> Iterator[Finding]:
    """Yield before it ends, and as now on its last day."""
    left_ms = fact.ends_ms - now_ms
    if left_ms > thresholds.certificate_days * DAY_MS:
        return
    last = left_ms <= DAY_MS
    title = f"The certificate of the {fact.purpose} key {'has ended' if left_ms <= 0 else 'ends'}"
    cause = Cause(f"certificate/{fact.purpose}", NOW if last else TODAY, title, 2 if last else 1)
    days = max(0, left_ms // DAY_MS)
    yield Finding(cause, f"{days} days are left. Renew it with circlet-root.")
