"""The report as JUnit's XML, as continuous integration reads it: a suite for each section."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree import ElementTree

from firmware_bridge.conformance.report import SectionReport, by_section
from firmware_bridge.conformance.runner import Result, Verdict


def as_junit(results: Sequence[Result]) -> bytes:
    """The whole file."""
    top = ElementTree.Element("testsuites", {"name": "circlet", **_counts(results)})
    for report in by_section(results):
        top.append(_suite(report))
    ElementTree.indent(top)
    xml: bytes = ElementTree.tostring(top, encoding="utf-8", xml_declaration=True)
    return xml + b"\n"


def _suite(report: SectionReport) -> ElementTree.Element:
    suite = ElementTree.Element(
        "testsuite", {"name": str(report.section), **_counts(report.results)}
    )
    for result in report.results:
        suite.append(_case(result))
    return suite


def _case(result: Result) -> ElementTree.Element:
    check = result.check
    case = ElementTree.Element(
        "testcase",
        classname=f"protocol.{check.section}",
        name=check.title,
        time=f"{result.took_s:.3f}",
    )
    if result.verdict is Verdict.FAILED:
        failure = ElementTree.SubElement(case, "failure", message=_plain(result.words))
        failure.text = f"docs/protocol.md#{check.section}, {check.name}: {_plain(result.words)}"
    elif result.verdict is Verdict.SKIPPED:
        ElementTree.SubElement(case, "skipped", message=_plain(result.words))
    return case


def _plain(words: str) -> str:
    """Words of a device's own may hold what XML can't."""
    return "".join(each if each.isprintable() else "?" for each in words)


def _counts(results: Sequence[Result]) -> dict[str, str]:
    return {
        "tests": str(len(results)),
        "failures": str(sum(r.verdict is Verdict.FAILED for r in results)),
        "skipped": str(sum(r.verdict is Verdict.SKIPPED for r in results)),
        "errors": "0",
        "time": f"{sum(r.took_s for r in results):.3f}",
    }
