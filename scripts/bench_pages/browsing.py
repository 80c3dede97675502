"""How a page comes over a slow network: its weight, when it can be used, and that nothing moves.

Chromium's own throttle holds each answer up by the round trip and passes so many bytes a second.
A page can be used once its text is painted and its own scripts have run, so that its keys answer;
each is opened with an empty cache, and once more as on the next day, with what the browser kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from playwright.async_api import BrowserContext, CDPSession, Page

from scripts.bench.figures import Row, median
from scripts.bench_cloud.serving import Server
from scripts.bench_pages.clinic import Clinic
from scripts.bench_pages.serving import HOST
from tests.chromium import chromium, new_tab

WEIGHT_KB, USABLE_S, SHIFT = 150.0, 1.0, 0.0
OPENED = 5
THROTTLED = {"offline": False, "latency": 150, "downloadThroughput": 1_600_000 / 8}
THROTTLED |= {"uploadThroughput": 750_000 / 8}
NETWORK = "1.6 Mbit/s down, 750 kbit/s up, 150 ms"
"""Chromium's "fast 3G" by Lighthouse's figures: round trip 150 ms, 1.6 Mbit/s (simulated "slow 4G"
in its later words)."""
WATCH = """
  window.shift = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shift += entry.value;
  }).observe({ type: "layout-shift", buffered: true });
"""
USABLE = """async () => {
  const painted = await new Promise((found) => new PerformanceObserver((list) => {
    const [first] = list.getEntriesByName("first-contentful-paint");
    if (first) found(first.startTime);
  }).observe({ type: "paint", buffered: true }));
  await document.fonts.ready;
  const loaded = performance.getEntriesByType("navigation")[0].domContentLoadedEventEnd;
  return { usable: Math.max(painted, loaded), shift: window.shift };
}"""


@dataclass(frozen=True)
class Opened:
    """One opening: seconds until the page could be used, and how far things moved."""

    usable_s: float
    shift: float


async def browsing(pages: Server, bare: Server, clinic: Clinic) -> list[Row]:
    """Return the figures of list, patient and bare page."""
    origin = f"http://{HOST}:{urlsplit(pages.url).port}"
    asked = {
        "triage": f"{origin}/",
        "patient": f"{origin}/patients/{clinic.patient}",
        "bare page": f"http://{HOST}:{urlsplit(bare.url).port}/",
    }
    rows = []
    async with chromium() as browser:
        for name, url in asked.items():
            promised = name != "bare page"
            weights, cold, warm = [], [], []
            for _ in range(OPENED):
                async with new_tab(browser, viewport={"width": 1360, "height": 820}) as tab:
                    await _sign_in(tab.context, origin, clinic)
                    weights.append(await _weigh(tab.page, tab.tools, url))
                async with new_tab(browser, viewport={"width": 1360, "height": 820}) as tab:
                    await _sign_in(tab.context, origin, clinic)
                    await _throttle(tab.tools)
                    cold.append(await _open(tab.page, url))
                    warm.append(await _open(tab.page, url))
            rows += list(_rows(name, weights, cold, warm, promised=promised))
    return rows


def _rows(
    name: str, weights: list[float], cold: list[Opened], warm: list[Opened], *, promised: bool
) -> Iterator[Row]:
    yield Row(
        f"{name}, weight with all it loads, as it came",
        max(weights),
        "kB",
        at_most=WEIGHT_KB if promised else None,
    )
    for when, opened in (("for the first time", cold), ("again", warm)):
        yield Row(
            f"{name}, usable {when}",
            median([each.usable_s for each in opened]),
            "s",
            at_most=USABLE_S if promised else None,
            beside=f"median of {len(opened)}; {NETWORK}",
        )
    yield Row(
        f"{name}, layout shift",
        max(each.shift for each in (*cold, *warm)),
        "",
        at_most=SHIFT if promised else None,
    )


async def _sign_in(context: BrowserContext, origin: str, clinic: Clinic) -> None:
    await context.add_cookies([{"name": "circlet", "value": clinic.cookie, "url": origin}])


async def _throttle(tools: CDPSession) -> None:
    await tools.send("Network.enable")
    await tools.send("Network.emulateNetworkConditions", THROTTLED)


async def _weigh(page: Page, tools: CDPSession, url: str) -> float:
    """Return what came over the network for a page, in kilobytes, head and body as they came."""
    came: list[float] = []
    tools.on("Network.loadingFinished", lambda it: came.append(it["encodedDataLength"]))
    await tools.send("Network.enable")
    await page.goto(url, wait_until="load")
    await page.evaluate("document.fonts.ready")
    return sum(came) / 1000


async def _open(page: Page, url: str) -> Opened:
    await page.add_init_script(WATCH)
    await page.goto(url, wait_until="load")
    found: dict[str, Any] = await page.evaluate(USABLE)
    return Opened(found["usable"] / 1000, found["shift"])
