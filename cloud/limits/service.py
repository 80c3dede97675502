"""Counting tries of sign-in, invitation and enrolment: so many a network in ten minutes.

A try at a clinic that isn't here is not counted: there is nothing to guess.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import case, delete, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from cloud.clinics.models import Clinic
from cloud.db import Database
from cloud.errors import TooMany
from cloud.limits.models import TryCounter

WINDOW_MS = 10 * 60_000
SIX_PREFIX = 64
"""Of an IPv6 address this many bits count: one household or firm has at least so many."""


def count_try(
    session: Session, clinic_id: str, what: str, address: str, *, limit: int, now_ms: int
) -> None:
    """Count one try, to be committed whatever comes of it; raise TooMany above ``limit``."""
    if session.get(Clinic, clinic_id) is None:
        return
    network = network_of(address)
    found = session.get(TryCounter, (clinic_id, what, network))
    if found is None:
        session.execute(
            delete(TryCounter).where(
                TryCounter.clinic_id == clinic_id, TryCounter.began_ms <= now_ms - WINDOW_MS
            )
        )
    fresh = TryCounter.began_ms <= now_ms - WINDOW_MS
    insert: Any = (
        postgresql.insert if session.get_bind().dialect.name == "postgresql" else (sqlite.insert)
    )
    counted = (
        insert(TryCounter)
        .values(clinic_id=clinic_id, what=what, network=network, began_ms=now_ms, tries=1)
        .on_conflict_do_update(
            index_elements=["clinic_id", "what", "network"],
            set_={
                "tries": case((fresh, 1), else_=TryCounter.tries + 1),
                "began_ms": case((fresh, now_ms), else_=TryCounter.began_ms),
            },
        )
        .returning(TryCounter.tries, TryCounter.began_ms)
    )
    tries, began_ms = session.execute(counted).one()
    if tries > limit:
        wait_ms = began_ms + WINDOW_MS - now_ms
        raise TooMany(
            "Too many tries. Wait some minutes and try again.", retry_after_s=-(-wait_ms // 1000)
        )


@contextmanager
def trying(
    database: Database, clinic_id: str, what: str, address: str, *, limit: int, now_ms: int
) -> Iterator[None]:
    """Count what is done within as a try, and give it back if it succeeds.

    Counted first, so that many at once don't slip through; given back, so that a clinic behind one
    address signs in as often as it likes.
    """
    with database.write(clinic_id) as session:
        count_try(session, clinic_id, what, address, limit=limit, now_ms=now_ms)
    yield
    with database.write(clinic_id) as session:
        session.execute(
            update(TryCounter)
            .where(TryCounter.clinic_id == clinic_id, TryCounter.what == what)
            .where(TryCounter.network == network_of(address), TryCounter.tries > 0)
            .values(tries=TryCounter.tries - 1)
        )


def network_of(address: str) -> str:
    """Return whose tries count together: an IPv4 address, an IPv6 network; "" for neither."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped is not None:
            return str(found.ipv4_mapped)
        return str(ipaddress.ip_network((found, SIX_PREFIX), strict=False))
    return str(found)
