"""A hold stands on the list until the band's own record says that it is over, and no longer."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from cloud.alerts import standing
from cloud.alerts.models import Alert
from cloud.alerts.service import open_alerts
from cloud.alerts.thresholds import Thresholds
from cloud.holds.models import Hold
from cloud.holds.service import HoldState, ask, holds_of, state_of
from cloud.ledger.folds import Folds
from cloud.patients.foresee import foresee, holds_on_band
from cloud.patients.record import gather
from cloud.patients.service import device_of, here, patient_of
from cloud.patients.summary import Card, HoldView, summarise
from cloud.patients.triage import reasons, why
from cloud.phones.models import Waiting
from cloud.times import Times
from cloud.vault.errors import Damaged, KeyMissing
from shared.dose.ledger import OPEN_HOLDS_MAX
from shared.trust.statements import HoldKind, HoldSource
from shared.wire import records
from shared.wire.items import DownKind
from tests.cloud.phone import Phone
from tests.cloud.proof.courses import send, treating
from tests.cloud.workers import worker_of
from tests.cloud.worlds import Band, World, somebody

TIMES = Times("UTC")


def held(world: World, phone: Phone) -> tuple[Band, bytes]:
    """Return a band whose record shows the hold that a clinician asked for, and the hold's id."""
    band, patient_id = treating(world, phone), phone.bytes_of("patient_id")
    with world.database.write("demo") as session:
        device = device_of(session, "demo", patient_id)
        hold = ask(
            session, device, patient_id, "clinician", somebody(session), now_ms=world.clock.now_ms
        )
    placed = (hold.hold_id, HoldKind.SAFETY, HoldSource.CLOUD, hold.reason, hold.number)
    band.write(records.HoldPlacedBody(*placed))
    send(phone, band)
    return band, hold.hold_id


def shown(world: World, phone: Phone) -> tuple[Hold, str]:
    """Return the patient's hold, and how they stand on the list."""
    with world.database.read("demo") as session:
        patient = patient_of(session, "demo", phone.bytes_of("patient_id"))
        (hold,) = holds_of(session, "demo", patient.patient_id)
        record = gather(session, patient)
    return hold, why(record, TIMES, now_ms=world.clock.now_ms).urgency


def test_a_hold_in_force_stands_on_the_list(world: World, phone: Phone) -> None:
    held(world, phone)
    hold, urgency = shown(world, phone)
    assert (state_of(hold), urgency) == (HoldState.IN_FORCE, "held")


@pytest.mark.parametrize("way", ["lifted", "taken back", "expired"])
def test_a_hold_that_the_band_ended_leaves_the_list(world: World, phone: Phone, way: str) -> None:
    band, hold_id = held(world, phone)
    ends: dict[str, records.Body] = {
        "lifted": records.HoldLiftedBody(bytes(32), hold_id),
        "taken back": records.HoldTakenBackBody(hold_id, stays=False),
        "expired": records.HoldExpiredBody(hold_id),
    }
    last = band.state.number
    band.write(ends[way])
    send(phone, band, last + 1)
    hold, urgency = shown(world, phone)
    assert (state_of(hold), urgency) == (HoldState.ENDED, "course")


@pytest.mark.parametrize("way", ["stays", "postponement"])
def test_a_hold_stays_by_what_does_not_end_it(world: World, phone: Phone, way: str) -> None:
    band, hold_id = held(world, phone)
    others: dict[str, records.Body] = {
        "stays": records.HoldTakenBackBody(hold_id, stays=True),
        "postponement": records.HoldLiftedBody(bytes(32)),
    }
    last = band.state.number
    band.write(others[way])
    send(phone, band, last + 1)
    hold, urgency = shown(world, phone)
    assert (state_of(hold), urgency) == (HoldState.IN_FORCE, "held")


def of_patients(session: Session) -> list[Alert]:
    """What stands about patients; that a key is gone is told about the clinic too."""
    return [each for each in open_alerts(session, "demo") if each.patient_id is not None]


def test_more_holds_than_a_band_keeps_end_one_after_the_other(world: World, phone: Phone) -> None:
    band, patient_id = treating(world, phone), phone.bytes_of("patient_id")
    asked = [placed(world, band, patient_id) for _ in range(OPEN_HOLDS_MAX + 2)]
    send(phone, band)
    assert open_holds(world, patient_id) == asked
    for lifted in asked[: OPEN_HOLDS_MAX - 1]:
        end(phone, band, lifted)
        assert open_holds(world, patient_id) == asked[asked.index(lifted) + 1 :]
    later = placed(world, band, patient_id)
    send(phone, band, band.state.number)
    end(phone, band, asked[OPEN_HOLDS_MAX - 1])
    assert open_holds(world, patient_id) == [later]
    end(phone, band, later)
    assert open_holds(world, patient_id) == []


