"""The page in the browser: its files, and the headers that keep it to itself.

No build step and no outside address. Not for what the page shows: that it asks of the routes.
"""

from __future__ import annotations

from pathlib import Path

from aiohttp import web

STATIC = Path(__file__).parent / "static"
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'none'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}


async def page(request: web.Request) -> web.StreamResponse:
    """The page itself."""
    return web.FileResponse(STATIC / "index.html")


async def add_headers(request: web.Request, response: web.StreamResponse) -> None:
    """Nothing inline, nothing from elsewhere, no framing, kept by no cache."""
    response.headers.update(HEADERS)


def add_page(app: web.Application) -> None:
    """Serve the page and its files."""
    app.router.add_get("/", page)
    app.router.add_static("/static", STATIC)
    app.on_response_prepare.append(add_headers)
