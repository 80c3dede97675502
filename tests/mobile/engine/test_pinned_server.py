"""The clinic's server is the one of the enrolment, kept over restarts; another gets nothing."""

from __future__ import annotations

from pathlib import Path

from mobile.presenters.views import TodayView
from mobile.sync import Pin, keep_pin, kept_pin
from tests.mobile.engine.world import whole_day


async def test_another_host_after_enrolment_gets_nothing_and_is_said(tmp_path: Path) -> None:
    async with whole_day(tmp_path) as day:
        await day.enrol_and_pair()
        assert kept_pin(day.life.context.store) == Pin("127.0.0.1", ())
        await day.end_phone()
        day.server.origin = "http://localhost"
        asked = len(day.server.cursors)
        day.views.clear()
        day.begin_phone()

        await day.see(TodayView)
        await day.see_notice("isn't the server that this phone knows")

        assert len(day.server.cursors) == asked
        await day.see(TodayView, lambda view: "No connection" in str(view.rows))
        await day.until(lambda: day.life.context.is_linked)


async def test_keys_seen_at_a_contact_take_the_place_of_those_before(tmp_path: Path) -> None:
    async with whole_day(tmp_path) as day:
        await day.enrol_and_pair()
        context = day.life.context
        keep_pin(context.store, Pin("127.0.0.1", (b"k" * 32,)))

        context.keep_server()

        assert kept_pin(context.store) == context.ingest.seen == Pin("127.0.0.1", ())