def test_a_hold_that_joined_the_bands_own_ends_with_it(world: World, phone: Phone) -> None:
    band, patient_id = treating(world, phone), phone.bytes_of("patient_id")
    first = placed(world, band, patient_id)
    own = [bytes([number]) * 16 for number in range(1, OPEN_HOLDS_MAX)]
    for hold_id in own:
        band.write(records.HoldPlacedBody(hold_id, HoldKind.SAFETY, HoldSource.DEVICE, "motion", 0))
    joined = placed(world, band, patient_id)
    send(phone, band)
    end(phone, band, own[0])
    assert open_holds(world, patient_id) == [first, joined]
    end(phone, band, own[-1])
    assert open_holds(world, patient_id) == [first]


def test_holds_of_before_end_where_the_band_has_none_open(world: World, phone: Phone) -> None:
    band, patient_id = treating(world, phone), phone.bytes_of("patient_id")
    asked = [placed(world, band, patient_id) for _ in range(OPEN_HOLDS_MAX + 1)]
    send(phone, band)
    with world.database.write("demo") as session:
        session.get_one(Hold, ("demo", asked[-1])).joined_id = None
    waits = asked_for(world, patient_id)
    for hold_id in asked[:OPEN_HOLDS_MAX]:
        end(phone, band, hold_id)
    assert open_holds(world, patient_id) == [waits]


def asked_for(world: World, patient_id: bytes) -> bytes:
    """Ask for a hold that no band knows of yet."""
    with world.database.write("demo") as session:
        device = device_of(session, "demo", patient_id)
        return ask(
            session, device, patient_id, "clinician", somebody(session), now_ms=world.clock.now_ms
        ).hold_id


def placed(world: World, band: Band, patient_id: bytes) -> bytes:
    """Ask for a hold, and have the band's record say that it came."""
    hold_id = asked_for(world, patient_id)
    with world.database.read("demo") as session:
        number = session.get_one(Hold, ("demo", hold_id)).number
    band.write(
        records.HoldPlacedBody(hold_id, HoldKind.SAFETY, HoldSource.CLOUD, "clinician", number)
    )
    return hold_id


def end(phone: Phone, band: Band, hold_id: bytes) -> None:
    """Have the band's record say that a person lifted one hold."""
    band.write(records.HoldLiftedBody(bytes(32), hold_id))
    send(phone, band, band.state.number)


def open_holds(world: World, patient_id: bytes) -> list[bytes]:
    """The holds that aren't over, the oldest first."""
    with world.database.read("demo") as session:
        return [
            each.hold_id
            for each in reversed(holds_of(session, "demo", patient_id))
            if state_of(each) is not HoldState.ENDED
        ]


@pytest.mark.both_databases
@pytest.mark.parametrize("how", ["missing", "damaged"])
def test_a_patient_whose_key_is_not_whole_stops_no_other_hold(world: World, how: str) -> None:
    first, _ = world.enrol("Maria Sample")
    with world.database.write("demo") as session:
        ask_for(session, first.patient_id, world)
        device_of(session, "demo", first.patient_id).patient_id = None
    second, _ = world.enrol("Otto Zweiter")
    with world.database.write("demo") as session:
        ask_for(session, second.patient_id, world)
    folder = world.settings.vault_folder / "transit"
    (path,) = folder.rglob(f"{first.patient_id.hex()}.wrapped")
    whole = path.read_bytes()
    if how == "missing":
        path.unlink()
    else:
        path.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    worker = worker_of(world)
    worker.round()
    worker.round()
    assert waiting_holds(world) == [second.patient_id]
    with world.database.read("demo") as session:
        (alert,) = of_patients(session)
        assert (alert.urgency, alert.patient_id) == ("now", first.patient_id)
        assert first.patient_id.hex() in alert.detail
        with pytest.raises((KeyMissing, Damaged)):
            here(session, patient_of(session, "demo", first.patient_id))
    path.write_bytes(whole)
    worker.round()
    assert waiting_holds(world) == sorted([first.patient_id, second.patient_id])
    with world.database.read("demo") as session:
        assert of_patients(session) == []
        assert here(session, patient_of(session, "demo", first.patient_id)).name == "Maria Sample"


def ask_for(session: Session, patient_id: bytes, world: World) -> None:
    device = device_of(session, "demo", patient_id)
    ask(session, device, patient_id, "clinician", somebody(session), now_ms=world.clock.now_ms)


def waiting_holds(world: World) -> list[bytes]:
    """Whose holds were queued for their phones."""
    with world.database.read("demo") as session:
        found = session.scalars(select(Waiting.patient_id).where(Waiting.kind == DownKind.HOLD))
        return sorted(found)


