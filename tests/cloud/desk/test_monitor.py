"""The desk's monitor: silent while the desk is as it should be, an end with words once it isn't."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from cloud.desk import bundle, monitor

STATIC = Path(bundle.__file__).with_name("static")


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def served(folder: Path) -> Iterator[str]:
    with ThreadingHTTPServer(
        ("127.0.0.1", 0), lambda *args: Quiet(*args, directory=str(folder))
    ) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def on_look(number: int, act: Callable[[], object]) -> tuple[list[float], Callable[[float], None]]:
    """Return the pauses taken, and a pause that does something after so many looks."""
    taken: list[float] = []

    def pause(length_s: float) -> None:
        taken.append(length_s)
        if len(taken) == number:
            act()

    return taken, pause


def test_a_desk_that_changes_while_it_is_watched_ends_the_watch_and_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "desk"
    shutil.copytree(STATIC, folder)
    changed = folder / "words.js"
    taken, pause = on_look(4, lambda: changed.write_bytes(changed.read_bytes() + b"//"))
    with served(folder) as origin:
        assert monitor.main([origin, "--every", "60"], pause=pause) == 1
    assert taken == [60.0] * 4
    said = capsys.readouterr()
    assert bundle.digest(bundle.load()) in said.out
    assert said.err == f"{origin} serves other bytes: words.js\n"


def test_another_page_at_the_desks_door_is_found(tmp_path: Path) -> None:
    folder = tmp_path / "desk"
    shutil.copytree(STATIC, folder)
    (folder / "index.html").write_text("<p>Sign here</p>")
    with served(folder) as origin:
        assert bundle.changed_at(bundle.load(), origin) == ["index.html", "(the page itself)"]


def test_a_desk_that_is_silent_three_times_is_an_alarm_and_twice_is_none() -> None:
    answers = iter("--+--r")

    def look() -> list[str]:
        answer = next(answers)
        if answer != "+":
            raise OSError("refused" if answer == "r" else "timed out")
        return []

    taken, pause = on_look(99, lambda: None)
    wrong = monitor.watch(look, every_s=1, pause=pause)
    assert wrong == ["no answer in 3 looks: refused"]
    assert len(taken) == 5
