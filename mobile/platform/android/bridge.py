"""The one way from here to Java: classes by name, Python functions as Java listeners.

pyjnius is imported late: it is there on a telephone only.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

OURS = "org.circlet.patient"
"""The package of our own Java classes, and the application's id."""


@dataclass(frozen=True)
class Bridge:
    """What adapters are given. `java_error` is what a Java exception arrives as.

    `ask_permissions` calls back with a grant for each permission asked for.
    """

    java: Callable[[str], Any]
    listener: Callable[[str, str, str, Callable[..., None]], Any]
    on_new_intent: Callable[[Callable[[Any], None]], None]
    ask_permissions: Callable[[list[str], Callable[[list[str], list[bool]], None]], None]
    java_error: type[Exception]

    def own(self, name: str) -> Any:
        """Return one of our own Java classes."""
        return self.java(f"{OURS}.{name}")

    @property
    def activity(self) -> Any:
        """The app's one activity."""
        return self.java("org.kivy.android.PythonActivity").mActivity

    def service(self, name: str) -> Any:
        """Return a service of the system, by the name that Android's reference gives it."""
        return self.activity.getSystemService(name)


def open_bridge() -> Bridge:
    """Return the bridge of the running app. Call it on the main thread: pyjnius finds the app's
    own Java classes from there, and keeps what it has found."""
    from android.activity import bind
    from android.permissions import request_permissions
    from jnius import JavaException, PythonJavaClass, autoclass, java_method

    def listener(interface: str, method: str, signature: str, call: Callable[..., None]) -> Any:
        class Listener(PythonJavaClass):  # type: ignore[misc]
            __javainterfaces__ = [interface]  # noqa: RUF012 - pyjnius reads a list
            __javacontext__ = "app"

            @java_method(signature, name=method)  # type: ignore[untyped-decorator]
            def called(self, *arguments: Any) -> None:
                call(*arguments)

        return Listener()

    def on_new_intent(opened: Callable[[Any], None]) -> None:
        bind(on_new_intent=opened)

    return Bridge(autoclass, listener, on_new_intent, request_permissions, JavaException)
