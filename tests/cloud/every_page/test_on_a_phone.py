"""What a phone's width makes of the long pages: few lines a row, words before numbers."""

import pytest
from playwright.async_api import Browser

from tests.cloud.every_page.clinic import PageClinic
from tests.cloud.every_page.opening import PHONE, visiting

pytestmark = pytest.mark.asyncio(loop_scope="package")
LINES, LINE_PX = 4, 26
PAIRS = """all => all.map(cell => {
  const label = getComputedStyle(cell, "::before");
  const words = document.createRange();
  words.selectNodeContents(cell);
  const begins = cell.getBoundingClientRect().left;
  return {
    label: label.content.replaceAll('"', ""),
    smaller: parseFloat(label.fontSize) < parseFloat(getComputedStyle(cell).fontSize),
    apart: words.getBoundingClientRect().left - begins - parseFloat(label.width),
    row: cell.closest("tr").rowIndex,
    top: cell.getBoundingClientRect().top,
  };
})"""
"""Of each cell with a label: its label, and how far to the right of it its words begin."""


@pytest.mark.parametrize("language", ["en-GB", "de-DE"])
async def test_a_session_of_the_report_takes_no_more_than_four_lines(
    browser: Browser, clinic: PageClinic, origin: str, language: str
) -> None:
    looks = {"viewport": PHONE, "locale": language}
    async with visiting(browser, origin, clinic, "everything", **looks) as opened:
        await opened.open(f"/patients/{clinic.ids['patient']}/report")
        tall = await opened.page.locator("#sessions tbody tr").evaluate_all(
            "all => all.map(each => each.getBoundingClientRect().height)"
        )
    assert len(tall) > 10
    assert max(tall) < LINES * LINE_PX


async def test_the_numbers_of_a_hold_stand_behind_its_words_and_smaller(
    browser: Browser, clinic: PageClinic, origin: str
) -> None:
    async with visiting(browser, origin, clinic, "everything", viewport=PHONE) as opened:
        for path in ("", f"/patients/{clinic.ids['patient']}"):
            await opened.open(f"{path}/lift")
            said = await opened.page.locator("#main").inner_text()
            sizes = await opened.page.locator(".fingerprint").evaluate_all(
                "all => all.map(each => parseFloat(getComputedStyle(each).fontSize))"
            )
            assert said.index("Placed by the patient, in the app") < said.index(
                "Placed by the record"
            )
            assert len(sizes) >= 4
            assert max(sizes) < 14


async def test_an_event_of_the_log_takes_few_lines_and_no_word_stands_without_its_value(
    browser: Browser, clinic: PageClinic, origin: str
) -> None:
    async with visiting(browser, origin, clinic, "everything", viewport=PHONE) as opened:
        await opened.open("/audit")
        rows = opened.page.locator("table.tight tbody tr")
        tall = await rows.evaluate_all(
            "all => all.map(each => each.getBoundingClientRect().height)"
        )
        empty = await rows.locator("td:empty").evaluate_all(
            "all => all.filter(each => getComputedStyle(each).display !== 'none').length"
        )
    assert len(tall) > 5
    assert max(tall) < (LINES + 1) * LINE_PX
    assert empty == 0


@pytest.mark.parametrize("language", ["en-GB", "de-DE"])
@pytest.mark.parametrize(
    ("path", "labels"), [("/clinic/devices", 5), ("/clinic/recall", 4)], ids=["bands", "recalls"]
)
async def test_each_fact_of_a_band_is_a_label_with_its_value_beside_it(
    browser: Browser, clinic: PageClinic, origin: str, language: str, path: str, labels: int
) -> None:
    looks = {"viewport": PHONE, "locale": language}
    async with visiting(browser, origin, clinic, "everything", **looks) as opened:
        await opened.open(path)
        cells = opened.page.locator("table.pairs").first.locator("tbody tr td[data-head]")
        found = await cells.evaluate_all(PAIRS)
    rows = {each["row"] for each in found}
    assert len(found) == labels * len(rows) > labels
    for row in rows:
        ofrow = [each for each in found if each["row"] == row]
        assert len({each["label"] for each in ofrow}) == labels
        assert len({each["top"] for each in ofrow}) == labels, "each has lines of its own"
    assert all(each["smaller"] for each in found)
    assert min(each["apart"] for each in found) >= 8


async def test_a_team_is_one_card_in_which_names_stand_beside_each_other(
    browser: Browser, clinic: PageClinic, origin: str
) -> None:
    async with visiting(browser, origin, clinic, "everything", viewport=PHONE) as opened:
        await opened.open("/teams")
        team = opened.page.locator(".teams > section").first
        names = await team.locator(".members").first.locator("li:not(.wide)").count()
        tall = await team.locator(".members").first.evaluate("all => all.clientHeight")
        wide = await team.locator("li.wide").inner_text()
        await opened.page.set_viewport_size({"width": 1360, "height": 820})
        tops = await opened.page.locator(".teams > section").evaluate_all(
            "all => all.map(each => each.getBoundingClientRect().top)"
        )
    assert names > 5
    assert tall < (names / 2 + 1) * 34 + 100, "two names a row"
    assert "First on call" in wide
    assert "Leave planned" in wide
    assert len(set(tops)) == 1 < len(tops), "cards side by side"


@pytest.mark.parametrize("path", ["/clinic/devices", "/clinic/recall", "/staff", "/teams"])
async def test_what_is_to_be_touched_for_a_row_is_large_enough(
    browser: Browser, clinic: PageClinic, origin: str, path: str
) -> None:
    touched = "main :is(table, .spare, .teams) :is(summary, button, .button, .telephone)"
    async with visiting(browser, origin, clinic, "everything", viewport=PHONE) as opened:
        await opened.open(path)
        await opened.page.locator("details:not(.more)").evaluate_all(
            "all => all.forEach(each => { each.removeAttribute('name'); each.open = true; })"
        )
        small = await opened.page.locator(touched).evaluate_all(
            """all => all.map(each => [each.innerText, each.getBoundingClientRect()])
              .filter(([, box]) => box.height < 44 || box.width < 44)
              .map(([words, box]) => `${words}: ${box.width} x ${box.height}`)"""
        )
        count = await opened.page.locator(touched).count()
    assert small == []
    assert count > 3


async def test_a_fingerprint_on_paper_wraps_in_groups_and_nothing_to_click_is_printed(
    browser: Browser, clinic: PageClinic, origin: str
) -> None:
    paper = {"viewport": {"width": 718, "height": 1040}}
    async with visiting(browser, origin, clinic, "everything", **paper) as opened:
        await opened.open("/clinic")
        await opened.page.emulate_media(media="print")
        groups = opened.page.locator("td.fingerprint .groups")
        words = await groups.all_inner_texts()
        tall = await groups.evaluate_all("all => all.map(each => each.getClientRects().length)")
        height = await groups.evaluate_all("all => all.map(each => each.clientHeight)")
        hidden = await opened.page.locator("input[type=file]").is_hidden()
    assert len(words) >= 8
    assert {len(each.split()) for each in words} == {4}
    assert {len(four) for each in words for four in each.split()} == {4}
    assert set(tall) == {1}
    assert max(height) < LINE_PX, "four groups are one line"
    assert hidden
