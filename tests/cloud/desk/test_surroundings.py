"""What the desk refuses around itself, and what its server says and keeps back."""

from __future__ import annotations

import http.client
import signal
import subprocess
import sys
from urllib.parse import urlsplit

import pytest

from cloud.desk import bundle
from cloud.desk.server import CONTENT_SECURITY_POLICY
from shared.wire import canonical
from tests.cloud.desk.browsing import Tab
from tests.cloud.desk.worlds import b64, sample_bytes, signing_link

RETURN = "http://cloud.localhost:8080/desk-return"
in_browser = pytest.mark.asyncio(loop_scope="package")


def fetch(desk: str, path: str, method: str = "GET") -> tuple[int, http.client.HTTPMessage, bytes]:
    """Ask the desk's server over loopback."""
    connection = http.client.HTTPConnection("127.0.0.1", urlsplit(desk).port or 0, timeout=5)
    connection.request(method, path, headers={"Host": urlsplit(desk).netloc})
    answer = connection.getresponse()
    try:
        return answer.status, answer.headers, answer.read()
    finally:
        connection.close()


@in_browser
async def test_a_frame_cannot_hold_the_desk(clinician: Tab, desk: str) -> None:
    """A page of another origin; the headers keep the frame empty."""
    await clinician.context.route(
        "http://cloud.localhost:8080/**",
        lambda route: route.fulfill(
            content_type="text/html", body=f'<h1>x</h1><iframe src="{desk}/"></iframe>'
        ),
    )
    await clinician.page.goto("http://cloud.localhost:8080/")
    frame = clinician.page.frames[1]
    assert frame.url.startswith("chrome-error://")
    assert await frame.locator("#main").count() == 0


@in_browser
async def test_the_desk_itself_refuses_a_frame_and_an_opener(reader: Tab, desk: str) -> None:
    """Should the headers be lost on the way, the page's own look around remains."""
    await reader.open(f"{desk}/")
    told = await reader.page.evaluate(
        """async () => {
            const { requireSafeSurroundings } = await import("/surroundings.js");
            const tried = (top, opener) => {
                try {
                    requireSafeSurroundings({ top, self: window, opener, isSecureContext: true,
                        PublicKeyCredential: window.PublicKeyCredential });
                    return "open";
                } catch (problem) { return problem.message; }
            };
            return [tried(window, null), tried({}, null), tried(window, {})];
        }"""
    )
    assert told[0] == "open"
    assert "inside another page" in told[1]
    assert "Another page opened this window" in told[2]


@in_browser
async def test_an_opener_is_cut_off(clinician: Tab, desk: str) -> None:
    await clinician.context.route(
        "http://cloud.localhost:8080/**",
        lambda route: route.fulfill(content_type="text/html", body="<h1>x</h1>"),
    )
    await clinician.page.goto("http://cloud.localhost:8080/")
    async with clinician.context.expect_page() as opened:
        await clinician.page.evaluate("(url) => { window.w = window.open(url); }", f"{desk}/")
    desk_page = await opened.value
    await desk_page.locator("#make").wait_for()
    assert await desk_page.evaluate("window.opener === null")
    assert await clinician.page.evaluate("window.w.closed")


@in_browser
@pytest.mark.parametrize(
    "back",
    [
        "http://evil.example/desk-return",
        "javascript:alert(1)",
        "data:text/html,x",
        "https://user:word@cloud.example/",
        "http://cloud.localhost:8080/#x",
        "http://localhost.evil.example/",
        "not an address",
    ],
)
async def test_an_unsafe_return_address_is_refused(reader: Tab, desk: str, back: str) -> None:
    await reader.show(signing_link(desk, [sample_bytes()], back=back))
    assert await reader.page.locator("#sign").count() == 0
    assert "The desk does not go on" in await reader.text()


@in_browser
@pytest.mark.parametrize("back", ["https://cloud.example/desk-return", RETURN])
async def test_the_return_addresss_origin_is_named(reader: Tab, desk: str, back: str) -> None:
    await reader.show(signing_link(desk, [sample_bytes()], back=back))
    origin = "{0.scheme}://{0.netloc}".format(urlsplit(back))
    assert f"The signature goes back to {origin}." in await reader.text()


