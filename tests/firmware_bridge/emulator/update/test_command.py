"""Images by the command line: made, looked at, and taken by a band."""

from pathlib import Path

import pytest

from firmware_bridge.emulator.cli import main
from shared.firmware.image import read
from shared.firmware.manifest import Behaviour, manifest_of
from tests.firmware_bridge.emulator.update.updating_band import UpdatingBand
from tests.shared.firmware.releases import Maker


class Bench:
    """A maker's files, and the command over them."""

    def __init__(self, folder: Path, maker: Maker) -> None:
        self.out = folder / "new.img"
        self.maker = folder / "manufacturer.pub"
        self.maker.write_text(maker.root.public_key.data.hex())
        self._files = {"key": folder / "firmware.key", "certificate": folder / "firmware.cert"}
        self._files["key"].write_bytes(maker.key.to_pem())
        self._files["certificate"].write_bytes(maker.certificate())

    def make(self, *more: str, version: str = "1.4.0") -> None:
        named = [f"--{name}={path}" for name, path in self._files.items()]
        main(["image", "make", *named, "--version", version, "--out", str(self.out), *more])


@pytest.fixture
def maker() -> Maker:
    return Maker()


@pytest.fixture
def bench(tmp_path: Path, maker: Maker) -> Bench:
    return Bench(tmp_path, maker)


def test_made_image_is_taken_by_a_band(tmp_path: Path, new_band: UpdatingBand) -> None:
    bench = Bench(tmp_path, new_band.maker)
    bench.make("--suffix", "demo", "--filler-bytes", "3000")
    new_band.update(bench.out.read_bytes())
    assert new_band.firmware.firmware_version == "1.4.0-demo"


def test_behaviour_and_security_counter_are_as_asked(bench: Bench) -> None:
    bench.make("--behaviour", "crashes-at-boot", "--security-counter", "9", version="2.0.1+77")
    image = read(bench.out.read_bytes())
    assert manifest_of(image).behaviour is Behaviour.CRASHES_AT_BOOT
    assert (str(image.version), image.security_counter) == ("2.0.1+77", 9)


def test_show_says_whether_the_signature_holds(
    bench: Bench, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bench.make("--suffix", "x")
    main(["image", "show", str(bench.out), "--maker", str(bench.maker)])
    shown = capsys.readouterr().out
    assert "1.4.0 (1.4.0-x)" in shown
    assert "signature:        holds" in shown
    (tmp_path / "other.pub").write_text(Maker().root.public_key.data.hex())
    main(["image", "show", str(bench.out), "--maker", str(tmp_path / "other.pub")])
    assert "doesn't hold" in capsys.readouterr().out


@pytest.mark.parametrize("version", ["1.2", "1.2.x", "256.0.0", "1.0.65536", "1.0.0-rc1"])
def test_version_that_is_none_is_refused(bench: Bench, version: str) -> None:
    with pytest.raises(SystemExit):
        bench.make(version=version)
    assert not bench.out.exists()


@pytest.mark.parametrize(
    "more",
    [
        ("--suffix", "much-too-long-a-word"),
        ("--security-counter", "-1"),
        ("--filler-bytes", "300000"),
        ("--hardware", ""),
    ],
)
def test_what_makes_no_image_is_refused_in_a_sentence(bench: Bench, more: tuple[str, ...]) -> None:
    with pytest.raises(SystemExit, match="no image can be made"):
        bench.make(*more)
    assert not bench.out.exists()


def test_file_that_is_no_image_is_said_to_be_none(bench: Bench) -> None:
    with pytest.raises(SystemExit, match="does not begin as one"):
        main(["image", "show", str(bench.maker)])


def test_an_image_is_never_written_over(bench: Bench) -> None:
    bench.make()
    before = bench.out.read_bytes()
    with pytest.raises(SystemExit):
        bench.make(version="1.5.0")
    assert bench.out.read_bytes() == before
