"""Runs inside python-for-android's build (`p4a.hook`): what its options have no word for.

Loaded by path from outside this package, so it stands on the standard library alone. It puts our
receivers and the service into the manifest, and bleak's Java, out of its own wheel, into the build.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from xml.etree import ElementTree

ANDROID = "http://schemas.android.com/apk/res/android"
OURS = "org.circlet.patient"
MANIFEST = Path("src/main/AndroidManifest.xml")
JAVA = Path("src/main/java")
BLEAKS_JAVA = "_python_bundle__*/_python_bundle/site-packages/bleak/backends/p4android/java"
RESTARTS = (
    "android.intent.action.BOOT_COMPLETED",
    "android.intent.action.MY_PACKAGE_REPLACED",
    "android.intent.action.TIMEZONE_CHANGED",
    "android.app.action.SCHEDULE_EXACT_ALARM_PERMISSION_STATE_CHANGED",
)


def before_apk_build(_toolchain: object) -> None:
    """Called in the folder of the distribution, before Java is compiled."""
    take_bleaks_java(Path.cwd())


def after_apk_build(_toolchain: object) -> None:
    """Called once the manifest is written, before it's packed."""
    path = Path.cwd() / MANIFEST
    path.write_text(with_our_parts(path.read_text("utf-8")), "utf-8")


def take_bleaks_java(distribution: Path) -> None:
    """Copy the Java classes that bleak's Android side needs, from the wheel that was installed."""
    found = next(distribution.glob(BLEAKS_JAVA), None)
    if found is None:
        raise FileNotFoundError(f"no {BLEAKS_JAVA} in {distribution}: has bleak moved its Java?")
    shutil.copytree(found, distribution / JAVA, dirs_exist_ok=True)


def with_our_parts(manifest: str) -> str:
    """Return the manifest with what is ours in it; run twice it's the same."""
    ElementTree.register_namespace("android", ANDROID)
    root = ElementTree.fromstring(manifest)
    application = root.find("application")
    if application is None:
        raise ValueError("the manifest has no application")
    for part in list(application):
        if part.get(_name("name"), "").startswith(f"{OURS}."):
            application.remove(part)
    _part(application, "receiver", "AlarmReceiver")
    _part(application, "receiver", "StopReceiver")
    restarts = ElementTree.SubElement(
        # Exported, or the system's own broadcasts wouldn't reach it; each of them is protected.
        _part(application, "receiver", "RestartReceiver", exported="true"),
        "intent-filter",
    )
    for action in RESTARTS:
        ElementTree.SubElement(restarts, "action", {_name("name"): action})
    service = _part(application, "service", "SessionService")
    service.set(_name("foregroundServiceType"), "connectedDevice")
    ElementTree.indent(root)
    return ElementTree.tostring(root, "unicode")


def _part(
    application: ElementTree.Element, kind: str, name: str, *, exported: str = "false"
) -> ElementTree.Element:
    attributes = {_name("name"): f"{OURS}.{name}", _name("exported"): exported}
    return ElementTree.SubElement(application, kind, attributes)


def _name(attribute: str) -> str:
    return f"{{{ANDROID}}}{attribute}"
