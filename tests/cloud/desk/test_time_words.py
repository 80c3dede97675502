"""What the desk says of a word on a band's time: all of it, from the bytes, or it refuses."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from shared.trust.staff_words import AttestTime, LiftHold, LiftLine
from shared.wire import canonical, fields
from tests.cloud.axe import assert_accessible
from tests.cloud.desk.browsing import Tab
from tests.cloud.desk.worlds import SAMPLE, signing_link

pytestmark = pytest.mark.asyncio(loop_scope="package")
RETURN = "http://cloud.localhost:8080/desk-return"
TIME = AttestTime(SAMPLE.device_id, 7, 685, b"\x12" * 32, b"\xab" * 16, 14 * 3_600_000 + 60_000)


async def test_a_word_on_time_says_how_long_since_which_record_in_both_languages(
    reader: Tab, desk: str
) -> None:
    link = signing_link(desk, [fields.pack(TIME)], back=RETURN, kind=AttestTime.TYPE)
    await reader.show(link)
    said = await reader.text()
    for told in (
        "14 h 1 min",
        "since record 685",
        "0001 0203",
        "1212 1212",
        "abab abab",
        "refuses this word if a session",
        "no undo",
    ):
        assert told in said, told
    assert "More than" not in said
    await assert_accessible(reader.page)
    await reader.page.click("#language")
    said = await reader.text()
    for told in (
        "14 h 1 min",
        "seit Eintrag 685",
        "Signieren Sie nur",
        "weist dieses Wort ab",
        "zurücknehmen",
    ):
        assert told in said, told
    await reader.page.click("#language")


async def test_a_word_on_a_long_time_is_marked_before_it_is_signed(reader: Tab, desk: str) -> None:
    data = fields.pack(replace(TIME, elapsed_ms=31 * 86_400_000))
    await reader.show(signing_link(desk, [data], back=RETURN, kind=AttestTime.TYPE))
    assert "More than 30 days" in await reader.text()
    await reader.page.click("#language")
    assert "Mehr als 30 Tage" in await reader.text()
    await reader.page.click("#language")


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({6: 401 * 86_400_000}, "elapsed_ms has a value that it cannot have"),
        ({6: 0}, "elapsed_ms has a value that it cannot have"),
        ({5: b"short"}, "nonce has a value that it cannot have"),
        ({3: 0}, "head_number has a value that it cannot have"),
        ({2: "seven"}, "boot_count has a value that it cannot have"),
        ({7: 1}, "a field that this desk does not know"),
        ({1: None}, "lacks device_id"),
    ],
)
async def test_a_word_on_time_that_cannot_be_shown_whole_is_not_signed(
    reader: Tab, desk: str, changed: dict[int, Any], words: str
) -> None:
    value = {**fields.to_map(TIME), **changed}
    data = canonical.encode({key: each for key, each in value.items() if each is not None})
    await reader.show(signing_link(desk, [data], back=RETURN, kind=AttestTime.TYPE))
    said = await reader.text()
    assert words in said
    assert "Nothing was signed" in said
    assert await reader.page.locator("#sign").count() == 0


async def test_a_lift_is_not_taken_for_a_word_on_time(reader: Tab, desk: str) -> None:
    data = fields.pack(LiftHold(SAMPLE.device_id, (LiftLine(b"\xab" * 16, b"\x12" * 32),)))
    await reader.show(signing_link(desk, [data], back=RETURN, kind=AttestTime.TYPE))
    assert "Nothing was signed" in await reader.text()
