"""Counting tries of sign-in, invitation, enrolment and systems' tokens, for ten minutes.

Apart: what is tried (a passkey, an invitation, a code) from one network, and the whole network, of
which many people may be behind one address. So whoever types one thing wrong again and again stops
themselves, and the others only when it is very much. A passkey that the clinic knows is outside
the network's count: nobody guesses its signature. A try at a clinic that isn't here is not counted
here: there is nothing to guess. Of enrolment it costs something; `cloud.ingest.door` counts it.
"""

from __future__ import annotations

import hashlib
import ipaddress
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import case, delete, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from cloud.clinics.models import Clinic
from cloud.db import Database
from cloud.errors import TooMany
from cloud.limits.models import TryCounter

WINDOW_MS = 10 * 60_000
NETWORK_FACTOR = 10
"""A network has so many times the tries of one thing that is tried from it (own figure)."""
DIGEST_CHARACTERS = 32
SIX_PREFIX = 64
"""Of an IPv6 address this many bits count: one household or firm has at least so many."""


@dataclass(frozen=True)
class Tried:
    """What somebody tries: a passkey's id, an invitation, a code; kept as a hash.

    ``is_known`` is for what can't be guessed and is there: the network's count doesn't stop it.
    """

    name: bytes
    is_known: bool = False


def count_try(
    session: Session, clinic_id: str, what: str, network: str, *, limit: int, now_ms: int
) -> None:
    """Count one try, to be committed whatever comes of it; raise TooMany above ``limit``.

    ``network`` is a network, or one thing that is tried from there.
    """
    if session.get(Clinic, clinic_id) is None:
        return
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
    database: Database,
    clinic_id: str,
    what: str,
    address: str,
    *,
    limit: int,
    now_ms: int,
    tried: Tried | None = None,
) -> Iterator[None]:
    """Count what is done within as a try, and give it back if it succeeds.

    Counted first, so that many at once don't slip through; given back, so that a clinic behind one
    address signs in as often as it likes. ``limit`` is for one thing that is tried, the network has
    NETWORK_FACTOR times as many; without a thing that is tried it is the network's.
    """
    counters = _counters(network_of(address), limit, tried)
    with database.write(clinic_id) as session:
        for name, own_limit in counters.items():
            count_try(session, clinic_id, what, name, limit=own_limit, now_ms=now_ms)
    yield
    with database.write(clinic_id) as session:
        session.execute(
            update(TryCounter)
            .where(TryCounter.clinic_id == clinic_id, TryCounter.what == what)
            .where(TryCounter.network.in_(counters), TryCounter.tries > 0)
            .values(tries=TryCounter.tries - 1)
        )


def _counters(network: str, limit: int, tried: Tried | None) -> dict[str, int]:
    if tried is None:
        return {network: limit}
    digest = hashlib.sha256(tried.name).hexdigest()[:DIGEST_CHARACTERS]
    own = {f"{network} {digest}": limit}
    return own if tried.is_known else {**own, network: limit * NETWORK_FACTOR}


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