def card_of(world: World, phone: Phone) -> tuple[Card, tuple[HoldView, ...]]:
    """The card of the next session, and the holds, as the patient's page has them."""
    folds, now_ms = Folds(), world.clock.now_ms
    with world.database.read("demo") as session:
        record = gather(session, patient_of(session, "demo", phone.bytes_of("patient_id")))
        held = holds_on_band(session, folds, record)
        foresight = foresee(session, folds, record, now_ms=now_ms)
        summary = summarise(record, foresight, held, None, TIMES, now_ms=now_ms)
    return summary.next, summary.holds


def test_a_hold_is_said_not_to_be_in_force_until_the_record_confirms_it(
    world: World, phone: Phone
) -> None:
    band, patient_id = treating(world, phone), phone.bytes_of("patient_id")
    first = placed(world, band, patient_id)
    asked_for(world, patient_id)
    assert [view.in_force for view in card_of(world, phone)[1]] == [False, False]
    send(phone, band)
    before, waits = card_of(world, phone)[1]
    assert (before.title, waits.title) == ("Hold in force", "Hold asked, not in force")
    assert "may still treat until its own record confirms" in waits.meaning
    assert shown_first(world, patient_id) == first


def shown_first(world: World, patient_id: bytes) -> bytes | None:
    """Which hold stands for the patient on the list."""
    with world.database.read("demo") as session:
        hold = gather(session, patient_of(session, "demo", patient_id)).furthest_hold
    return hold.hold_id if hold else None


def test_a_rest_and_a_hold_of_the_bands_own_are_told_from_the_verified_record(
    world: World, phone: Phone
) -> None:
    band = treating(world, phone)
    rest = bytes(16)
    band.write(records.HoldPlacedBody(rest, HoldKind.REST, HoldSource.APP, "rest", 0))
    send(phone, band)
    following, (view,) = card_of(world, phone)
    assert following.detail == "A rest, which the band ends by itself"
    words = f"Placed by the patient, in the app: A rest, record {band.state.number} of the band"
    assert view.reason == words
    assert "a rest, which the band ends by itself" in view.meaning
    band.write(records.HoldPlacedBody(b"o" * 16, HoldKind.SAFETY, HoldSource.DEVICE, "motion", 0))
    send(phone, band, band.state.number)
    following, views = card_of(world, phone)
    assert (following.figure, following.detail[:18]) == ("Waits for you", "A hold is in force")
    assert views[1].reason.startswith("Placed by the band itself, by rule R11: The head moved")
    end(phone, band, b"o" * 16)
    band.write(records.HoldExpiredBody(rest))
    send(phone, band, band.state.number)
    assert card_of(world, phone)[1] == ()


def alerts(world: World) -> list[tuple[str, str, str]]:
    """What is told of holds that wait, once the worker has looked."""
    with world.database.write("demo") as session:
        standing.look(session, "demo", TIMES, now_ms=world.clock.now_ms)
        found = [each for each in open_alerts(session, "demo") if "hold-waits/" in each.cause]
        return [(each.urgency, each.title, each.detail) for each in found]


def test_a_hold_that_is_not_in_force_in_time_is_told_until_the_record_confirms_it(
    world: World, phone: Phone
) -> None:
    band, patient_id = treating(world, phone), phone.bytes_of("patient_id")
    send(phone, band)
    placed(world, band, patient_id)
    world.clock.now_ms += Thresholds().hold_minutes * 60_000 - 1
    assert alerts(world) == []
    world.clock.now_ms += 1
    ((urgency, title, detail),) = alerts(world)
    assert (urgency, title) == ("today", "A hold is not in force yet")
    assert detail == "It waits for the phone. The band may still treat: call the patient."
    world.clock.now_ms += 24 * 3_600_000
    ((urgency, _, _),) = alerts(world)
    assert urgency == "now"
    send(phone, band, band.state.number)
    assert alerts(world) == []


def test_a_hold_that_waits_stands_once_among_the_reasons(world: World, phone: Phone) -> None:
    band, patient_id = treating(world, phone), phone.bytes_of("patient_id")
    send(phone, band)
    placed(world, band, patient_id)

    def said() -> list[str]:
        with world.database.read("demo") as session:
            record = gather(session, patient_of(session, "demo", patient_id))
            found = reasons(record, TIMES, now_ms=world.clock.now_ms)
        return [each.title for each in found if each.alert or each.urgency == "held"]

    assert said() == ["Hold asked, not in force"]
    world.clock.now_ms += Thresholds().hold_minutes * 60_000
    alerts(world)
    assert said() == ["A hold is not in force yet"]
