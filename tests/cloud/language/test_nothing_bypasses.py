"""No word that a member of staff reads gets past the catalogues."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel import Locale
from fastapi import FastAPI
from starlette.testclient import TestClient

from cloud.alerts.findings import NOW, Cause
from cloud.alerts.service import raise_alert
from cloud.audit.acts import ACTS
from cloud.language import GERMAN
from cloud.language.speaking import _Spoken
from cloud.patients.service import patient_of
from shared.stimulation.catalogue import catalogue
from shared.stimulation.limits import absolute_limits
from tests.cloud.authority.expected import DASHBOARD
from tests.cloud.authority.people import Town
from tests.cloud.authority.test_matrix import form_of, knock, routes_of
from tests.cloud.language.brackets import BEGIN, WORD, Brackets, outside
from tests.cloud.language.literal import literals
from tests.cloud.test_prescriptions import certified, draft, take
from tests.cloud.worlds import START_MS, World

TREE = Path(__file__).resolve().parents[3]
TEMPLATES = sorted((TREE / "cloud/web/templates").glob("*.html"))
DATA = {
    *("CB", "MS", "audit", "demo", "Circlet", "Maria", "Sample", "Clinic", "Example", "UTC", "GMT"),
    *("prescriber", "care", "team", "administrator", "auditor", "caregiver", "foreign", "left"),
    *("staff", "patient", "patients", "clinic", "alerts", "live", "training", "codes"),
    *("GET", "POST", "English", "Deutsch", "PHQ"),
}
"""Names of the people of the tests, of their clinic, and addresses; none of these is a text."""
LIMITS = absolute_limits()
SOURCES = {
    word
    for each in (
        *(entry.source for entry in catalogue().entries),
        LIMITS.theta_burst_source,
        LIMITS.train_source,
    )
    for word in WORD.findall(each)
}
"""Papers are named as they were published."""
_CALENDAR = (Locale("de").days["format"], Locale("de").months["format"])
DAYS = {
    word
    for names in _CALENDAR
    for name in dict(names["abbreviated"]).values()
    for word in WORD.findall(name)
}
"""Days and months are Babel's to say."""


@pytest.fixture
def bracketed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever a browser asks for, the pages speak brackets."""
    spoken = _Spoken(GERMAN, Brackets())
    monkeypatch.setattr("cloud.language.speaking._spoken", lambda _code: spoken)


def words_past(page: str) -> set[str]:
    page = re.sub('(id="code"|scope="row" class="fingerprint")>[^<]*', ">", page)
    page = re.sub("<code data-column>[^<]*", ">", page)  # a column's name, as a file has it
    words = {word for word in outside(page) if not re.fullmatch("[0-9a-f]+", word)}
    return words - DATA - SOURCES - DAYS


def test_every_page_asks_the_catalogues_for_its_words(
    world: World, app: FastAPI, pages: TestClient, town: Town, bracketed: None
) -> None:
    with world.database.read("demo") as session:
        patient = patient_of(session, "demo", bytes.fromhex(town.own))
    passkey, stored_draft = certified(world), draft(world, patient)
    take(world, passkey.answer([stored_draft.data]))
    with world.database.write("demo") as session:
        for number, title in enumerate(("The course is done", "Red flag: seizure")):
            cause = Cause(f"course/{number}", NOW, title)
            raise_alert(session, patient, cause, "Decide what follows.", now_ms=START_MS)
    seen, wrong = 0, {}
    for method, path in sorted(routes_of(app)):
        if path in {"/health", "/ready", "/audit/export"}:
            continue
        route = DASHBOARD[method, path]
        for name in ("prescriber", "auditor", "administrator", "nobody"):
            form = form_of(route, town.alerts[town.own])
            answer = knock(pages, town.visitors[name], method, path, town.own, form)
            if not answer.headers.get("content-type", "").startswith("text/html"):
                continue
            seen += BEGIN in answer.text
            past = words_past(answer.text)
            if past:
                wrong[method, path, name] = past
    assert set().union(*wrong.values()) == set(), wrong
    assert seen > 100


def test_a_word_said_past_the_catalogues_is_found(bracketed: None) -> None:
    assert outside('<p title="Now">\u27e6Held\u27e7 by nobody</p>') == ["Now", "by", "nobody"]
    assert outside("<p>\u27e6Held\u27e7</p><script>const words</script>") == []
    assert list(literals('<b>Now {{ _("Held") }}</b>')) == ["Now"]
    assert list(literals('<b class="now">{{ "Held" if held else _("Now") }}</b>')) == ["Held"]
    assert list(literals('<b aria-label="Held">{% trans %}Now{% endtrans %}</b>')) == ["Held"]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_no_template_says_a_text_of_its_own(path: Path) -> None:
    assert list(literals(path.read_text("utf-8"))) == []


def test_every_act_that_a_page_writes_down_can_be_said() -> None:
    written = re.compile(r'(?:note|audit|audit_refresh|_note)\([^()]*?"([a-z][^"/]* [^"/]*)"', re.S)
    found = {
        act
        for path in (TREE / "cloud").glob("*/*pages.py")
        for act in written.findall(path.read_text("utf-8"))
    }
    assert len(found) > 30
    assert found - set(ACTS) == set()


def test_every_act_that_is_recorded_elsewhere_can_be_said_too() -> None:
    recorded = re.compile(r"\brecord\([^()]*?(?:\([^()]*\)[^()]*?)*action=([^\n]*),\n", re.S)
    found = {
        act
        for path in (TREE / "cloud").glob("*/*.py")
        for said in recorded.findall(path.read_text("utf-8"))
        for act in re.findall('"([^"{]+)"', said)
    }
    assert len(found) > 4
    assert found - set(ACTS) == set()
