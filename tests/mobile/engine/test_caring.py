"""The clinic's card on the phone, what the person tells, and what the clinic knows of it."""

from __future__ import annotations

from pathlib import Path

from mobile.engine.caring import WATCH_LIMIT_MS, Known, Standing, standing, tell, watched
from mobile.presenters.views import TodayView
from shared.care import bodies, documents
from shared.care.bodies import MessageOut
from shared.care.card import ClinicCard
from shared.care.from_clinic import Seen
from shared.trust.sealing import open_sealed
from shared.trust.statements import Purpose
from shared.wire import fields
from shared.wire.items import DownKind, care_context
from tests.mobile.engine.world import World, whole_day
from tests.shared.care.cards import card
from tests.shared.clinic import CLINIC_ID, PATIENT_ID


def put_card(world: World, said: ClinicCard, purpose: Purpose = Purpose.ENROLMENT) -> None:
    clinic = world.server.clinic
    signed = documents.sign_card(
        said,
        clinic_id=CLINIC_ID,
        signer=clinic.online[purpose],
        certificate=clinic.certificate(purpose),
    )
    world.server.put(DownKind.CLINIC_CARD, fields.pack(signed))


async def test_the_newest_card_of_the_clinic_stands_after_a_restart_too(tmp_path: Path) -> None:
    async with whole_day(tmp_path) as world:
        await world.enrol_and_pair()
        context = world.life.context
        assert (context.card.serial, context.card.hours) == (0, ())
        assert context.card.emergency_number == "112"
        assert context.card.clinic_name == "Demo clinic"
        put_card(world, card(serial=2))
        put_card(world, card(serial=3, day_number="+49 30 23125 666"), Purpose.HOLD)
        put_card(world, card(serial=1, day_number="+49 30 23125 667"))
        await world.drive("sync")
        assert context.card == card(serial=2)
        assert [item for item in context.store.downstream.unapplied()] == []
        await world.start_again(TodayView)
        assert world.life.context.card == card(serial=2)


async def test_a_card_that_is_no_card_is_passed_over(tmp_path: Path) -> None:
    async with whole_day(tmp_path) as world:
        await world.enrol_and_pair()
        world.server.put(DownKind.CLINIC_CARD, b"junk")
        put_card(world, card())
        await world.drive("sync")
        assert world.life.context.card == card()


async def test_what_the_clinic_knows_of_what_was_told(tmp_path: Path) -> None:
    async with whole_day(tmp_path) as world:
        await world.enrol_and_pair()
        context = world.life.context
        assert watched(context)
        world.server.is_down = True
        item_id = tell(context, MessageOut("", call_me=True))
        await world.until(lambda: not context.reachable)
        assert standing(context, item_id) == Standing(Known.NOT_SENT)
        assert not watched(context)
        world.server.is_down = False
        await world.drive("sync")
        assert standing(context, item_id).known is Known.ON_SERVER
        world.server.put(DownKind.SEEN, fields.pack(Seen(item_id, "K.", 7)))
        world.server.put(DownKind.SEEN, fields.pack(Seen(item_id, "M.", 9)))
        await world.drive("sync")
        assert standing(context, item_id) == Standing(Known.SEEN, 7, "K.")
        await world.start_again(TodayView)
        assert standing(world.life.context, item_id).by == "K."


async def test_it_is_sealed_so_that_the_care_team_alone_reads_it(tmp_path: Path) -> None:
    async with whole_day(tmp_path) as world:
        await world.enrol_and_pair()
        item_id = tell(world.life.context, MessageOut("I will come."))
        await world.drive("sync")
        kind, sent = world.server.accepted[item_id]
        assert kind == "care"
        plain = open_sealed(sent, key=world.server.care, context=care_context(PATIENT_ID))
        frame, told = bodies.unpack(plain)
        assert told == MessageOut("I will come.")
        assert frame.patient_id == PATIENT_ID


async def test_nobody_watches_once_the_watch_is_silent(tmp_path: Path) -> None:
    async with whole_day(tmp_path) as world:
        await world.enrol_and_pair()
        context = world.life.context
        assert context.watched_wall_ms is not None
        context.watched_wall_ms -= WATCH_LIMIT_MS + 60_000
        assert not watched(context)
        context.watched_wall_ms = None
        assert not watched(context)
