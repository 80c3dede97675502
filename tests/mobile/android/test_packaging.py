"""The Android build's files say what the code needs, no more and no less."""

from __future__ import annotations

import re
import tomllib
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from xml.etree import ElementTree

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from mobile.android import hook
from mobile.android.stage import staged_packages
from mobile.platform.android import bluetooth
from mobile.platform.android.bridge import OURS
from mobile.platform.android.needs import ADAPTERS, FOR_NO_LOCATION, needed
from mobile.platform.links import SCHEME
from scripts.android_check.pins import FOLDER, TREE, Pins, locked, read_pins, recipe_table
from scripts.android_check.wheels import (
    IndexUnreachable,
    NotResolved,
    Wheel,
    phone_environment,
    refusal,
    unpinned_needs,
)
from tests.mobile.platform.android import java_sources
from tests.mobile.platform.android.reference import PERMISSIONS_OF_CALLS, REFERENCE

MANIFEST = """\
<?xml version="1.0" encoding="utf-8"?>
<manifest xmlns:android="http://schemas.android.com/apk/res/android" package="org.circlet.patient">
  <application android:icon="@mipmap/icon">
    <activity android:name="org.kivy.android.PythonActivity" android:exported="true" />
  </application>
</manifest>
"""
ON_DESKTOPS_ONLY = {"keyring"}


@pytest.fixture(scope="module")
def pins() -> Pins:
    return read_pins()


# Permissions


def test_the_manifest_asks_for_what_the_adapters_need_and_for_nothing_else(pins: Pins) -> None:
    asked = [permission.name for permission in pins.permissions]
    assert sorted(asked) == sorted(needed())


def test_a_scan_says_nothing_of_a_place(pins: Pins) -> None:
    flags = {permission.name: permission.flags for permission in pins.permissions}
    assert flags.pop(bluetooth.SCAN) == FOR_NO_LOCATION
    assert set(flags.values()) == {""}
    assert not [name for name in flags if "LOCATION" in name]
    assert int(pins.options["android.minapi"]) >= 31


def test_every_call_that_wants_a_permission_is_in_an_adapter_that_names_it() -> None:
    """From the code to the table: what the reference says of each call that is made."""
    by_reference = {
        match[1]
        for lines in REFERENCE.values()
        for line in lines
        if (match := re.search(r"!(\S+)", line))
    }
    java = "\n".join(java_sources.sources().values())
    by_java = {permission for call, permission in PERMISSIONS_OF_CALLS.items() if call in java}
    assert by_reference | by_java <= set(needed())


def test_every_permission_of_an_adapter_has_a_call_that_wants_it() -> None:
    """From the table to the code, those of other libraries and of the manifest aside."""
    by_reference = " ".join(line for lines in REFERENCE.values() for line in lines)
    java = "\n".join(java_sources.sources().values())
    wanted = {
        permission
        for permission in needed()
        if permission in by_reference
        or any(permission == each and call in java for call, each in PERMISSIONS_OF_CALLS.items())
    }
    elsewhere = {
        "android.permission.INTERNET",
        bluetooth.SCAN,
        bluetooth.CONNECT,
        "android.permission.RECEIVE_BOOT_COMPLETED",
    }
    assert wanted | elsewhere == set(needed())
    assert "android.intent.action.BOOT_COMPLETED" in hook.RESTARTS


def test_every_adapter_says_what_it_needs() -> None:
    folder = TREE / "mobile/platform/android"
    named = {
        path.stem
        for path in folder.glob("*.py")
        if re.search(r"^NEEDS\b", path.read_text("utf-8"), re.MULTILINE)
    }
    assert named == {adapter.__name__.rpartition(".")[2] for adapter in ADAPTERS}


def test_bleaks_scanner_still_asks_in_the_way_that_is_changed() -> None:
    """It can't be imported here: its source is read instead."""
    import bleak

    assert version("bleak") == "3.1.0"
    source = Path(bleak.__file__).parent / "backends/p4android/scanner.py"
    text = source.read_text("utf-8")
    assert f"from android.permissions import Permission, {bluetooth.QUESTION}" in text
    assert f"{bluetooth.QUESTION}(\n" in text
    assert list(source.parent.glob("java/**/*.java"))


# Packages


def test_every_package_is_pinned_exactly(pins: Pins) -> None:
    assert all(pins.wheels.values())
    unpinned = {name for name, version in pins.recipes.items() if version is None}
    assert unpinned == {"android"}
    assert re.fullmatch(r"[0-9a-f]{40}", pins.options["p4a.commit"])


