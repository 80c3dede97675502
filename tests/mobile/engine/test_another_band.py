"""Another band of the same patient: what is for a band goes to the one that it names, once."""

from __future__ import annotations

from pathlib import Path

import pytest

from mobile.engine import enrolment as enrolments
from mobile.engine.addressed import is_for
from mobile.engine.enrolment import Enrolment
from mobile.engine.staff_word import hand_over
from mobile.presenters.actions import Enrol, Press
from mobile.presenters.views import WelcomeView
from mobile.store.downstream import DownItem
from shared.trust.staff_words import HandOver, HandOverPurpose
from shared.trust.statements import Scope
from shared.wire.items import DownKind
from tests.mobile.engine.clinic_server import BORN, CODE
from tests.mobile.engine.test_leaving import sign_hand_over
from tests.mobile.engine.test_messages import page
from tests.mobile.engine.test_phones import open_place, ready
from tests.mobile.engine.world import World, whole_day
from tests.shared.clinic import DEVICE_ID

OTHER_BAND = b"another-band-id!"


def moved(world: World) -> Enrolment:
    """Keep an enrolment of the same person for another band."""
    context = world.life.context
    own = context.require_enrolment()
    given = {**vars(own), "device_id": OTHER_BAND}
    other = Enrolment(**given)
    enrolments.keep(context.store, other)
    return other


@pytest.mark.parametrize("kind", [DownKind.PRESCRIPTION, DownKind.HOLD, DownKind.STAFF_WORD])
def test_what_cannot_be_read_is_for_each_band_which_says_so_itself(kind: DownKind) -> None:
    assert is_for(DownItem(1, "x", kind, b"x"), DEVICE_ID)


async def test_items_go_to_the_band_that_they_name_and_wait_for_it(tmp_path: Path) -> None:
    async with whole_day(tmp_path) as world:
        world.prescribe()
        await world.enrol_and_pair()
        await ready(world)
        world.server.place_hold()
        sign_hand_over(world, HandOverPurpose.RETIRE)
        await world.drive("sync")
        store = world.life.context.store
        kinds = (DownKind.PRESCRIPTION, DownKind.HOLD, DownKind.STAFF_WORD)
        found = [item for kind in kinds for item in store.downstream.all_of(kind)]
        assert len(found) == len(kinds)
        assert all(is_for(item, DEVICE_ID) for item in found)
        assert not any(is_for(item, OTHER_BAND) for item in found)
        assert hand_over(store) is not None
        moved(world)
        assert hand_over(store) is None, "it's the old band's"
        waits = {item.kind for item in store.downstream.unapplied()}
        assert waits >= set(kinds), "another band answers to everything anew"


async def test_a_word_for_another_band_is_not_brought_to_this_one(tmp_path: Path) -> None:
    async with whole_day(tmp_path) as world:
        world.prescribe()
        await world.enrol_and_pair()
        await ready(world)
        word = HandOver(OTHER_BAND, bytes(16), 1, bytes(32), HandOverPurpose.RETIRE)
        world.server.put_staff_word(word, Scope.PRESCRIBE)
        world.prescribe(device_id=OTHER_BAND, serial=2)
        await world.drive("sync")
        store = world.life.context.store
        kinds = [item.kind for item in store.downstream.unapplied()]
        assert kinds == [DownKind.STAFF_WORD, DownKind.PRESCRIPTION]
        assert store.downstream.refusals() == ()
        await open_place(world, "return-band")
        await page(world, "return-band", "hasn't signed yet")


async def test_the_page_leads_to_the_code_and_the_old_band_stays_until_it_holds(
    tmp_path: Path,
) -> None:
    async with whole_day(tmp_path) as world:
        await world.enrol_and_pair()
        address = world.life.context.band_address
        await open_place(world, "another-band")
        await page(world, "another-band", "Does the old band still work?")
        world.act(Press("begin"))
        await world.see(WelcomeView)
        assert world.life.context.band_address == address
        world.act(Enrol(CODE, BORN))
        await world.until(lambda: len(world.server.phones) == 2)
