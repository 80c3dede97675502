"""Images: one spelling each, MCUboot's own tool agrees, and nothing unsigned is taken for signed.

`imgtool/` was made once with imgtool 2.5.0, in that folder:
imgtool sign --key firmware.key --version 1.2.3 --security-counter 2 --header-size 32 --pad-header
--slot-size 0x40000 --align 1 --custom-tlv-file 0x00A0 firmware.cert payload.cbor imgtool.img
"""

from dataclasses import replace
from pathlib import Path

import pytest

from shared.firmware.image import MAXIMUM_IMAGE_BYTES, Version, length_in, read, write
from shared.firmware.manifest import Behaviour, manifest_of
from shared.firmware.refusals import UpdateRefusal, refusal_of
from shared.firmware.signed import Release, judge, make
from shared.trust.errors import TrustError
from shared.trust.keys import PublicKey, SoftwareKey
from shared.trust.statements import Purpose
from shared.wire.errors import WireError
from tests.shared.firmware.releases import FROM_S, UNTIL_S, Maker

IMGTOOL = Path(__file__).parent / "imgtool"
MADE = (IMGTOOL / "imgtool.img").read_bytes()


def fixed_maker() -> PublicKey:
    return PublicKey(bytes.fromhex((IMGTOOL / "maker.pub").read_text()))


@pytest.fixture(scope="module")
def maker() -> Maker:
    return Maker()


def test_image_by_mcuboots_own_tool_is_read_and_its_signature_holds() -> None:
    image = read(MADE)
    judge(image, maker=fixed_maker(), now_s=1_800_000_000)
    assert (image.version, image.security_counter) == (Version(1, 2, 3), 2)
    assert manifest_of(image).name == "1.2.3-imgtool"


def test_image_by_mcuboots_own_tool_is_written_in_the_same_bytes() -> None:
    assert write(read(MADE)) == MADE


def test_ours_differs_from_the_tools_in_the_signature_alone() -> None:
    theirs = read(MADE)
    key = SoftwareKey.from_pem((IMGTOOL / "firmware.key").read_bytes())
    release = Release(manifest_of(theirs), theirs.version, theirs.security_counter)
    ours = read(make(release, key=key, certificate=theirs.certificate))
    assert replace(ours, signature=b"") == replace(theirs, signature=b"")


def test_every_flipped_bit_is_noticed() -> None:
    for place in range(len(MADE)):
        broken = bytearray(MADE)
        broken[place] ^= 1 << place % 8
        with pytest.raises((WireError, TrustError)):
            judge(read(bytes(broken)), maker=fixed_maker(), now_s=None)


def test_every_shortened_image_is_refused() -> None:
    for length in range(len(MADE)):
        with pytest.raises(WireError):
            read(MADE[:length])


def test_bytes_behind_an_image_are_refused_and_a_slot_says_where_it_ends() -> None:
    with pytest.raises(WireError):
        read(MADE + b"\xff")
    assert length_in(MADE + b"\xff" * 500) == len(MADE)


def test_image_that_no_slot_holds_is_refused() -> None:
    with pytest.raises(WireError, match=str(MAXIMUM_IMAGE_BYTES)):
        read(bytes(MAXIMUM_IMAGE_BYTES + 1))


def test_manifest_of_another_version_is_refused(maker: Maker) -> None:
    image = read(maker.image(Version(1, 1, 0)))
    with pytest.raises(WireError, match="name"):
        manifest_of(replace(image, version=Version(1, 1, 1)))


def test_behaviour_travels_in_the_manifest(maker: Maker) -> None:
    image = read(maker.image(behaviour=Behaviour.CRASHES_AT_BOOT))
    assert manifest_of(image).behaviour is Behaviour.CRASHES_AT_BOOT


def test_another_makers_image_is_refused(maker: Maker) -> None:
    image = read(Maker().image())
    with pytest.raises(TrustError):
        judge(image, maker=maker.root.public_key, now_s=None)


def test_key_for_another_purpose_signs_no_firmware(maker: Maker) -> None:
    image = read(maker.image(certificate=maker.certificate(Purpose.DEVICE)))
    with pytest.raises(TrustError) as refused:
        judge(image, maker=maker.root.public_key, now_s=None)
    assert refused.value.code == "purpose"


def test_certificate_of_another_key_doesnt_help(maker: Maker) -> None:
    stolen = Maker(root=SoftwareKey.generate()).image(certificate=maker.certificate())
    with pytest.raises(TrustError) as refused:
        judge(read(stolen), maker=maker.root.public_key, now_s=None)
    assert refused.value.code == "issuer"


def test_certificates_dates_count_where_there_is_a_clock(maker: Maker) -> None:
    image, root = read(maker.image()), maker.root.public_key
    judge(image, maker=root, now_s=UNTIL_S)
    judge(image, maker=root, now_s=None)
    for now_s, code in ((FROM_S - 1, "not_yet"), (UNTIL_S + 1, "expired")):
        with pytest.raises(TrustError) as refused:
            judge(image, maker=root, now_s=now_s)
        assert refused.value.code == code


def test_every_refusal_is_told_from_every_other_by_what_stands_on_the_wire() -> None:
    for refusal in UpdateRefusal:
        assert refusal_of(refusal.group, refusal.rc, refusal.word) is refusal
    assert refusal_of(None, 6, "never heard of") is None
    assert refusal_of(1, 250, None) is None
