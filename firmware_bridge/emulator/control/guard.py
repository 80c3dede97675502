"""Who may ask: the run's token, or the cookie that a one-time link gave the page.

Also against a page elsewhere: the Host must be an address or this surface's own name (a name that
was bound anew leads nowhere), and what changes something must come from the same origin. Not for
secrecy on the way: that is loopback's, or whoever opens the surface to a network.
"""

from __future__ import annotations

import hmac
import ipaddress
import secrets
from typing import NoReturn
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from firmware_bridge.emulator.control.errors import LinkUsed, NoToken, OtherSite, WrongHost

OPEN = "/open/"
"""Path of one-time links: the only one that is answered without token or cookie."""

COOKIE = "circlet-band"
SAFE = frozenset({"GET", "HEAD"})
LOCAL_NAME = "localhost"


class Guard:
    """Token, cookie and one-time links of one run."""

    def __init__(self, token: str = "", host: str = LOCAL_NAME) -> None:
        self.token = token or secrets.token_urlsafe(24)
        self._host = host
        self._cookie = secrets.token_urlsafe(24)
        self._links: set[str] = set()

    def new_link(self) -> str:
        """Make a path that opens the page once."""
        code = secrets.token_urlsafe(24)
        self._links.add(code)
        return OPEN + code

    async def open(self, request: web.Request) -> NoReturn:
        """Take a one-time link and give the browser its cookie."""
        code = request.match_info["code"]
        if code not in self._links:
            raise LinkUsed
        self._links.remove(code)
        leading = web.HTTPSeeOther("/")
        leading.set_cookie(
            self._cookie_name(request), self._cookie, httponly=True, samesite="Strict"
        )
        raise leading

    def check(self, request: web.Request) -> None:
        """Raise NotTaken unless this request may be answered."""
        if not self._is_own_name(host_of(request.headers.get("Host", ""))):
            raise WrongHost(request.headers.get("Host", ""))
        if request.path.startswith(OPEN) or self._has_token(request):
            return
        if not self._has_cookie(request):
            raise NoToken
        if request.method not in SAFE and not is_same_origin(request):
            raise OtherSite

    def _is_own_name(self, name: str) -> bool:
        return name in (LOCAL_NAME, self._host) or is_address(name)

    def _has_token(self, request: web.Request) -> bool:
        kind, _, token = request.headers.get("Authorization", "").partition(" ")
        return kind == "Bearer" and hmac.compare_digest(token.encode(), self.token.encode())

    def _has_cookie(self, request: web.Request) -> bool:
        cookie = request.cookies.get(self._cookie_name(request), "")
        return hmac.compare_digest(cookie.encode(), self._cookie.encode())

    @staticmethod
    def _cookie_name(request: web.Request) -> str:
        """Cookies know no ports: each surface on a host has a name of its own."""
        return f"{COOKIE}-{urlsplit('//' + request.host).port or 80}"


def guarding(guard: Guard) -> Middleware:
    """Let the guard look at every request, whatever becomes of it."""

    @web.middleware
    async def guarded(request: web.Request, handler: Handler) -> web.StreamResponse:
        guard.check(request)
        return await handler(request)

    return guarded


def host_of(header: str) -> str:
    """The name in a Host header, without port and brackets; empty where it doesn't read."""
    try:
        return urlsplit(f"//{header}").hostname or ""
    except ValueError:
        return ""


def is_address(name: str) -> bool:
    """Whether it is an IP address: nobody can bind that to another machine."""
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def is_same_origin(request: web.Request) -> bool:
    """Whether a browser says that this surface's own page asks."""
    return urlsplit(request.headers.get("Origin", "")).netloc == request.headers.get("Host")
