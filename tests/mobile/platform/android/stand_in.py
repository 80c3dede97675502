"""A stand-in for pyjnius that knows no Java: it checks every call against the reference's table.

What it can't check is what a telephone makes of a call. It's here because no Android is.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from mobile.platform.android.bridge import Bridge
from tests.mobile.platform.android import java_sources
from tests.mobile.platform.android.reference import IS_A, LISTENERS, REFERENCE, SERVICES

_LINE = re.compile(
    r"(?P<static>static )?(?P<name>\w+)\((?P<arguments>[^)]*)\)"
    r"(?: -> (?P<returns>[\w.$\[\]]+))?(?: !(?P<permission>[\w.]+))?"
)
_WIDTHS = {"int": 31, "long": 63}
ANSWERS = {"boolean": True, "int": 0, "String": "", None: None}


class NotInTheReference(AssertionError):
    """A class, method or argument that Android's reference doesn't have so."""


class JavaError(Exception):
    """What a Java exception arrives as."""


@dataclass(frozen=True)
class Signature:
    """One line of the table."""

    name: str
    static: bool
    arguments: tuple[str, ...]
    returns: str | None
    permission: str | None

    @classmethod
    def of(cls, line: str) -> Signature:
        found = _LINE.fullmatch(line)
        assert found is not None, line
        arguments = tuple(filter(None, found["arguments"].split(", ")))
        static = bool(found["static"]) or found["name"] == "new"
        return cls(found["name"], static, arguments, found["returns"], found["permission"])


@dataclass(frozen=True)
class Listener:
    """A Python function in a Java interface's clothes."""

    interface: str
    call: Callable[..., None]


class JavaObject:
    """An object of a class: only the class's methods are there."""

    def __init__(self, world: StandIn, kind: str) -> None:
        self._world, self.kind = world, kind
        self.memory: dict[str, Any] = {}

    def __getattr__(self, name: str) -> Callable[..., Any]:
        return lambda *arguments: self._world.called(self.kind, name, arguments, self)


class JavaClass:
    """A class: to be called for a new object, or for its static methods."""

    def __init__(self, world: StandIn, kind: str) -> None:
        self._world, self.kind = world, kind

    def __call__(self, *arguments: Any) -> Any:
        return self._world.called(self.kind, "new", arguments, None)

    def __getattr__(self, name: str) -> Any:
        if self.kind == "org.kivy.android.PythonActivity" and name == "mActivity":
            return self._world.activity
        return lambda *arguments: self._world.called(self.kind, name, arguments, None)


class StandIn:
    """Answers calls, and keeps them. `answers` says otherwise than by the method's type."""

    def __init__(self) -> None:
        table = {**REFERENCE, **java_sources.methods()}
        self._table = {
            kind: [Signature.of(line) for line in lines] for kind, lines in table.items()
        }
        self._listeners = {**LISTENERS, **java_sources.listeners()}
        self.calls: list[tuple[str, tuple[Any, ...]]] = []
        self.permissions: set[str] = set()
        self.answers: dict[str, Callable[..., Any]] = {}
        self.intents: list[Callable[[Any], None]] = []
        self.asked: list[list[str]] = []
        self.grants = True
        self.activity = JavaObject(self, "android.app.Activity")

    @property
    def bridge(self) -> Bridge:
        return Bridge(self._java, self._listener, self.intents.append, self._ask, JavaError)

    def names(self) -> list[str]:
        """The calls so far by name, in their order."""
        return [name for name, _ in self.calls]

    def last(self, name: str) -> tuple[Any, ...]:
        """The arguments of the last call of that name."""
        return next(arguments for each, arguments in reversed(self.calls) if each == name)

    def called(
        self, kind: str, name: str, arguments: tuple[Any, ...], whose: JavaObject | None
    ) -> Any:
        if name == "getSystemService":
            return JavaObject(self, SERVICES[arguments[0]])
        signature = self._find(kind, name, arguments, static=whose is None)
        if signature.permission is not None:
            self.permissions.add(signature.permission)
        full = f"{kind}.{name}"
        self.calls.append((full, arguments))
        if full in self.answers:
            return self.answers[full](*arguments)
        if signature.returns == "self":
            return whose
        if signature.returns in ANSWERS and name != "new":
            return ANSWERS[signature.returns]
        return JavaObject(self, signature.returns or kind)

    def _find(self, kind: str, name: str, arguments: tuple[Any, ...], *, static: bool) -> Signature:
        for signature in self._table.get(kind, []):
            if (signature.name, signature.static) == (name, static) and self._fit(
                signature.arguments, arguments
            ):
                return signature
        raise NotInTheReference(f"{kind}.{name}{arguments!r}")

    def _fit(self, wanted: tuple[str, ...], given: tuple[Any, ...]) -> bool:
        return len(wanted) == len(given) and all(map(fits, wanted, given))

    def _java(self, name: str) -> JavaClass:
        if name not in self._table and name != "org.kivy.android.PythonActivity":
            raise NotInTheReference(name)
        return JavaClass(self, name)

    def _listener(
        self, interface: str, method: str, signature: str, call: Callable[..., None]
    ) -> Listener:
        if self._listeners.get(interface) != (method, signature):
            raise NotInTheReference(f"{interface}.{method}{signature}")
        return Listener(interface.replace("/", "."), call)

    def _ask(
        self, permissions: list[str], answered: Callable[[list[str], list[bool]], None]
    ) -> None:
        self.asked.append(permissions)
        answered(permissions, [self.grants] * len(permissions))


