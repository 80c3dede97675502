"""A member of staff with every role, whose passkey answers for whatever schemathesis makes up."""

import secrets
from collections.abc import Mapping
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import httpx2
from sqlalchemy import select
from starlette.testclient import TestClient

from cloud.channels.service import MAIL, add_channel
from cloud.dashboard.app import create_app
from cloud.dashboard.gates import gates
from cloud.errors import SignInNeeded
from cloud.oncall import drills
from cloud.patients.models import Device
from cloud.people import service as people
from cloud.people.authority import TABLE, Act, Reach, Role
from cloud.teams import service as teams
from cloud.worker.heartbeats import beat
from tests.cloud.authority.people import Visitor, answered, make_town, visitor
from tests.cloud.openapi.asking import Asked, Made, Operation, Send
from tests.cloud.worlds import World

Known = Mapping[str, tuple[Any, ...]]


class StaffCaller:
    """Sends requests of somebody who may do everything here, or of nobody."""

    last = (
        "/erasures",
        "/clinic/alerts/channels/remove",
        "/staff/{member}/sign-ins/end",
        "/staff/{member}/left",
        "/sign-out",
    )

    def __init__(self, world: World, folder: Path, *, signed_in: bool) -> None:
        settings = world.settings.model_copy(update={"rate_limit": 1_000_000})
        self.world, self._signed_in = world, signed_in
        self.app = create_app(settings, world.clock)
        self.client = TestClient(self.app, follow_redirects=False)
        self._acts = {
            (method, route.path): found[0].act
            for route, found in gates(self.app)
            for method in route.methods or ()
        }
        self._who = self._chief()
        with world.database.read("demo") as session:
            chief = people.signed_in(
                session, self._who.cookie, idle_minutes=60, now_ms=world.clock.now_ms
            )
        self._known, self._spare = _known(world, folder, chief.staff_id)

    def _chief(self) -> Visitor:
        return visitor(self.world, "Chief", *Role)

    def who(self) -> Visitor:
        """Return who is signed in; somebody else where a form ended that."""
        with self.world.database.read("demo") as session:
            try:
                people.signed_in(
                    session, self._who.cookie, idle_minutes=60, now_ms=self.world.clock.now_ms
                )
            except SignInNeeded:
                self._who = Visitor("", "", "")
        if not self._who.cookie:
            self._who = self._chief()
        return self._who

    def sender(self, operation: Operation) -> Send:
        """Return what sends this operation's requests signed in, the passkey having answered."""
        act = self._acts[operation.method.upper(), operation.path]

        def send(asked: Asked) -> httpx2.Response:
            if not self._signed_in:
                return self._send(asked, {})
            who = self.who()
            if TABLE[act].prescriber is Reach.STEP_UP or TABLE[act].administrator is Reach.STEP_UP:
                self._answer(who, act, asked)
            return self._send(asked, {"Cookie": f"circlet={who.cookie}"})

        return send

    def _send(self, asked: Asked, more: dict[str, str]) -> httpx2.Response:
        self.client.cookies.clear()
        answer: httpx2.Response = self.client.request(
            asked.method, asked.url, headers=asked.headers | more, content=asked.body
        )
        return answer

    def _answer(self, who: Visitor, act: Act, asked: Asked) -> None:
        fields: dict[str, object] = {}
        if asked.headers.get("Content-Type", "").startswith("application/x-www-form-urlencoded"):
            for name, value in parse_qsl(asked.body.decode("latin-1"), keep_blank_values=True):
                before = fields.setdefault(name, [])
                assert isinstance(before, list)
                before.append(value)
        answered(self.world, who, act.value, unquote(urlsplit(asked.url).path), fields)

    def change(self, case: Made) -> None:
        """Put the form's token in, and what exists in the place of much of what was made up."""
        chance = Random(repr((case.path_parameters, case.body)))
        for name in case.path_parameters or ():
            if name in self._known and chance.random() < 0.9:
                case.path_parameters[name] = chance.choice(self._known[name])
        if not isinstance(case.body, dict):
            return
        if case.path == "/erasures" and chance.random() < 0.5:
            case.body |= {"patient": self._spare, "again": self._spare}
        for name in sorted(case.body.keys() & self._known.keys()):
            if case.path != "/erasures" and chance.random() < 0.6:
                case.body[name] = chance.choice(self._known[name])
        case.body["form_token"] = self.who().form_token


def _another_device(world: World) -> bytes:
    """Give the clinic a copy of its device under another id: nothing here asks for its key."""
    with world.database.write("demo") as session:
        first = session.scalars(select(Device).where(Device.clinic_id == "demo")).first()
        assert first is not None
        device_id = secrets.token_bytes(16)
        session.add(
            Device(
                clinic_id="demo",
                device_id=device_id,
                serial="CB-0002",
                public_key=first.public_key,
                certificate=first.certificate,
                transfer=first.transfer,
                patient_id=None,
                assignment=None,
                assignments=0,
            )
        )
    return device_id


def _known(world: World, folder: Path, chief_id: bytes) -> tuple[Known, str]:
    """Make what forms and addresses name; return it by the field's name, and a patient to spare."""
    town = make_town(world, folder)
    now_ms = world.clock.now_ms
    second, third = (_another_device(world) for _ in range(2))
    spare, _ = world.enrol("Erna Spare", device_id=second)
    other = world.member(Role.CARE_TEAM, "B. Other")
    with world.database.write("demo") as session:
        beat(session, "demo", "worker", now_ms=now_ms)
        site = teams.add_site(session, "demo", "Main street", now_ms=now_ms)
        team = teams.add_team(session, "demo", site.site_id, "North", now_ms=now_ms)
        address = "b@clinic.example"
        channel = add_channel(session, "demo", chief_id, MAIL, address, now_ms=now_ms)
        drill = drills.start(session, channel, now_ms=now_ms)
        token = people.invite(session, other, now_ms=now_ms)
        ids = [site.site_id, team.team_id, channel.channel_id, drill.drill_id, other.staff_id]
    with world.database.write("other") as session:
        beat(session, "other", "worker", now_ms=now_ms)
    site_id, team_id, channel_id, drill_id, member_id = ((each.hex(),) for each in ids)
    whom = (town.own,) * 6 + (spare.patient_id.hex(), town.foreign)
    days = ("2026-03-02", "2026-03-03", "2026-13-40")
    times = ("08:00", "20:30", "24:00")
    members = {name: member_id for name in ("member", "staff", "stand_in", "to")}
    about_days = {name: days for name in ("first", "last", "birth_date")}
    about_times = {name: times for name in ("from_time", "to_time", "quiet_from", "quiet_to")}
    numbers = ("1", "30", "100", "9" * 5_000)
    known: Known = {
        **members,
        **about_days,
        **about_times,
        "patient": whom,
        "patient_id": whom,
        "site": site_id,
        "team": team_id,
        "channel": channel_id,
        "drill": drill_id,
        "alert": tuple(town.alerts.values()),
        "token": (token, "demo.never"),
        "step": ("end", "threshold", "titration", "make-up", "x"),
        "name": ("North", ""),
        "kind": ("mail", "webhook"),
        "address": ("c@clinic.example", "https://gateway.example/ring"),
        "role": (["auditor"], ["prescriber", "chief"]),
        "device_id": (world.identity.device_id.hex(), third.hex()),
        "indication": ("mdd", "x"),
        "reason": ("clinician", "looked at it"),
        "protocol_id": ("mdd-l-dlpfc-itbs",) * 3 + ("x",),
        "intensity_percent": numbers,
        "trains": numbers,
    }
    return known, spare.patient_id.hex()