def test_the_phone_has_every_direct_dependency(pins: Pins) -> None:
    project = tomllib.loads((TREE / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["mobile"]]
    environment = phone_environment(pins)
    for requirement in map(Requirement, wanted):
        if requirement.marker is None or requirement.marker.evaluate(environment):
            name = canonicalize_name(requirement.name)
            if name in ON_DESKTOPS_ONLY:
                continue
            assert name in pins.names, f"{requirement}: mobile/android/buildozer.spec hasn't it"
            pinned = {**pins.wheels, **pins.recipes, **pins.staged}[name]
            assert pinned is None or pinned in requirement.specifier, requirement


def test_wheels_are_the_ones_that_the_desktop_is_tested_with(pins: Pins) -> None:
    """But for pydantic, whose version the recipe of its core decides."""
    lock = locked()
    other = {name for name, version in pins.wheels.items() if lock.get(name) != version}
    assert other == {"pydantic", "chardet"}
    assert "chardet" not in lock
    assert {name: lock[name] for name in pins.staged} == pins.staged == staged_packages()


def test_every_recipe_is_known_and_its_version_is_the_recipes_or_has_a_reason(pins: Pins) -> None:
    assert set(recipe_table()) == set(pins.recipes)
    for name, row in recipe_table().items():
        assert pins.recipes[name] == row.get("version") or row["why"]


def test_what_a_wheel_needs_and_the_build_does_not_bring_is_noticed(pins: Pins) -> None:
    wheel = Wheel(
        "example",
        "1",
        "example-1-py3-none-any.whl",
        (
            "cbor2>=6",
            "leftpad",
            'winonly; sys_platform == "win32"',
            'more; extra == "more"',
            "cryptography>=46",
        ),
    )
    missing = unpinned_needs(pins, (wheel,))
    assert [words.split(",")[0] for words in missing] == [
        "example needs cbor2>=6",
        "example needs leftpad",
    ]
    fewer = replace(pins, recipes={"cryptography": "42.0.1"})
    assert any("cryptography" in words for words in unpinned_needs(fewer, (wheel,)))


@pytest.mark.parametrize(
    ("words", "error"),
    [
        ("ERROR: No fitting alembic==1.20.1 (from versions: none)", IndexUnreachable),
        ("WARNING: Retrying after connection broken", IndexUnreachable),
        ("ERROR: No fitting cbor2==5.9.99 (from versions: 5.8.0, 5.9.0)", NotResolved),
    ],
)
def test_an_index_out_of_reach_is_told_from_a_pin_that_it_lacks(
    words: str, error: type[Exception]
) -> None:
    assert type(refusal(words)) is error


# Manifest


def test_the_hook_puts_our_parts_into_the_manifest_once() -> None:
    once = hook.with_our_parts(MANIFEST)
    assert hook.with_our_parts(once) == once
    application = ElementTree.fromstring(once).find("application")
    assert application is not None
    parts = {
        part.get(f"{{{hook.ANDROID}}}name", "").rpartition(".")[2]: part for part in application
    }
    assert set(parts) == {
        "PythonActivity",
        "AlarmReceiver",
        "StopReceiver",
        "RestartReceiver",
        "SessionService",
    }
    service = parts["SessionService"]
    assert service.get(f"{{{hook.ANDROID}}}foregroundServiceType") == "connectedDevice"
    exported = {name for name, part in parts.items() if _is_exported(part)}
    assert exported == {"PythonActivity", "RestartReceiver"}


def _is_exported(part: ElementTree.Element) -> bool:
    return part.get(f"{{{hook.ANDROID}}}exported") == "true"


def test_every_part_of_the_manifest_is_a_class_of_ours_and_every_such_class_is_there() -> None:
    named = set(re.findall(rf"{re.escape(OURS)}\.(\w+)", hook.with_our_parts(MANIFEST)))
    classes = {
        name
        for name, text in java_sources.sources().items()
        if re.search(r"extends (BroadcastReceiver|Service)\b", text)
    }
    assert named == classes
    package = java_sources.FOLDER.relative_to(FOLDER / "java").parts
    assert hook.OURS == OURS == ".".join(package)


def test_bleaks_java_comes_out_of_its_own_wheel(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="bleak"):
        hook.take_bleaks_java(tmp_path)
    inside = f"{hook.BLEAKS_JAVA.replace('*', 'arm64-v8a')}/com"
    (tmp_path / inside).mkdir(parents=True)
    (tmp_path / inside / "A.java").write_text("class A {}")
    hook.take_bleaks_java(tmp_path)
    assert (tmp_path / "src/main/java/com/A.java").read_text() == "class A {}"


def test_only_letters_links_come_to_the_app() -> None:
    text = _read("intent_filters.xml")
    filters = ElementTree.fromstring(f"<a xmlns:android='{hook.ANDROID}'>{text}</a>")
    schemes = [each.get(f"{{{hook.ANDROID}}}scheme") for each in filters.iter("data")]
    assert schemes == [SCHEME]


def test_nothing_is_backed_up_or_moved_to_another_phone(pins: Pins) -> None:
    assert pins.options["android.allow_backup"] == "False"
    arguments = _read("application_arguments.xml")
    assert 'android:dataExtractionRules="@xml/data_extraction_rules"' in arguments
    assert 'android:usesCleartextTraffic="false"' in arguments
    rules = ElementTree.fromstring(_read("res/xml/data_extraction_rules.xml"))
    assert {part.tag for part in rules} == {"cloud-backup", "device-transfer"}
    for part in rules:
        assert {(each.tag, each.get("domain"), each.get("path")) for each in part} == {
            ("exclude", domain, ".")
            for domain in ("root", "file", "database", "sharedpref", "external")
        }


def test_every_file_that_the_build_names_is_there(pins: Pins) -> None:
    names = [
        "p4a.hook",
        "android.manifest.intent_filters",
        "android.extra_manifest_application_arguments",
        "android.add_src",
        "android.add_resources",
        "icon.filename",
        "icon.adaptive_foreground.filename",
        "icon.adaptive_background.filename",
        "presplash.filename",
    ]
    assert [name for name in names if not (FOLDER / pins.options[name]).exists()] == []
    used = set(re.findall(r"R\.drawable\.(\w+)", "".join(java_sources.sources().values())))
    assert {path.stem for path in (FOLDER / "res/drawable").iterdir()} == used


def _read(name: str) -> str:
    return (FOLDER / name).read_text("utf-8")
