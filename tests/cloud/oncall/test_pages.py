"""The page of alert settings, a drill's page, the banner of a worker that is away, and /health."""

from collections.abc import Iterator

import pytest
from playwright.async_api import expect
from sqlalchemy import select
from starlette.testclient import TestClient

from cloud.alerts.findings import NOW, Cause
from cloud.alerts.service import About, open_alerts, raise_alert
from cloud.alerts.thresholds import thresholds_of
from cloud.channels import service as channels
from cloud.channels.claims import WAITS_MS
from cloud.channels.courier import Courier
from cloud.channels.errors import NotSent
from cloud.channels.models import Channel
from cloud.channels.sending import Outgoing
from cloud.dashboard.app import create_app
from cloud.ingest.app import create_app as create_ingest
from cloud.oncall.models import Drill, RotaTurn
from cloud.people.authority import Role
from cloud.people.service import add_member
from cloud.worker.heartbeats import ABSENT_MS
from tests.cloud.authority.people import visitor
from tests.cloud.browser import dashboard_of, page_of
from tests.cloud.test_pages import sign_in
from tests.cloud.workers import deliver, worker_of
from tests.cloud.worlds import World

PAGE = "/clinic/alerts"
UNCOVERED = """field => {
  const bar = document.querySelector(".save-bar").getBoundingClientRect();
  return field.getBoundingClientRect().top < bar.top;
}"""


@pytest.fixture
def pages(world: World) -> Iterator[TestClient]:
    with TestClient(create_app(world.settings, world.clock), follow_redirects=False) as client:
        yield client


def staff(pages: TestClient) -> str:
    return pages.get(PAGE).text.partition('<option value="')[2][:32]


def test_a_clinic_is_made_to_ring_from_its_page(world: World, pages: TestClient) -> None:
    token = sign_in(world, pages)
    who = staff(pages)

    def send(path: str, **form: object) -> int:
        data = {"form_token": token, **{name: str(value) for name, value in form.items()}}
        return int(pages.post(f"{PAGE}/{path}", data=data).status_code)

    assert send("ringing", ring="true") == 422
    turn = {"staff": who, "level": 1, "from_day": 0, "to_day": 0}
    assert send("turns", **turn, from_time="0:00", to_time="24:00") == 422
    assert send("turns", **turn, from_time="0:00", to_time="0:00") == 303
    assert send("channels", staff=who, kind="mail", address="nobody") == 422
    assert send("channels", staff=who, kind="mail", address="a@clinic.example") == 303
    with world.database.read("demo") as session:
        channel_id = session.scalars(select(Channel.channel_id)).one()
    assert send("drills", channel=channel_id.hex()) == 303
    with world.database.read("demo") as session:
        drill_id = session.scalars(select(Drill.drill_id)).one()
    drill = f"/drills/{drill_id.hex()}"
    assert "This is a drill" in pages.get(drill).text
    assert pages.post(drill, data={"form_token": token}).status_code == 303
    assert send("ringing", ring="true") == 303
    assert send("hours", quiet_from="22:00", quiet_to="7:00", step_minutes=5) == 303
    assert send("thresholds", name="silent_days", value=99) == 422
    assert send("thresholds", name="silent_days", value=5) == 303
    text = pages.get(PAGE).text
    assert "They ring" in text
    assert 'name="quiet_from" value="22:00"' in text
    assert send("ringing") == 303
    with world.database.read("demo") as session:
        turn_id = session.scalars(select(RotaTurn.turn_id)).one()
    assert send("turns/remove", turn=turn_id.hex()) == 303
    assert "Nobody is first on call" in pages.get(PAGE).text


def test_a_webhooks_key_is_shown_once(world: World, pages: TestClient) -> None:
    token = sign_in(world, pages)
    form = {"form_token": token, "staff": staff(pages), "kind": "webhook"}
    answer = pages.post(f"{PAGE}/channels", data={**form, "address": "https://gateway.example/a"})
    with world.database.read("demo") as session:
        secret = session.scalars(select(Channel.secret)).one()
    assert secret is not None
    assert secret.hex() in answer.text
    assert secret.hex() not in pages.get(PAGE).text


def test_a_channel_whose_gateway_took_nothing_says_how_many_messages_wait(
    world: World, pages: TestClient
) -> None:
    sign_in(world, pages)

    def refuses(_outgoing: Outgoing) -> None:
        raise NotSent("connection", "TimeoutError")

    now_ms = world.clock.now_ms
    with world.database.write("demo") as session:
        member = add_member(session, "demo", "X", Role.PRESCRIBER, now_ms=now_ms)
        channel = channels.add_channel(
            session, "demo", member.staff_id, channels.MAIL, "x@clinic.example", now_ms=now_ms
        )
        for name in ("one", "two"):
            occasion = channels.Occasion(name, NOW)
            channels.plan(session, channel, occasion, due_ms=now_ms, now_ms=now_ms)
    assert "Not taken" not in pages.get(PAGE).text
    for send, said in (
        (refuses, "2 messages wait, next try today 09:00"),
        (lambda _: None, None),
    ):
        courier = Courier(world.database, world.clock, send)
        courier.tell("demo")
        deliver(courier)
        text = pages.get(PAGE).text
        assert (said or "") in text
        assert ("Not taken" in text) == (said is not None)
        world.clock.now_ms += WAITS_MS[0]


