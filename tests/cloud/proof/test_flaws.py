"""What is wrong with a record is found, told, and stands until it's mended or cleared."""

from collections.abc import Iterator

import pytest
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from starlette.testclient import TestClient

from cloud.alerts.models import Alert
from cloud.alerts.service import acknowledge, open_alerts
from cloud.audit import service as audit
from cloud.dashboard.app import create_app
from cloud.proof.kinds import ABOUT, Kind
from cloud.proof.models import Flaw
from cloud.proof.service import name_of
from shared.trust.keys import SoftwareKey
from shared.wire import records
from tests.cloud.phone import Phone
from tests.cloud.proof.courses import a_day_later, found, send, treating
from tests.cloud.test_pages import sign_in
from tests.cloud.worlds import Band, World


@pytest.fixture
def pages(world: World) -> Iterator[TestClient]:
    with TestClient(create_app(world.settings, world.clock), follow_redirects=False) as client:
        yield client


def alerts(world: World) -> list[tuple[str, str]]:
    """The open alerts' urgencies and titles, without from where to where."""
    with world.database.read("demo") as session:
        return [(each.urgency, each.title.split(",")[0]) for each in open_alerts(session, "demo")]


def events(world: World) -> list[tuple[str, str]]:
    with world.database.read("demo") as session:
        assert audit.first_broken(session, "demo") is None
        return [(each.action, each.subject) for each in audit.newest(session, "demo")]


def forked(world: World, phone: Phone) -> Band:
    """A record that is verified, of which another history comes then."""
    band = treating(world, phone)
    other = Band(world.identity, band.patient_id, epoch=band.epoch)
    band.session(trains=2, planned=2)
    other.session(trains=1, planned=2)
    send(phone, band)
    send(phone, other, first=2)
    return band


def test_a_fork_is_not_forgotten_by_the_next_good_head(world: World, phone: Phone) -> None:
    band = forked(world, phone)
    a_day_later(world, band)
    newer = band.state.number + 1
    band.session()
    assert set(send(phone, band, first=newer)) == {"accepted"}
    (fork,) = [each for each in found(world, band.patient_id) if each.kind == "fork"]
    assert (fork.first, fork.ended_ms) == (2, None)
    assert fork.ours is not None
    assert fork.theirs is not None
    assert fork.ours != fork.theirs
    assert ("now", ABOUT[Kind.FORK].title) in alerts(world)
    assert ("incident: fork", f"flaw/{name_of(fork)}") in events(world)


def test_a_fork_that_grows_once_it_is_acknowledged_is_told_anew(world: World, phone: Phone) -> None:
    band = forked(world, phone)
    (before,) = found(world, band.patient_id)
    with world.database.write("demo") as session:
        for alert in open_alerts(session, "demo"):
            acknowledge(session, alert, alert.alert_id, by=bytes(16), now_ms=1)
    assert alerts(world) == []
    other = Band(world.identity, band.patient_id, epoch=band.epoch)
    for _ in range(3):
        other.session(trains=1, planned=3)
    send(phone, other, first=2)
    assert ("now", ABOUT[Kind.FORK].title) in alerts(world)
    (fork,) = [each for each in found(world, band.patient_id) if each.kind == "fork"]
    assert fork.last > before.last


def test_two_heads_over_one_number_keep_both_hashes(world: World, phone: Phone) -> None:
    band = treating(world, phone)
    other = Band(world.identity, band.patient_id, epoch=band.epoch)
    other.write(records.SelfTestBody(True))
    send(phone, band)
    assert phone.items([other.head_item()])[0]["answer"] == "refused"
    (fork,) = found(world, band.patient_id)
    assert (fork.kind, fork.first, fork.ours, fork.theirs) == (
        *("fork", other.state.number),
        *(band.state.hash, other.state.hash),
    )


def test_an_incident_is_never_deleted(world: World, phone: Phone) -> None:
    band = forked(world, phone)
    with (
        pytest.raises(IntegrityError, match="never deleted"),
        world.database.write("demo") as session,
    ):
        session.execute(delete(Flaw))
    assert found(world, band.patient_id)


def test_a_person_clears_a_flaw_for_a_reason(world: World, phone: Phone, pages: TestClient) -> None:
    band = forked(world, phone)
    (fork,) = found(world, band.patient_id)
    page = f"/patients/{band.patient_id.hex()}"
    token = sign_in(world, pages)
    assert "two histories have one number, from record 2 to" in pages.get(page).text
    form = {"flaw": name_of(fork), "reason": " ", "form_token": token}
    assert pages.post(f"{page}/flaws", data=form).status_code == 409
    form["reason"] = "seen with the maker"
    assert pages.post(f"{page}/flaws", data=form).status_code == 303
    assert pages.post(f"{page}/flaws", data=form).status_code == 409
    (cleared,) = found(world, band.patient_id)
    assert (cleared.ended_ms, cleared.reason) == (world.clock.now_ms, "seen with the maker")
    assert ("cleared a flaw", f"flaw/{name_of(fork)}") in events(world)
    assert alerts(world) == []
    assert "Cleared today" in pages.get(page).text
    assert "Nobody needs you now" in pages.get("/").text


def test_a_cleared_fork_that_comes_again_is_found_again(world: World, phone: Phone) -> None:
    band = forked(world, phone)
    with world.database.write("demo") as session:
        session.scalars(select(Flaw)).one().ended_ms = 1
    other = Band(world.identity, band.patient_id, epoch=band.epoch)
    other.session(trains=1, planned=3)
    send(phone, other, first=2)
    assert sorted(each.number for each in found(world, band.patient_id)) == [1, 2]


