"""What the band takes of MCUmgr's requests, and every no that it gives."""

from collections.abc import Callable
from typing import Any

import cbor2
import pytest
from smp.header import Version as SmpVersion
from smp.image_management import (
    ImageEraseRequest,
    ImageEraseResponse,
    ImageStatesReadRequest,
    ImageStatesReadResponse,
    ImageStatesWriteRequest,
    ImageUploadWriteRequest,
)
from smp.os_management import (
    DateTimeReadRequest,
    DateTimeReadResponse,
    EchoWriteRequest,
    EchoWriteResponse,
    MCUMgrParametersReadRequest,
    MCUMgrParametersReadResponse,
)

from firmware_bridge.emulator.boots import Cause
from firmware_bridge.emulator.parts.chip import BLOCK_BYTES
from firmware_bridge.emulator.update.messages import BUFFER_BYTES, HEADER
from firmware_bridge.emulator.update.server import QUIET_LIMIT_MS
from firmware_bridge.emulator.update.slots import SECOND
from shared.firmware.image import MAXIMUM_IMAGE_BYTES, Version, read
from shared.firmware.manifest import Behaviour
from shared.firmware.refusals import UpdateRefusal
from shared.trust.statements import Purpose
from shared.wire.operations import Operation, StatusCode
from shared.wire.status import DeviceState
from tests.firmware_bridge.emulator.update.updating_band import (
    CHUNK_BYTES,
    Refused,
    UpdatingBand,
    refused_in,
)
from tests.shared.clinic import NOW_S
from tests.shared.firmware.releases import Maker

FILLER = bytes(range(256)) * 20


def refusal(act: Callable[[], Any]) -> UpdateRefusal | None:
    """What the band says no with."""
    with pytest.raises(Refused) as raised:
        act()
    return raised.value.refusal


def erase(band: UpdatingBand) -> None:
    band.say(ImageEraseRequest(), ImageEraseResponse)


STEPS: dict[str, Callable[[UpdatingBand, bytes], Any]] = {
    "send": lambda band, image: band.send(image),
    "mark": lambda band, image: band.mark(image),
    "erase": lambda band, image: erase(band),
}


@pytest.mark.parametrize("step", STEPS)
def test_no_step_is_taken_while_a_session_is_armed(band: UpdatingBand, step: str) -> None:
    image = band.maker.image()
    band.send(image)
    assert band.arm().status is StatusCode.OK
    assert refusal(lambda: STEPS[step](band, image)) is UpdateRefusal.NOT_IDLE
    assert band.is_in(DeviceState.ARMED)


def test_no_restart_is_taken_while_a_session_is_armed(band: UpdatingBand) -> None:
    image = band.maker.image()
    band.send(image)
    band.mark(image)
    assert band.arm().status is StatusCode.OK
    assert refusal(band.restart) is UpdateRefusal.NOT_IDLE
    assert band.ask(Operation.CLOSE).status is StatusCode.OK
    band.restart()
    assert band.slots().running == read(image).hash


@pytest.mark.parametrize("step", STEPS)
def test_no_step_is_taken_below_half_a_battery(band: UpdatingBand, step: str) -> None:
    image = band.maker.image()
    band.send(image)
    band.board.battery.set(49)
    assert refusal(lambda: STEPS[step](band, image)) is UpdateRefusal.BATTERY_LOW
    band.board.battery.set(50)
    STEPS[step](band, image)


@pytest.mark.parametrize("step", STEPS)
def test_on_trial_nothing_touches_the_way_back(band: UpdatingBand, step: str) -> None:
    band.bring(band.maker.image(behaviour=Behaviour.NEVER_CONFIRMS))
    next_one = band.maker.image(Version(1, 2, 0))
    assert refusal(lambda: STEPS[step](band, next_one)) is UpdateRefusal.ON_TRIAL


def test_sending_keeps_everything_else_out_until_it_is_whole(band: UpdatingBand) -> None:
    image = band.maker.image(filler=FILLER)
    band.send_chunk(image, 0)
    assert band.is_in(DeviceState.UPDATING)
    assert band.arm().status is StatusCode.WRONG_STATE
    band.send(image)
    assert band.is_in(DeviceState.IDLE)
    assert band.arm().status is StatusCode.OK


def test_band_is_at_rest_again_when_the_phone_goes(band: UpdatingBand) -> None:
    image = band.maker.image(filler=FILLER)
    band.send_chunk(image, 0)
    band.server.link_lost()
    assert band.is_in(DeviceState.IDLE)
    assert band.send(image)[0] == CHUNK_BYTES


def test_band_is_at_rest_again_when_nothing_more_comes(band: UpdatingBand) -> None:
    image = band.maker.image(filler=FILLER)
    band.send_chunk(image, 0)
    band.skip(QUIET_LIMIT_MS - 1)
    band.slots()
    assert band.is_in(DeviceState.UPDATING)
    band.skip(1)
    band.slots()
    assert band.is_in(DeviceState.IDLE)


