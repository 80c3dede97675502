"""A desk on a free port, prescriptions to sign at it, and links to them."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from threading import Thread
from typing import Any

from cloud.clock import SystemClock
from cloud.desk.server import DeskServer
from shared.dose import prescription as prescriptions
from shared.dose.prescription import (
    Limits,
    Part,
    Prescription,
    PrescriptionKind,
    Threshold,
    ThresholdKind,
)
from shared.stimulation.pattern import Pattern, PatternKind
from shared.trust.challenge import PRESCRIPTION_TYPE
from shared.trust.statements import Gate
from shared.wire import canonical

NOON_S = 1_772_452_800  # Mon 2 March 2026, 12:00 UTC
DAY_S = 86_400
ITBS = Pattern(PatternKind.THETA_BURST, 5_000, 3, 50_000, 10)
TEN_HERTZ = Pattern(PatternKind.REPETITIVE, 10_000, 1, 0, 40)

SAMPLE = Prescription(
    kind=PrescriptionKind.TREATMENT,
    clinic_id=b"demo-clinic",
    device_id=bytes(range(16)),
    patient_id=bytes(range(16, 32)),
    initials="K.V.",
    serial=4,
    replaces_hash=bytes(range(32)),
    new_course=False,
    course_id=bytes(range(32, 48)),
    protocol_id="mdd-l-dlpfc-itbs",
    catalogue_version=1,
    envelope_version=2,
    coil="figure-8",
    parts=(Part("left DLPFC (F3, Beam-F3)", ITBS, 20, 8_000, 110),),
    threshold=Threshold(
        ThresholdKind.RMT,
        52,
        NOON_S - 21 * DAY_S,
        NOON_S + 7 * DAY_S,
        NOON_S + 21 * DAY_S,
        demo=True,
        device_id=bytes(16),
        coil="figure-8",
    ),
    limits=Limits(72_000, 1, 600, 5, 3_000, 30, 18_000, 14_400),
    gates=(Gate.TRAINING, Gate.SCREENING),
    beat_limit_ms=3_000,
    still_here_s=300,
    clearance_limit_s=7 * DAY_S,
    button_required=True,
    make_up_within_s=14_400,
    issued_s=NOON_S,
    install_by_s=NOON_S + 2 * DAY_S,
    not_before_s=NOON_S + 60,
    not_after_s=NOON_S + 60 + 42 * DAY_S,
    table_exception=None,
)
BILATERAL = replace(
    SAMPLE,
    parts=(
        Part("right DLPFC (F4)", TEN_HERTZ, 75, 26_000, 120),
        Part("left DLPFC (F3)", ITBS, 20, 8_000, 110),
    ),
)


@contextmanager
def running_desk() -> Iterator[str]:
    """Serve the desk in a thread; yields its origin."""
    with DeskServer("127.0.0.1", 0, SystemClock()) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield f"http://desk.localhost:{server.port}"
        finally:
            server.shutdown()
            thread.join(timeout=5)


def b64(data: bytes) -> str:
    """Return base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def unb64(text: str) -> bytes:
    """Return the bytes of base64url without padding."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def signing_link(
    desk: str,
    statements: list[bytes],
    *,
    back: str,
    credentials: list[bytes] | None = None,
    kind: str = PRESCRIPTION_TYPE,
    before: bytes | None = None,
) -> str:
    """Return the address that asks the desk to sign these statements' bytes, with those of the
    version that they replace."""
    replaced = {} if before is None else {3: before}
    listed: list[Any] = [{1: kind, 2: data} | replaced for data in statements]
    request = canonical.encode({1: listed, 2: back, 3: credentials or []})
    return f"{desk}/#request={b64(request)}"


def sample_bytes(**changes: Any) -> bytes:
    """Return the sample's canonical bytes, some of its fields changed."""
    return prescriptions.to_bytes(replace(SAMPLE, **changes))