@in_browser
@pytest.mark.parametrize(
    "fragment",
    [
        "#request=%%%",
        "#request=",
        "#request=AAAA",
        "#request=" + b64(canonical.encode({1: [], 2: RETURN, 3: []})),
        "#request=" + b64(canonical.encode({1: [{1: "x", 2: b""}] * 17, 2: RETURN, 3: []})),
        "#request=" + b64(canonical.encode({1: [{1: "x", 2: b""}], 2: RETURN})),
        "#request=" + b64(canonical.encode({1: [{1: "x", 2: b""}], 2: RETURN, 3: [], 4: "hi"})),
        "#register=" + b64(canonical.encode({1: "Dr A. Example"})),
    ],
)
async def test_a_request_of_another_form_is_refused(reader: Tab, desk: str, fragment: str) -> None:
    await reader.show(f"{desk}/{fragment}")
    assert "The desk does not go on" in await reader.text()
    assert await reader.page.locator("#main button").count() == 0


@in_browser
@pytest.mark.parametrize("name", ["", "   ", "Dr\u202eA", "x" * 33 + "\u00e9" * 16])
async def test_a_name_that_no_certificate_could_hold_is_refused(
    reader: Tab, desk: str, name: str
) -> None:
    await reader.open(f"{desk}/")
    await reader.page.fill("#name", name)
    await reader.page.click("#make")
    await reader.page.locator("#message .notice").wait_for()
    assert "No passkey yet" in await reader.text()


@in_browser
async def test_the_page_works_by_keyboard_and_without_complaints(reader: Tab, desk: str) -> None:
    await reader.open(signing_link(desk, [sample_bytes()], back=RETURN))
    for _ in range(3):  # the other language, the bytes, the box
        await reader.page.keyboard.press("Tab")
    await reader.page.keyboard.press("Space")
    assert await reader.page.locator("#sign").is_enabled()
    await reader.page.keyboard.press("Tab")
    assert await reader.page.evaluate("document.activeElement.id") == "sign"
    assert reader.complaints == []


@in_browser
@pytest.mark.parametrize(("width", "height"), [(1360, 900), (680, 450), (360, 780)])
async def test_nothing_runs_off_the_side(
    clinician: Tab, desk: str, width: int, height: int
) -> None:
    """680 pixels is a laptop's window at 200 %, 360 a narrow phone."""
    await clinician.page.set_viewport_size({"width": width, "height": height})
    await clinician.open(signing_link(desk, [sample_bytes()], back=RETURN))
    await clinician.page.locator("summary").click()
    assert await clinician.page.evaluate("document.documentElement.scrollWidth") == width


def test_every_answer_carries_the_strict_headers(desk: str) -> None:
    for path in ("/", "/desk.js", "/nowhere"):
        _, headers, _ = fetch(desk, path)
        assert headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "Set-Cookie" not in headers
    for rule in ("default-src 'none'", "frame-ancestors 'none'", "form-action 'none'"):
        assert rule in CONTENT_SECURITY_POLICY


@pytest.mark.parametrize(
    "path", ["/../server.py", "/%2e%2e/server.py", "//etc/passwd", "/vendor/", "/vendor"]
)
def test_only_the_bundles_files_are_served(desk: str, path: str) -> None:
    assert fetch(desk, path)[0] == 404


def test_the_server_takes_nothing(desk: str) -> None:
    assert fetch(desk, "/", method="POST")[0] == 501


def test_the_bundles_hash_is_what_sha256sum_says() -> None:
    """The figure of docs/desk.md, worked out with coreutils alone."""
    command = "LC_ALL=C; export LC_ALL; find . -type f | sort | sed 's|^./||' | xargs sha256sum"
    folder = bundle.__file__.replace("bundle.py", "static")
    told = subprocess.run(
        ["sh", "-c", f"({command}) | sha256sum"], cwd=folder, capture_output=True, check=True
    )
    assert told.stdout.split()[0].decode() == bundle.digest(bundle.load())


def test_the_hash_names_every_byte_and_every_name() -> None:
    files = dict(bundle.load())
    usual = bundle.digest(files)
    assert usual == bundle.digest(bundle.load())
    assert bundle.digest(files | {"desk.js": files["desk.js"] + b"\n"}) != usual
    assert bundle.digest({("x" + k if k == "desk.js" else k): v for k, v in files.items()}) != usual


def test_a_desk_that_serves_other_bytes_is_found_out(desk: str) -> None:
    files = bundle.load()
    assert bundle.differences(files, lambda path: fetch(desk, f"/{path}")[2]) == []
    other = dict(files) | {"words.js": files["words.js"] + b"//"}
    assert bundle.differences(files, lambda path: other[path]) == ["words.js"]


def test_the_server_says_where_it_listens_and_ends_when_asked() -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "cloud.desk.server", "--port", "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith('ready {"port": ')
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=2) == 0
