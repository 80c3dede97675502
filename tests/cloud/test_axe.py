"""axe-core sees what it should on a page with a strict policy, and nothing on a sound one."""

import pytest

from cloud.dashboard.headers import POLICY
from tests.cloud.axe import assert_accessible, violations_of
from tests.cloud.browser import page_of

SOUND = '<!doctype html><html lang="en"><title>A page</title><main><h1>A page</h1></main></html>'
FAULTY = (
    '<!doctype html><html lang="en"><title>A page</title><main><h1>A page</h1>'
    '<button></button><input><p><font color="#bbbbbb">pale</font></p></main></html>'
)
ADDRESS = "http://page.localhost/"


async def test_a_faulty_page_is_found_out_under_its_own_policy_and_a_sound_one_is_not() -> None:
    async with page_of() as page:

        async def serve(html: str) -> None:
            await page.unroute_all()
            headers = {"Content-Security-Policy": POLICY, "Content-Type": "text/html"}
            await page.route(ADDRESS, lambda route: route.fulfill(body=html, headers=headers))
            await page.goto(ADDRESS)

        await serve(FAULTY)
        found = {each.rule for each in await violations_of(page)}
        assert found == {"button-name", "label", "color-contrast", "target-size"}
        with pytest.raises(AssertionError, match="button-name"):
            await assert_accessible(page)
        await serve(SOUND)
        await assert_accessible(page)
        await assert_accessible(page)