def fits(kind: str, value: Any) -> bool:
    """Whether pyjnius could hand this value over as that type."""
    if value is None:
        return kind.endswith("?")
    kind = kind.removesuffix("?")
    if kind in ("String", "CharSequence"):
        return isinstance(value, str)
    if kind in _WIDTHS:
        return type(value) is int and -(2 ** _WIDTHS[kind]) <= value < 2 ** _WIDTHS[kind]
    if kind == "boolean":
        return isinstance(value, bool)
    if kind == "byte[]":
        return isinstance(value, bytes)
    if kind.endswith("[]"):
        return isinstance(value, list) and all(fits(kind[:-2], each) for each in value)
    if isinstance(value, Listener):
        return value.interface == kind
    interfaces = getattr(type(value), "__javainterfaces__", None)
    if interfaces is not None:
        return [each.replace("/", ".") for each in interfaces] == [kind]
    return isinstance(value, JavaObject) and (
        value.kind == kind or kind in IS_A.get(value.kind, ())
    )


class SealingPhone(StandIn):
    """A stand-in whose Cipher truly seals, so that what the adapter makes of it can be tested."""

    def __init__(self) -> None:
        super().__init__()
        self._keys: set[str] = set()
        self._aead = AESGCM(AESGCM.generate_key(256))
        self._mode, self._iv, self._bound = 0, b"", b""
        cipher = "javax.crypto.Cipher"
        self.answers = {
            "java.security.KeyStore.containsAlias": lambda alias: alias in self._keys,
            "android.security.keystore.KeyGenParameterSpec$Builder.new": self._name_key,
            "javax.crypto.spec.GCMParameterSpec.new": self._take_iv,
            f"{cipher}.init": self._init,
            f"{cipher}.updateAAD": self._bind,
            f"{cipher}.getIV": lambda: signed(self._iv),
            f"{cipher}.doFinal": self._do,
        }

    def forget_key(self) -> None:
        """As after the phone's lock was taken away, or on another phone."""
        self._keys.clear()
        self._aead = AESGCM(AESGCM.generate_key(256))

    def _name_key(self, alias: str, _purposes: int) -> JavaObject:
        self._keys.add(alias)
        return JavaObject(self, "android.security.keystore.KeyGenParameterSpec$Builder")

    def _take_iv(self, _tag_bits: int, iv: bytes) -> JavaObject:
        self._iv = iv
        return JavaObject(self, "javax.crypto.spec.GCMParameterSpec")

    def _init(self, mode: int, _key: Any, _spec: Any = None) -> None:
        self._mode, self._bound = mode, b""
        if mode == 1:
            self._iv = os.urandom(12)

    def _bind(self, data: bytes) -> None:
        self._bound += data

    def _do(self, data: bytes) -> list[int]:
        try:
            work = self._aead.encrypt if self._mode == 1 else self._aead.decrypt
            return signed(work(self._iv, data, self._bound))
        except InvalidTag as problem:
            raise JavaError("AEADBadTagException") from problem


def signed(data: bytes) -> list[int]:
    """Java's bytes: -128 to 127."""
    return [byte - 256 if byte > 127 else byte for byte in data]
