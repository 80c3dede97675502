"""Starts the staged app as on a phone, in a process of its own: `blocked_start.py STAGED DATA`.

Every module that only a desktop has is blocked. Java is the stand-in of the adapters' tests. Not as
on a phone are Kivy's window, and bleak's use of Java, which begins with the first scan.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
import threading
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import Any

BLOCKED = {
    "aiohttp",
    "bumble",
    "dbus_fast",
    "fastapi",
    "gi",
    "jeepney",
    "keyring",
    "libusb_package",
    "PIL",
    "pytest",
    "rich",
    "secretstorage",
    "segno",
    "textual",
    "uvicorn",
    "webauthn",
}
"""The other extras' packages, and what they bring. Not pydantic and its kin: smp stands on it."""
WITHIN_S = 60.0
THE_ENGINES_LAST = "org.circlet.patient.Screen.hide"
"""What the engine asks of the phone once its first page is shown; that page can come before it."""


class Blocker(MetaPathFinder):
    """Lets none of them be found, and keeps who was asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def find_spec(
        self, name: str, _path: Sequence[str] | None, _target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if name.partition(".")[0] in BLOCKED:
            self.asked.append(name)
            raise ModuleNotFoundError(f"{name} isn't on a phone", name=name)
        return None


def main(staged: Path, data: Path) -> None:
    """Start, wait for the first page on the screen, say what was seen, end."""
    blocker = Blocker()
    sys.meta_path.insert(0, blocker)
    sys.path.insert(0, str(staged))
    sys.path.append(str(Path(__file__).resolve().parents[3]))
    leave_kivy_on_this_machine(data)
    os.environ.update(ANDROID_PRIVATE=str(data), P4A_BOOTSTRAP="sdl2")
    phone = put_java_in_place()

    import mobile

    run = importlib.import_module("main").main
    seen: dict[str, Any] = {"tree": str(Path(mobile.__file__).parents[1])}
    threading.Thread(target=watch, args=(seen, phone), daemon=True).start()
    run()
    seen["asked"] = blocker.asked
    seen["keys"] = sorted(path.name for path in (data / "circlet").iterdir())
    print(json.dumps(seen))


def leave_kivy_on_this_machine(data: Path) -> None:
    """Its window can't be Android's here; it looks once, when it's first imported."""
    importlib.import_module("mobile.toolkit_env").settle_on_a_phone(data / "circlet/toolkit")
    os.environ.update(SDL_VIDEODRIVER="offscreen", KIVY_METRICS_DENSITY="1")
    importlib.import_module("kivy.utils")


def put_java_in_place() -> Any:
    """Give pyjnius' and python-for-android's modules by the stand-in."""
    from tests.mobile.platform.android.stand_in import JavaError, SealingPhone

    phone = SealingPhone()
    bridge = phone.bridge
    jnius, android = ModuleType("jnius"), ModuleType("android")
    activity, permissions = ModuleType("android.activity"), ModuleType("android.permissions")
    scanner = ModuleType("bleak.backends.p4android.scanner")
    jnius.__dict__.update(
        autoclass=bridge.java,
        JavaException=JavaError,
        PythonJavaClass=object,
        java_method=lambda *_, **__: lambda method: method,
    )
    activity.__dict__["bind"] = lambda **_: None
    permissions.__dict__["request_permissions"] = bridge.ask_permissions
    scanner.__dict__["request_permissions"] = bridge.ask_permissions
    for module in (jnius, android, activity, permissions, scanner):
        sys.modules[module.__name__] = module
    return phone


def watch(seen: dict[str, Any], phone: Any) -> None:
    """Wait for the first page and for the engine behind it, then end the app as Android would."""
    from kivy.app import App
    from kivy.clock import Clock

    waited = threading.Event()

    def look(_elapsed_s: float) -> None:
        app: Any = App.get_running_app()
        if app is not None and app.newest is not None and app.stage.view is not None:
            seen["view"] = type(app.newest).__name__
            seen["calls"] = sorted(set(phone.names()))
            if THE_ENGINES_LAST in seen["calls"]:
                waited.set()

    looking = Clock.schedule_interval(look, 0.1)
    seen["in time"] = waited.wait(WITHIN_S)
    looking.cancel()
    Clock.schedule_once(lambda _elapsed_s: App.get_running_app().stop(), 0)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