def test_an_alert_of_the_clinic_is_acknowledged_on_its_page(
    world: World, pages: TestClient
) -> None:
    token = sign_in(world, pages)
    with world.database.write("demo") as session:
        raise_alert(session, About("demo"), Cause("x", NOW, "A title"), "Why.", now_ms=1)
        (alert,) = open_alerts(session, "demo")
    where = pages.get(f"/alerts/{alert.alert_id.hex()}")
    assert where.headers["location"] == PAGE
    assert "A title" in pages.get(PAGE).text
    pages.post(f"/alerts/{alert.alert_id.hex()}/acknowledge", data={"form_token": token})
    assert "A title" not in pages.get(PAGE).text


def test_a_worker_that_is_away_is_said_on_every_page_and_by_health(
    world: World, pages: TestClient
) -> None:
    sign_in(world, pages)
    paths = ("/", "/clinic", "/audit", PAGE, "/patients/new")
    banner = "Nobody watches."
    assert all(banner in pages.get(path).text for path in paths)
    assert pages.get("/health").status_code == 503
    worker_of(world).round()
    assert not any(banner in pages.get(path).text for path in paths)
    with TestClient(create_ingest(world.settings, world.clock)) as ingest:
        for client in (pages, ingest):
            answer = client.get("/health")
            assert (answer.status_code, answer.json()["worker"]) == (200, "watching")
        world.clock.now_ms += ABSENT_MS + 1
        assert banner in pages.get("/").text
        assert ingest.get("/health").json() == {"database": "answers", "worker": "absent"}


def test_an_alert_is_handed_over_on_the_patients_page(world: World, pages: TestClient) -> None:
    patient, _ = world.enrol()
    token = sign_in(world, pages)
    now_ms = world.clock.now_ms
    with world.database.write("demo") as session:
        other = add_member(session, "demo", "Other One", Role.PRESCRIBER, now_ms=now_ms)
        about = About("demo", patient.patient_id)
        raise_alert(session, about, Cause("x", NOW, "A title"), "Why.", now_ms=now_ms)
        (alert,) = open_alerts(session, "demo")
    page, path = (
        f"/patients/{patient.patient_id.hex()}",
        f"/alerts/{alert.alert_id.hex()}/hand-over",
    )
    form = {"form_token": token, "to": other.staff_id.hex()}
    assert "Hand over" not in pages.get(page).text
    assert pages.post(path, data=form).status_code == 409
    with world.database.write("demo") as session:
        address = "other@clinic.example"
        channels.add_channel(session, "demo", other.staff_id, "mail", address, now_ms=now_ms)
    assert "Hand over to" in pages.get(page).text
    assert pages.post(path, data=form).headers["location"] == page
    assert "and not acknowledged yet" in pages.get(page).text


def test_thresholds_are_saved_together_all_of_them_or_none(world: World, pages: TestClient) -> None:
    token = sign_in(world, pages)

    def save(**values: str) -> int:
        form = {"form_token": token, "name": [*values], "value": [*values.values()]}
        return int(pages.post(f"{PAGE}/thresholds", data=form).status_code)

    def stands() -> tuple[int, int]:
        with world.database.read("demo") as session:
            found = thresholds_of(session, "demo")
        return found.silent_days, found.hold_minutes

    before = stands()
    assert save(silent_days="6", hold_minutes="4") == 422
    assert stands() == before
    assert save() == 422
    assert save(silent_days="6", hold_minutes="45") == 303
    assert stands() == (6, 45)
    assert 'name="value" type="number" min="1" max="30" value="6"' in pages.get(PAGE).text


async def test_a_changed_field_is_said_beside_the_save_button(world: World) -> None:
    cookie = visitor(world, "Chief", Role.ADMINISTRATOR).cookie
    with dashboard_of(world) as origin:
        async with page_of() as page:
            await page.context.add_cookies([{"name": "circlet", "value": cookie, "url": origin}])
            await page.goto(f"{origin}{PAGE}")
            said = page.locator('form[action$="/thresholds"] output')
            await expect(said).to_have_text("")
            await page.get_by_label("Days without a word from the phone").fill("9")
            await expect(said).to_have_text("Not saved yet.")
            await page.goto(f"{origin}/clinic/settings")
            bar = page.locator(".save-bar output")
            await expect(bar).to_have_text("Nothing is unsaved.")
            await page.get_by_label("Open, Friday").fill("8:00-12:00")
            await page.get_by_label("Ask for ear protection").check()
            await expect(bar).to_have_text("Not saved: Opening hours, What the phones ask")
            await page.get_by_label("Open, Friday").fill("")
            await expect(bar).to_have_text("Not saved: What the phones ask")
            # What has the focus is never behind the bar.
            for name in ("Safety plan", "Medicines that hold", "Ready answers"):
                field = page.get_by_label(name)
                await field.focus()
                assert await field.evaluate(UNCOVERED), name
