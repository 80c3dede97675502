"""Sessions of an older band stay on the phone: shown and handed out, for the same person alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from mobile.engine.former_ledgers import FormerLedgers
from mobile.engine.ledger_copy import LedgerCopy
from mobile.platform import FileKeyStore
from mobile.store import Store, open_store
from shared.trust.statements import LedgerHead
from tests.mobile.engine.test_ledger_part import EPOCH, SESSION, chain
from tests.shared.clinic import DEVICE_ID

OWN, NEXT_EPOCH = b"patient-16-bytes", b"next-epoch-16-b."


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return open_store(tmp_path, FileKeyStore(tmp_path))


def keep(store: Store, first: int, last: int) -> None:
    """Take what the band gave from ``first`` to ``last`` into the copy, proven."""
    data, hashes = chain(last)
    copy = LedgerCopy(store, DEVICE_ID)
    copy.begin(EPOCH)
    copy.begin_behind(first - 1, hashes[first - 1])
    for record in data[copy.next_number - 1 :]:
        copy.hear(record)
    copy.prove(LedgerHead(DEVICE_ID, EPOCH, last, hashes[last], bytes(16), 2, 1), now_ms=1)


def test_its_sessions_are_known_with_the_band_that_gave_them(store: Store) -> None:
    keep(store, 1, 6)
    (given,) = FormerLedgers(store, OWN).given(NEXT_EPOCH)
    assert given.device_id == DEVICE_ID
    assert (given.session.session_id, given.session.charged_pulses) == (SESSION, 30)


def test_the_present_bands_are_not_among_them(store: Store) -> None:
    keep(store, 1, 6)
    former = FormerLedgers(store, OWN)
    assert former.given(EPOCH) == ()
    assert len(former.given(None)) == 1, "until the new band is met every ledger is an older one"


def test_another_persons_sessions_are_shown_to_nobody(store: Store) -> None:
    keep(store, 1, 6)
    assert FormerLedgers(store, b"somebody-else-16").given(NEXT_EPOCH) == ()


def test_records_that_are_missing_are_no_obstacle(store: Store) -> None:
    keep(store, 1, 1)
    keep(store, 5, 6)
    assert FormerLedgers(store, OWN).given(NEXT_EPOCH) == ()