def test_chunk_out_of_step_is_answered_with_where_the_band_stands(band: UpdatingBand) -> None:
    image = band.maker.image(filler=FILLER)
    band.send_chunk(image, 0)
    assert band.send_chunk(image, 2 * CHUNK_BYTES).off == CHUNK_BYTES
    assert band.send_chunk(image, 0).off == CHUNK_BYTES


def test_after_a_power_cut_sending_goes_on_at_the_last_whole_block(band: UpdatingBand) -> None:
    image = band.maker.image(filler=FILLER)
    for at in range(0, BLOCK_BYTES + CHUNK_BYTES, CHUNK_BYTES):
        band.send_chunk(image, at)
    band.go_down(Cause.POWER_CUT)
    chip = band.board.flash.chip
    chip.flip(SECOND, chip.length(SECOND) - 1)
    assert band.send(image)[0] == BLOCK_BYTES
    band.mark(image)


def test_another_image_begins_from_the_start(band: UpdatingBand) -> None:
    band.send_chunk(band.maker.image(filler=FILLER), 0)
    other = band.maker.image(Version(1, 3, 0), filler=FILLER)
    assert band.send(other)[0] == CHUNK_BYTES
    band.mark(other)


def test_slot_is_not_taken_for_what_was_sent_into_it_before_the_swap(band: UpdatingBand) -> None:
    image = band.maker.image(filler=FILLER)
    band.update(image)
    assert band.send(image)[0] == CHUNK_BYTES
    assert band.slots().other == read(image).hash


def test_image_that_was_taken_back_may_be_tried_again(band: UpdatingBand) -> None:
    image = band.maker.image(behaviour=Behaviour.NEVER_CONFIRMS)
    band.bring(image)
    band.live(40_000)
    assert band.slots().running is None
    band.bring(image)
    assert band.slots().running == read(image).hash


def test_waiting_image_is_replaced_only_once_it_was_dropped(band: UpdatingBand) -> None:
    first, second = band.maker.image(), band.maker.image(Version(1, 2, 0))
    band.send(first)
    band.mark(first)
    assert refusal(lambda: band.send(second)) is UpdateRefusal.ALREADY_WAITS
    erase(band)
    assert refusal(band.restart) is UpdateRefusal.NOTHING_WAITS
    band.update(second)
    assert band.slots().running == read(second).hash


def test_restart_needs_a_signed_image_that_waits(band: UpdatingBand) -> None:
    band.send(band.maker.image())
    assert refusal(band.restart) is UpdateRefusal.NOTHING_WAITS


def test_nobody_but_the_band_confirms(band: UpdatingBand) -> None:
    image = band.maker.image()
    band.send(image)
    for asked in (
        ImageStatesWriteRequest(hash=read(image).hash, confirm=True),
        ImageStatesWriteRequest(confirm=True),
    ):
        said = refusal(lambda asked=asked: band.say(asked, ImageStatesReadResponse))  # type: ignore[misc]
        assert said is UpdateRefusal.CONFIRMS_ITSELF


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"image": 1}, UpdateRefusal.BAD_REQUEST),
        ({"len": None}, UpdateRefusal.BAD_REQUEST),
        ({"sha": None}, UpdateRefusal.BAD_REQUEST),
        ({"sha": b"short"}, UpdateRefusal.BAD_REQUEST),
        ({"upgrade": True}, UpdateRefusal.NOT_SUPPORTED),
        ({"len": MAXIMUM_IMAGE_BYTES + 1}, UpdateRefusal.TOO_LARGE),
        ({"len": 31}, UpdateRefusal.TOO_LARGE),
        ({"content": b"no image at all"}, UpdateRefusal.BAD_IMAGE),
        ({"len": 100}, UpdateRefusal.BAD_REQUEST),
    ],
)
def test_first_chunk_that_isnt_right_is_refused(
    band: UpdatingBand, changes: dict[str, Any], expected: UpdateRefusal
) -> None:
    image = band.maker.image(filler=FILLER)
    assert refusal(lambda: band.send_chunk(image, 0, **changes)) is expected


def test_later_chunk_without_a_first_is_refused(band: UpdatingBand) -> None:
    image = band.maker.image(filler=FILLER)
    assert refusal(lambda: band.send_chunk(image, 300)) is UpdateRefusal.BAD_REQUEST


IMAGES: dict[str, tuple[Callable[[Maker], bytes], UpdateRefusal]] = {
    "by a stranger": (lambda maker: Maker().image(), UpdateRefusal.BAD_SIGNATURE),
    "by a device's key": (
        lambda maker: maker.image(certificate=maker.certificate(Purpose.DEVICE)),
        UpdateRefusal.BAD_SIGNATURE,
    ),
    "by a key whose time is over": (
        lambda maker: maker.image(certificate=maker.certificate(until_s=NOW_S - 1)),
        UpdateRefusal.BAD_SIGNATURE,
    ),
    "for another product": (
        lambda maker: maker.image(product="circlet-pillow"),
        UpdateRefusal.WRONG_PRODUCT,
    ),
    "for another hardware": (
        lambda maker: maker.image(hardware="rev-b"),
        UpdateRefusal.WRONG_PRODUCT,
    ),
}