def test_a_gap_stands_from_where_to_where_until_the_records_come(
    world: World, phone: Phone, pages: TestClient
) -> None:
    band = treating(world, phone)
    band.session()
    items = band.record_items()
    phone.items([*items[:3], *items[5:], band.head_item()])
    (gap,) = found(world, band.patient_id)
    assert (gap.kind, gap.first, gap.last) == ("gap", 1, band.state.number)
    assert alerts(world) == [("today", "The record has a gap")]
    sign_in(world, pages)
    assert f"from record 1 to {band.state.number}" in pages.get("/").text
    phone.items(items[3:5])
    (gap,) = found(world, band.patient_id)
    assert (gap.ended_ms, gap.ended_by) == (world.clock.now_ms, "record")
    assert alerts(world) == []


def test_what_the_band_did_not_sign_stands_until_the_right_bytes_come(
    world: World, phone: Phone
) -> None:
    band = treating(world, phone)
    items = band.record_items()
    body = items[1]["body"]
    assert isinstance(body, bytes)
    wrong = {**items[1], "body": body[:-1] + bytes([body[-1] ^ 1])}
    phone.items([items[0], wrong, band.head_item()])
    assert [each.kind for each in found(world, band.patient_id)] == ["gap", "mismatch"]
    assert set(send(phone, band)) <= {"accepted", "duplicate"}
    assert [each.ended_by for each in found(world, band.patient_id)] == ["record", "record"]
    assert alerts(world) == []


def test_a_foreign_bands_record_is_an_incident(world: World, phone: Phone) -> None:
    band = treating(world, phone)
    items = band.record_items()
    for item in items:
        item["id"] = str(item["id"]).replace(band.identity.device_id.hex(), "07" * 16)
    phone.items(items)
    (foreign,) = found(world, band.patient_id)
    assert (foreign.kind, foreign.first, foreign.last) == ("foreign_device", 1, len(items))
    assert (foreign.ours, foreign.theirs) == (band.identity.device_id, b"\x07" * 16)
    assert alerts(world) == [("now", ABOUT[Kind.FOREIGN_DEVICE].title)]


def test_a_head_that_another_key_signed_is_a_foreign_bands(world: World, phone: Phone) -> None:
    band = treating(world, phone)
    forger = band.identity.devices[band.device_id] = SoftwareKey.generate()
    phone.items([band.head_item(), {**band.head_item(), "body": b"junk"}])
    (foreign,) = found(world, band.patient_id)
    assert foreign.theirs == forger.public_key.key_id


def test_a_counter_that_went_back_is_an_incident(world: World, phone: Phone) -> None:
    band = treating(world, phone)
    session_id = bytes(16)
    hash_ = band.prescription_hash
    band.write(records.SessionOpenedBody(session_id, hash_, 600, 20, bytes(32)))
    band.write(records.SliceReservedBody(1, 1, 30, 57, band.state.counter - 1))
    send(phone, band)
    (counter,) = found(world, band.patient_id)
    assert (counter.kind, counter.first) == ("counter", band.state.number)
    assert ("now", ABOUT[Kind.COUNTER].title) in alerts(world)


@pytest.mark.parametrize(
    ("moved_ms", "words"),
    [(3_600_000, "60 min ahead"), (-3_600_000, "back by 60 min"), (None, "without a time")],
)
def test_a_clock_out_of_line_is_told(
    world: World, phone: Phone, moved_ms: int | None, words: str
) -> None:
    band = treating(world, phone)
    send(phone, band)
    band.clock_ms = None if moved_ms is None else world.clock.now_ms + moved_ms
    band.session()
    send(phone, band)
    (clock,) = found(world, band.patient_id)
    assert clock.kind == "clock"
    assert words in clock.detail
    assert alerts(world) == [("today", ABOUT[Kind.CLOCK].title)]


def test_a_course_to_its_limits_is_no_incident(world: World, phone: Phone) -> None:
    band = treating(world, phone)
    for day in range(12):
        if day % 7 < 5:
            band.session()
        a_day_later(world, band)
    send(phone, band)
    assert found(world, band.patient_id) == []


def test_pulses_that_nobody_signed_are_an_incident(world: World, phone: Phone) -> None:
    band = Band(world.identity, phone.bytes_of("patient_id"))
    band.session()
    send(phone, band)
    (unsigned,) = found(world, band.patient_id)
    assert unsigned.kind == "unsigned"
    assert ("now", ABOUT[Kind.UNSIGNED].title) in alerts(world)


def test_more_than_prescribed_is_an_incident_each_by_its_window(world: World, phone: Phone) -> None:
    band = treating(world, phone)
    for _ in range(8):
        band.session()
        band.pass_time(3 * 3_600_000)
        world.clock.now_ms += 3 * 3_600_000
    band.session(trains=21, planned=21)
    for _ in range(30):
        a_day_later(world, band)
        band.session()
    send(phone, band)
    kinds = {each.kind for each in found(world, band.patient_id)}
    assert kinds == {"beyond_session", "beyond_day", "beyond_week", "beyond_course"}
    with world.database.read("demo") as session:
        urgencies = session.scalars(select(Alert.urgency).where(Alert.cause.like("beyond%")))
        assert set(urgencies) == {"now"}
    assert [action for action, _ in events(world)].count("incident: beyond_day") == 1


def test_a_fault_after_a_reset_at_the_same_number_is_told_too(world: World, phone: Phone) -> None:
    for _ in range(2):
        band = Band(world.identity, phone.bytes_of("patient_id"))
        band.write(records.FaultBody("coil"))
        send(phone, band)
        assert ("now", "The band reports a fault") in alerts(world)
        with world.database.write("demo") as session:
            for alert in open_alerts(session, "demo"):
                acknowledge(session, alert, alert.alert_id, by=bytes(16), now_ms=1)
