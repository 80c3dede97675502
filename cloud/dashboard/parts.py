"""What every page has at hand: database, clock, keys, templates, and who is signed in."""

from __future__ import annotations

import hmac
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Annotated, Any

from fastapi import Depends, Form, Request
from fastapi.responses import HTMLResponse
from sqlalchemy.orm import Session

from cloud.alerts.untold import untold
from cloud.audit.refreshes import Refreshes
from cloud.audit.service import record
from cloud.clinics.service import is_made_up
from cloud.clock import Clock
from cloud.dashboard.menu import menu_of
from cloud.dashboard.templates import environment
from cloud.db import Database
from cloud.errors import NotAllowed, SetupError
from cloud.keys import KeyRing, load_key
from cloud.language import _, current, switch
from cloud.ledger.folds import Folds
from cloud.people.passkeys import Site
from cloud.people.service import Person, clinic_of_cookie, is_stale, signed_in, touch
from cloud.people.tokens import cookie_secret
from cloud.settings import Settings
from cloud.times import Times
from cloud.vault.opening import open_vault
from cloud.worker.heartbeats import newest_heartbeat, watches
from shared.trust.keys import SoftwareKey

_ID = re.compile("(?:[0-9a-f]{2})+")
WEB = Path(__file__).resolve().parents[1] / "web"


@dataclass(frozen=True)
class AboutClinic:
    """What every page says of the clinic: whether nobody here is real, and that no worker looks
    after it, None while one does; and of how many alerts for now nobody was told."""

    made_up: bool
    unwatched: str | None
    untold: int


class Dashboard:
    """The process's parts."""

    def __init__(self, settings: Settings, clock: Clock, keys: KeyRing) -> None:
        self.settings, self.clock, self.keys = settings, clock, keys
        self.database = Database(settings.url, open_vault(settings))
        self.times = Times(settings.time_zone)
        self.site = Site(settings.rp_id, settings.origin, cookie_secret(settings.data))
        self.folds = Folds()
        self._refreshes = Refreshes(clock)
        self._templates = environment(WEB / "templates")

    @property
    def cookie(self) -> str:
        """The sign-in cookie's name; bound to the host where connections are encrypted."""
        return "__Host-circlet" if self.settings.https else "circlet"

    def vault_key(self, key_id: bytes) -> SoftwareKey:
        """Return the vault key of this id from the identity folder."""
        for path in sorted(self.settings.key_file("vault").parent.glob("vault-*.key")):
            key = load_key(path)
            if key.public_key.key_id == key_id:
                return key
        raise SetupError("this patient's vault key is not here")

    def page(self, name: str, person: Person | None = None, **values: Any) -> HTMLResponse:
        """Return a rendered page."""
        return HTMLResponse(self.render(name, person, **values))

    def render(self, name: str, person: Person | None = None, **values: Any) -> str:
        """Return a template's text, with the names that every page uses."""
        now_ms = self.clock.wall_ms()
        about = cache(lambda: self._about(person.clinic_id, now_ms)) if person else None
        return self._templates.get_template(name).render(
            person=person,
            now_ms=now_ms,
            now_clock=self.times.clock(now_ms),
            zone=self.times.zone(now_ms),
            language=current().code,
            menu_of=menu_of,
            made_up=lambda: about().made_up if about else False,
            unwatched=lambda: about().unwatched if about else None,
            untold_count=lambda: about().untold if about else 0,
            said=lambda wall_ms: self.times.said(wall_ms, now_ms),
            **values,
        )

    def _about(self, clinic_id: str, now_ms: int) -> AboutClinic:
        with self.database.read(clinic_id) as session:
            heard_ms = newest_heartbeat(session, clinic_id)
            return AboutClinic(
                is_made_up(session, clinic_id),
                self._unwatched(heard_ms, now_ms),
                len(untold(session, clinic_id)),
            )

    def _unwatched(self, heard_ms: int | None, now_ms: int) -> str | None:
        if watches(heard_ms, now_ms=now_ms):
            return None
        if heard_ms is None:
            return _("The worker has not run yet. No alert is raised, and no hold is signed.")
        return _("The worker ran last {when}. No alert is raised, and no hold is signed.").format(
            when=self.times.said(heard_ms, now_ms)
        )

    def audit(
        self, person: Person, action: str, subject: str, patients: Iterable[bytes] = ()
    ) -> None:
        """Write down that this person read something, before they are shown it.

        ``patients`` are whom it is about, where the subject isn't a patient.
        """
        with self.database.write(person.clinic_id) as session:
            self.note(session, person, action, subject, patients)

    def audit_refresh(
        self, person: Person, action: str, subject: str, patients: Iterable[bytes] = ()
    ) -> None:
        """Write down that an open page goes on being refreshed: once in a while, not each time."""
        about = tuple(sorted(patients))
        view = (person.actor, person.route, subject, about)
        if self._refreshes.is_due(view):
            self.audit(person, action, subject, about)
            self._refreshes.written(view)

    def note(
        self,
        session: Session,
        person: Person,
        action: str,
        subject: str,
        patients: Iterable[bytes] = (),
    ) -> None:
        """Write down what this person changes, in the transaction that changes it."""
        record(
            session,
            person.clinic_id,
            actor=person.actor,
            action=action,
            subject=subject,
            now_ms=self.clock.wall_ms(),
            route=person.route,
            patients=patients,
        )


def _dashboard(request: Request) -> Dashboard:
    found: Dashboard = request.app.state.dashboard
    return found


Parts = Annotated[Dashboard, Depends(_dashboard)]


def watching(request: Request, dashboard: Parts) -> Person:
    """Return who is signed in; raise SignInNeeded for nobody."""
    cookie = request.cookies.get(dashboard.cookie)
    with dashboard.database.read(clinic_of_cookie(cookie)) as session:
        person = signed_in(
            session,
            cookie,
            idle_minutes=dashboard.settings.session_idle_minutes,
            now_ms=dashboard.clock.wall_ms(),
        )
    if person.language is not None:
        switch(person.language)
    return replace(person, route=f"{request.method} {request.scope['route'].path}")


Watching = Annotated[Person, Depends(watching)]
"""Who is signed in; a refresh that a page makes by itself does not keep the sign-in alive."""


def _acting(request: Request, dashboard: Parts, person: Watching) -> Person:
    now_ms = dashboard.clock.wall_ms()
    if is_stale(person, now_ms=now_ms):
        with dashboard.database.write(person.clinic_id) as session:
            touch(session, request.cookies.get(dashboard.cookie), now_ms=now_ms)
    return person


Acting = Annotated[Person, Depends(_acting)]
"""Who is signed in and did something."""


def _sending(person: Acting, form_token: Annotated[str, Form()] = "") -> Person:
    if not hmac.compare_digest(form_token.encode(), person.form_token.encode()):
        raise NotAllowed("This form is of another sign-in. Open the page again.", code="form")
    return person


Sending = Annotated[Person, Depends(_sending)]
"""Who sent a form, proven by the form's token."""


def identifier(text: str) -> bytes:
    """Return the bytes of an id in an address; one that is not lower-case hex is nobody's."""
    return bytes.fromhex(text) if _ID.fullmatch(text) else b""