@pytest.mark.parametrize("name", IMAGES)
def test_image_that_may_not_run_is_not_marked(band: UpdatingBand, name: str) -> None:
    make, expected = IMAGES[name]
    image = make(band.maker)
    band.send(image)
    assert refusal(lambda: band.mark(image)) is expected
    assert not band.slots().waits


def test_certificates_end_counts_only_where_there_is_a_clock(new_band: UpdatingBand) -> None:
    certificate = new_band.maker.certificate(until_s=NOW_S - 1)
    new_band.update(new_band.maker.image(certificate=certificate))
    assert new_band.slots().confirmed


def test_image_is_marked_by_its_own_hash_alone(band: UpdatingBand) -> None:
    band.send(band.maker.image())
    other = band.maker.image(Version(2, 0, 0))
    assert refusal(lambda: band.mark(other)) is UpdateRefusal.BAD_IMAGE


def test_below_the_confirmed_security_counter_nothing_is_taken(band: UpdatingBand) -> None:
    band.update(band.maker.image(Version(1, 1, 0), security_counter=5))
    older = band.maker.image(Version(1, 0, 5), security_counter=4)
    band.send(older)
    assert refusal(lambda: band.mark(older)) is UpdateRefusal.DOWNGRADE
    erase(band)
    same = band.maker.image(Version(1, 0, 5), security_counter=5)
    band.update(same)
    assert band.slots().running == read(same).hash


def test_image_that_doesnt_match_its_announced_hash_says_so(band: UpdatingBand) -> None:
    image = band.maker.image()
    answer = band.send_chunk(image, 0, sha=bytes(32))
    while answer.off < len(image):
        answer = band.send_chunk(image, answer.off)
    assert answer.match is False
    assert band.send_chunk(image, 0, sha=bytes(32)).off == CHUNK_BYTES


def test_parameters_and_echo_are_answered(band: UpdatingBand) -> None:
    said = band.say(MCUMgrParametersReadRequest(), MCUMgrParametersReadResponse)
    assert (said.buf_size, said.buf_count) == (BUFFER_BYTES, 1)
    assert band.say(EchoWriteRequest(d="hello"), EchoWriteResponse).r == "hello"


def test_what_the_band_doesnt_know_is_refused(band: UpdatingBand) -> None:
    def ask() -> None:
        band.say(DateTimeReadRequest(), DateTimeReadResponse)

    assert refusal(ask) is UpdateRefusal.NOT_SUPPORTED


@pytest.mark.parametrize(
    "body", ["", "a1", "ff", "80", "a10102", "bfff", "9bffffffffffffffff", "a000"]
)
def test_body_that_isnt_a_request_is_refused(band: UpdatingBand, body: str) -> None:
    content = bytes.fromhex(body)
    answer = band.server.answer(HEADER.pack(2 | 1 << 3, 0, len(content), 1, 7, 1) + content)
    assert answer is not None
    assert refused_in(answer) is UpdateRefusal.BAD_REQUEST


@pytest.mark.parametrize("message", [b"", b"\x00" * 7, HEADER.pack(1, 0, 0, 1, 0, 0)])
def test_what_is_no_request_has_no_answer(band: UpdatingBand, message: bytes) -> None:
    assert band.server.answer(message) is None


def test_older_clients_get_their_own_spelling_of_a_no(band: UpdatingBand) -> None:
    request = ImageUploadWriteRequest(
        version=SmpVersion.V1, off=0, data=b"\x3d\xb8\xf3\x96", len=10**6, sha=bytes(32)
    )
    answer = band.server.answer(request.BYTES)
    assert answer is not None
    assert cbor2.loads(answer[HEADER.size :]) == {"rc": 1, "rsn": "too_large"}


def test_flash_that_is_worn_out_is_named(band: UpdatingBand) -> None:
    band.update(band.maker.image())
    band.update(band.maker.image(Version(1, 1, 1)))
    band.board.flash.chip.wear_out(SECOND)
    other = band.maker.image(Version(1, 2, 0))
    assert refusal(lambda: band.send(other)) is UpdateRefusal.FLASH_BROKEN


def test_slots_are_told_with_their_marks(band: UpdatingBand) -> None:
    first, second = band.maker.image(), band.maker.image(Version(1, 2, 0))
    band.update(first)
    band.send(second)
    band.mark(second)
    images = band.say(ImageStatesReadRequest(), ImageStatesReadResponse).images
    assert [(i.slot, i.version, i.active, i.confirmed, i.pending) for i in images] == [
        (0, "1.1.0", True, True, None),
        (1, "1.2.0", None, None, True),
    ]
