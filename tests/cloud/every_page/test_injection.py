"""No name and no note acts on a page or in a file; each is shown as the text that it is."""

import csv
import io
import re
from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from playwright.async_api import Browser, Dialog
from starlette.testclient import TestClient

from cloud.dashboard.app import create_app
from cloud.dashboard.isolating import harmless
from cloud.demo_data.identity import CLINIC_ID
from cloud.patients.service import all_patients
from cloud.reports.csv_file import FORMULA as BEGINNINGS
from tests.cloud.browser import dashboard_of
from tests.cloud.every_page.addresses import Address, addresses, pages_of
from tests.cloud.every_page.clinic import PageClinic
from tests.cloud.every_page.hostile import ARABIC, FORMULA, MARKUP, TURNED, hostile_copy
from tests.cloud.every_page.opening import DESKTOP, PHONE, visiting

COMMANDS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066\u2067]")
ISOLATED = f"\u2068{ARABIC}\u2069"
WITHIN = re.compile("\u2068[^\u2069]*\u2069")
"""A name, or a sentence with a name in it."""
INPUT = re.compile('<input name="name" value="[^"]*"')
"""A line of its own, which turns nothing round: what stands there is sent back as it stands."""
ACTS = ("<script>alert", "<img src=x", "</textarea><script", "{{ 7", "49 {%")
SHOWN = "&lt;script&gt;alert"


@pytest.fixture(scope="module")
def hostile(clinic: PageClinic, tmp_path_factory: pytest.TempPathFactory) -> Iterator[PageClinic]:
    with hostile_copy(clinic, tmp_path_factory.mktemp("hostile") / "clinic") as made:
        yield made


@pytest.fixture(scope="module")
def app(hostile: PageClinic) -> FastAPI:
    return create_app(hostile.settings, hostile.clock)


@pytest.fixture(scope="module")
def client(app: FastAPI) -> Iterator[TestClient]:
    with TestClient(app, follow_redirects=False) as made:
        yield made


def text_of(client: TestClient, hostile: PageClinic, address: Address) -> str:
    client.cookies.clear()
    client.cookies.set("circlet", hostile.cookies[address.visitor])
    return str(client.get(address.path).content.decode("utf-8-sig"))


def test_every_answer_shows_what_was_typed_as_text(
    client: TestClient, app: FastAPI, hostile: PageClinic
) -> None:
    wrong, shown = [], 0
    for each in addresses(app, hostile.ids):
        text = text_of(client, hostile, each)
        shown += SHOWN in text
        wrong += [(each.path, act) for act in ACTS[:3] if act in text]
        text = INPUT.sub("", text)
        wrong += [(each.path, ascii(found)) for found in COMMANDS.findall(text)]
        if not each.route.endswith((".csv", ".json")) and ARABIC in text:
            alone = sum(run.count(ARABIC) for run in WITHIN.findall(text))
            wrong += [(each.path, "not isolated")] * (text.count(ARABIC) - alone)
    print(f"\ninjection: {shown} answers show a hostile text")
    assert wrong == []
    assert shown > 12


def test_no_cell_of_a_file_is_a_formula(
    client: TestClient, app: FastAPI, hostile: PageClinic
) -> None:
    with hostile.database.read(CLINIC_ID) as session:
        patients = [each.patient_id.hex() for each in all_patients(session, CLINIC_ID)]
    files = [
        each
        for patient in patients
        for each in addresses(app, {**hostile.ids, "patient": patient})
        if each.route.endswith(".csv")
    ]
    cells = [
        cell
        for each in dict.fromkeys(files)
        for row in csv.reader(io.StringIO(text_of(client, hostile, each)))
        for cell in row
    ]
    assert files
    assert f"'{FORMULA.replace(';', ',')}" in cells
    begun = [cell for cell in cells if cell[:1] in BEGINNINGS - {"'"} and cell]
    assert begun == []
    assert not [cell for cell in cells if "<" in cell]


def test_a_form_that_comes_back_has_the_typed_text_as_it_was(
    client: TestClient, hostile: PageClinic
) -> None:
    page = text_of(client, hostile, Address("", "/patients/new", "everything"))
    token = re.search('name="form_token" value="([^"]+)"', page)
    assert token is not None
    form = {"form_token": token[1], "name": f"{MARKUP}{ARABIC}"}
    back = client.post("/patients", data=form)
    assert back.status_code == 422
    assert "<script>alert" not in back.text
    assert f"{ARABIC}&#34;" not in back.text
    assert f'{ARABIC}" required' in back.text


def test_text_turns_nothing_around_it_and_plain_text_stays_as_it_is() -> None:
    assert harmless(TURNED) == r"\u{202e}gnp.eliforp\u{2066}\u{200f}"
    assert harmless(ARABIC) == ISOLATED
    assert harmless("Jürgen Über-Öl") == "Jürgen Über-Öl"
    assert harmless(FORMULA) == FORMULA
    assert harmless(7) == 7


@pytest.mark.long
@pytest.mark.asyncio(loop_scope="package")
async def test_no_script_runs_no_markup_becomes_an_element_and_no_page_is_wider_than_its_window(
    browser: Browser, app: FastAPI, hostile: PageClinic
) -> None:
    wrong: list[str] = []

    async def said(dialog: Dialog) -> None:
        wrong.append(f"dialogue: {dialog.message}")
        await dialog.dismiss()

    with dashboard_of(hostile) as origin:
        for visitor in ("everything", "caregiver", "nobody"):
            async with visiting(browser, origin, hostile, visitor) as opened:
                opened.page.on("dialog", said)
                for each in pages_of(app, hostile.ids):
                    if each.visitor != visitor:
                        continue
                    await opened.open(each)
                    made = await opened.page.locator("img[src=x]").count()
                    if made:
                        wrong.append(f"{each.path}: {made} made")
                    for width in (DESKTOP["width"], PHONE["width"]):
                        if excess := await opened.wider_by(width):
                            wrong.append(f"{each.path}: {excess} px too wide at {width}")
                wrong += opened.complaints
    assert wrong == []
