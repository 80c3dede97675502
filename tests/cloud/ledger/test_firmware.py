"""What a band runs, and how it did with it, is kept as its records come and made anew from them."""

import pytest
from sqlalchemy import event, select

from cloud.bands.rows import Bands
from cloud.dose.rebuild import rebuild
from cloud.ledger.models import FirmwareStint, LedgerChain
from cloud.times import Times
from shared.wire import records
from tests.cloud.phone import Phone
from tests.cloud.worlds import START_MS, Band, World

pytestmark = pytest.mark.both_databases

MINUTE_MS = 60_000


def boot(band: Band, version: str) -> None:
    band.pass_time(MINUTE_MS)
    band.write(
        records.BootBody(0, clock_unbroken=True, proven_ms=band.state.proven_ms, firmware=version)
    )


def test_firmware_is_kept_with_its_trial_its_way_back_and_its_faults(
    world: World, phone: Phone
) -> None:
    band = Band(world.identity, phone.bytes_of("patient_id"))
    boot(band, "1.0.0")
    boot(band, "1.1.0")
    band.write(records.FirmwareBody("1.1.0", confirmed=False))
    bring(phone, band)
    assert runs(world) == ("1.1.0", False)
    boot(band, "1.0.0")
    band.write(records.FirmwareBody("1.0.0", confirmed=True))
    bring(phone, band)
    assert runs(world) == ("1.0.0", True)
    assert stints(world) == {"1.0.0": (1, None, 1, None, None), "1.1.0": (2, 3, None, None, 3)}
    boot(band, "1.1.0")
    band.write(records.FirmwareBody("1.1.0", confirmed=False))
    band.pass_time(MINUTE_MS)
    band.write(records.FirmwareBody("1.1.0", confirmed=True))
    band.pass_time(MINUTE_MS)
    band.write(records.FaultBody("stray_pulse"))
    bring(phone, band)
    assert runs(world) == ("1.1.0", True)
    came = stints(world)
    assert came == {"1.0.0": (1, 4, 1, None, None), "1.1.0": (2, None, 5, 6, 3)}
    with world.database.write("demo") as session:
        rebuild(session, "demo", Times("UTC"))
    assert (runs(world), stints(world)) == (("1.1.0", True), came)


def test_an_inventory_reads_no_record(world: World, phone: Phone) -> None:
    band = Band(world.identity, phone.bytes_of("patient_id"))
    boot(band, "1.0.0")
    bring(phone, band)
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    event.listen(world.database.engine, "before_cursor_execute", note)
    with world.database.read("demo") as session:
        (row,) = Bands(session, "demo", (), Times("UTC"), world.clock.now_ms).rows()
    event.remove(world.database.engine, "before_cursor_execute", note)
    assert row.firmware == "1.0.0"
    assert not [each for each in asked if "ledger_stretches" in each or "ledger_records" in each]


def bring(phone: Phone, band: Band) -> None:
    phone.items([*band.record_items(), band.head_item()])


def runs(world: World) -> tuple[str | None, bool | None]:
    with world.database.read("demo") as session:
        chain = session.scalars(select(LedgerChain)).one()
        return chain.firmware, chain.firmware_kept


def stints(world: World) -> dict[str, tuple[int | None, ...]]:
    """By version: since, until, kept, fault and failed, in minutes of the band's clock."""
    names = ("since_ms", "until_ms", "kept_ms", "fault_ms", "failed_ms")
    with world.database.read("demo") as session:
        return {
            stint.version: tuple(_minutes(getattr(stint, name)) for name in names)
            for stint in session.scalars(select(FirmwareStint))
        }


def _minutes(at_ms: int | None) -> int | None:
    return None if at_ms is None else (at_ms - START_MS) // MINUTE_MS
