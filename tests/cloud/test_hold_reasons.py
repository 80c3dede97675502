"""Every reason that a hold can have on the record is said in words, in both languages (R21)."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from cloud.alerts.service import open_alerts
from cloud.dashboard.app import create_app
from cloud.holds.reasons import WHY, in_english, in_words
from cloud.language import conversation
from mobile.engine import flagging
from shared.instruments.screening import screening_rules
from shared.instruments.side_effects import side_effect_rules
from shared.trust.statements import HoldKind, HoldSource
from shared.wire import records
from tests.cloud.phone import Phone
from tests.cloud.proof.courses import send, treating
from tests.cloud.test_pages import sign_in
from tests.cloud.worlds import World

TREE = Path(__file__).resolve().parents[2]
BAND = TREE / "firmware_bridge/emulator/firmware"
SIGNS = [each.red_flag.sign for each in side_effect_rules().effects if each.red_flag]
APP = [*(flagging.sign_of(each) for each in side_effect_rules().effects if each.red_flag)]
QUESTIONS = [each.id for each in screening_rules().questions]
CODES = [
    *WHY,
    *APP,
    flagging.sign_of(None),
    flagging.WITHDRAWN,
    "motion",
    "rest",
    "screening:",
    *(f"screening:{each}" for each in QUESTIONS),
    *(f"side effect:{each}" for each in [*SIGNS, flagging.SEVERAL]),
]
UNHEARD = "moon-phase:7"
HOLD = b"h" * 16


@pytest.fixture
def pages(world: World) -> Iterator[TestClient]:
    with TestClient(create_app(world.settings, world.clock), follow_redirects=False) as client:
        yield client


def written_by_the_band() -> set[str]:
    """The reasons that the band's own code writes: whole, or what stands before a question's or an
    effect's name."""
    found = set()
    for path in BAND.glob("**/*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                at = {"place_own": 0, "HoldPlacedBody": 3}.get(node.func.attr)
                if at is not None:
                    found |= {_text(node.args[at])}
    return found - {""}


def _text(given: ast.expr) -> str:
    first = given.values[0] if isinstance(given, ast.JoinedStr) else given
    return str(first.value) if isinstance(first, ast.Constant) else ""


def test_what_the_band_writes_is_what_these_tests_know() -> None:
    assert written_by_the_band() == {"motion", "screening:", "side effect:"}


@pytest.mark.parametrize("code", CODES)
def test_each_reason_has_words_in_both_languages(code: str) -> None:
    with conversation("en"):
        english = in_words(code)
    with conversation("de"):
        german = in_words(code)
    assert english == in_english(code)
    assert len({code, english, german}) == 3
    assert "code" not in english.casefold().split()
    for each in (english, german):
        assert "screening:" not in each
        assert "_" not in each
        assert each[0].isupper()


def test_a_reason_that_nobody_of_ours_writes_is_said_to_be_one() -> None:
    assert in_english(UNHEARD) == f'A reason that only its code names: "{UNHEARD}"'
    with conversation("de"):
        assert in_words(UNHEARD) == f"Ein Grund, den nur sein Code nennt: „{UNHEARD}“"


@pytest.mark.parametrize(
    "code", ["motion", "screening:", "side effect:hearing", flagging.WITHDRAWN]
)
@pytest.mark.parametrize("language", ["en", "de"])
def test_the_pages_say_the_reason_and_keep_its_code_small(
    world: World, pages: TestClient, phone: Phone, code: str, language: str
) -> None:
    band = treating(world, phone)
    source = HoldSource.APP if code == flagging.WITHDRAWN else HoldSource.DEVICE
    band.write(records.HoldPlacedBody(HOLD, HoldKind.SAFETY, source, code, 0))
    send(phone, band)
    sign_in(world, pages)
    with world.database.read("demo") as session:
        details = [each.detail for each in open_alerts(session, "demo")]
    assert any(each.endswith(f"Reason on the record: {code}.") for each in details)
    pages.headers["Accept-Language"] = language
    with conversation(language):
        words = in_words(code)
    patient = f"/patients/{phone.bytes_of('patient_id').hex()}"
    for path in (patient, f"{patient}/lift", "/lift"):
        page = pages.get(path).text
        assert words in page
        assert f": {code}" not in page
    small = f'<dd class="fingerprint">{code}</dd>'
    assert small in pages.get(f"{patient}/lift").text
